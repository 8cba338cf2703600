"""The editor of the SPARQL page: tabs, completion, results, permalinks, downloads; nothing from outside."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import Browser
from tests.browser.test_pages import contrast, overflows, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BUNDLE = Path(__file__).parents[2] / "web" / "static" / "yasgui" / "yasgui.js"
MET = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
SELECT ?event ?label ?from WHERE {
  ?event a sem:Event ; rdfs:label ?label ; sem:hasEarliestBeginTimeStamp ?from ;
    sem:hasActor <https://zubrowka.example/id/person/ana-petrova> .
}
ORDER BY ?from"""
ACTIVE = ".tabPanel.active"
EDITOR = f"document.querySelector('{ACTIVE} .CodeMirror').CodeMirror"


class Page:
    """The page in a browser, and what a person does there."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def open(self, query: str | None = None, further: str = "") -> None:
        """Go to the page, with a query or without."""
        self.browser.open(f"/sparql?query={quote(query)}{further}" if query else "/sparql")
        self.until(lambda: self.browser.all(f"{ACTIVE} .CodeMirror"), "there is no editor")
        if query:
            self.answered()

    def until(self, met: Callable[[], object], otherwise: str) -> None:
        """Wait until something is so."""
        try:
            WebDriverWait(self.browser.driver, 30, poll_frequency=0.1).until(lambda _: met())
        except TimeoutException:
            raise AssertionError(f"{otherwise}: {self.browser.one('main').text[:500]}") from None

    def one(self, selector: str) -> WebElement:
        """Return what a selector finds in the open tab."""
        return self.browser.one(f"{ACTIVE} {selector}")

    def texts(self, selector: str) -> list[str]:
        """Return the texts of what a selector finds in the open tab, as they stand at one moment."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
        return cast("list[str]", self.browser.run(script, f"{ACTIVE} {selector}"))

    def answered(self) -> None:
        """Wait for a result, whatever it is."""
        self.until(lambda: self.texts(".downloads a, .problem"), "there is no result")

    @property
    def query(self) -> str:
        """What stands in the editor."""
        return str(self.browser.run(f"return {EDITOR}.getValue()"))

    def write(self, before: str, typed: str, after: str) -> None:
        """Type into a query that is there already."""
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        self.browser.run(
            f"const e = {EDITOR}; e.setValue(arguments[0]); e.setCursor(arguments[1], arguments[2]); e.focus()",
            before + after, line, column,
        )  # fmt: skip
        press(self.browser, *typed)

    def put(self, query: str) -> None:
        """Put a query into the editor as it stands, as pasting does."""
        self.browser.run(f"{EDITOR}.setValue(arguments[0])", query)

    def offered(self, expected: str) -> list[str]:
        """Return what is offered for completion, once this is among it."""
        script = "return [...document.querySelectorAll('.CodeMirror-hint')].map((e) => e.textContent)"
        self.until(
            lambda: any(expected in text for text in cast("list[str]", self.browser.run(script))),
            f"{expected} is not offered",
        )
        return cast("list[str]", self.browser.run(script))

    def run(self) -> None:
        """Click the button that runs the query."""
        self.one(".yasqe_queryButton").click()
        self.answered()

    @property
    def hosts(self) -> set[str]:
        """What the page has fetched from other addresses than the site's."""
        fetched = cast(
            "list[str]", self.browser.run("return performance.getEntriesByType('resource').map((e) => e.name)")
        )
        assert len(fetched) > 3
        return {url for url in fetched if not url.startswith(self.browser.base)}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page in a browser that has never been there."""
    if not BUNDLE.is_file():
        reason = "the editor is not built: install Parley where npm is reachable"
        if os.environ.get("PARLEY_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    browser.media(prefers_reduced_motion="reduce", prefers_color_scheme="light")  # what scrolls is where it is clicked
    browser.open("/shapes")
    browser.run("localStorage.clear()")
    yield Page(browser)
    browser.open("/shapes")
    browser.run("localStorage.clear()")


def test_a_query_is_written_run_and_its_result_followed(page: Page) -> None:
    page.open()
    assert not page.browser.one("form.sparql").is_displayed()
    assert page.query.startswith("PREFIX"), "the example of the form stands in the editor"
    page.write("", MET, "")
    page.run()
    assert page.texts("thead th") == ["event", "label", "from"]
    assert "2021-05-02" in page.texts("tbody td")
    link = page.one('tbody a[href$="/id/event/2021-05-02-geneva-summit"]')
    assert link.text == "event/2021-05-02-geneva-summit"
    assert str(link.get_attribute("href")).startswith(page.browser.base), "the base of the IRIs is another host's"
    assert page.hosts == set()
    page.browser.follow(link)
    assert page.browser.path.startswith("/event/2021-05-02-geneva-summit")


def test_rows_are_sorted_and_filtered(page: Page) -> None:
    page.open(MET)
    first = page.texts("tbody td:last-child")
    assert first == sorted(first)
    assert len(set(first)) > 1
    for expected in (sorted(first), sorted(first, reverse=True)):
        page.one("thead th:last-child button").click()
        assert page.texts("tbody td:last-child") == expected
    assert page.one("thead th:last-child").get_attribute("aria-sort") == "descending"
    page.one("input.filter").send_keys("geneva summit")
    page.until(lambda: len(page.texts("tbody tr")) == 1, "the rows are not filtered")
    assert f"{len(first)} rows, 1 of them" in page.one(".meta").text


def test_a_table_has_the_values_as_they_are(page: Page) -> None:
    page.open('SELECT ?s ?n { VALUES (?s ?n) { ("{{n}} <b>&amp;</b>"@en 2) ("b" 10) } }')
    assert page.texts("tbody td") == ["{{n}} <b>&amp;</b>", "2", "b", "10"]
    page.one("thead th:last-child button").click()
    assert page.texts("tbody td:last-child") == ["2", "10"], "numbers are sorted as numbers"


def test_long_results_come_in_pages(page: Page) -> None:
    page.open("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 150")
    assert len(page.texts("tbody tr")) == 100
    assert not page.one("button.before").is_enabled()
    page.one("button.after").click()
    assert len(page.texts("tbody tr")) == 50
    assert "rows 101 to 150" in page.one(".meta").text
    assert not page.one("button.after").is_enabled()


def test_tabs_are_kept(page: Page) -> None:
    page.open(MET)
    page.browser.one(".addTab").click()
    page.until(lambda: len(page.browser.all(".tabsList .tab")) == 2, "there is no second tab")
    page.write("", "ASK { ?s ?p ?o }", "")
    page.run()
    assert page.texts(".booleanResult")
    page.browser.open("/sparql")
    page.until(lambda: len(page.browser.all(".tabsList .tab")) == 2, "the tabs are gone")
    assert page.query == "ASK { ?s ?p ?o }"
    page.browser.all('.tabsList [role="tab"]')[0].click()
    page.until(lambda: page.query == MET, "the first tab is another one")
    assert page.texts("thead th") == ["event", "label", "from"], "its result is kept, too"


def test_the_address_can_be_sent_and_loaded_again(page: Page) -> None:
    page.open()
    page.put(MET)
    page.run()
    address = page.browser.path
    page.browser.run("localStorage.clear()")
    page.browser.open(address)
    page.answered()
    assert page.query == MET
    page.one(".select_timeline").click()
    page.until(lambda: page.texts(".event"), "there is no timeline")
    assert page.browser.path == f"{address}&view=timeline"
    page.browser.open(page.browser.path)
    page.until(lambda: page.texts(".event"), "the view is forgotten")
    assert len(page.browser.all(".tabsList .tab")) == 1, "the same query opens the same tab"


def test_a_query_too_long_for_an_address_is_behind_the_hash(page: Page) -> None:
    long = MET + "\n" + "# nothing\n" * 500
    page.open()
    page.put(long)
    page.run()
    address = page.browser.path
    assert address.startswith("/sparql#query=")
    page.browser.open("/shapes")
    page.browser.run("localStorage.clear()")
    page.browser.open(address)
    page.answered()
    assert page.query == long
    assert len(page.texts("tbody tr")) > 1


def test_rows_with_dates_stand_on_a_timeline(page: Page) -> None:
    page.open(MET)
    page.one(".select_timeline").click()
    page.until(lambda: page.texts("#band a"), "there is no band")
    dates = [date.strip() for date in page.texts(".event .at")]
    assert "2 May 2021" in dates
    page.browser.run("document.querySelector('#band a[tabindex=\"0\"]').focus()")
    here = page.browser.driver.switch_to.active_element
    press(page.browser, Keys.ARROW_RIGHT)
    assert page.browser.driver.switch_to.active_element != here, "arrows go along the band"
    page.browser.follow(page.browser.all(f"{ACTIVE} .event h3 a")[dates.index("2 May 2021")])
    assert page.browser.path.startswith("/event/2021-05-02-geneva-summit")


def test_without_dates_there_is_no_timeline(page: Page) -> None:
    page.open("SELECT ?s { ?s a ?class } LIMIT 3")
    assert "disabled" in str(page.one(".select_timeline").get_attribute("class"))
    assert "disabled" not in str(page.one(".select_table").get_attribute("class"))


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ("ASK {}", ["JSON", "XML", "CSV", "TSV"]),
        (
            "DESCRIBE <https://zubrowka.example/id/place/geneva>",
            ["Turtle", "N-Triples", "JSON-LD", "RDF/XML", "TriG", "N-Quads"],
        ),
    ],
)
def test_results_are_offered_in_all_formats(page: Page, query: str, formats: list[str]) -> None:
    page.open(query)
    assert page.texts(".downloads a") == formats


def test_a_result_is_downloaded(page: Page, tmp_path: Path) -> None:
    page.open(MET)
    page.browser.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    next(a for a in page.browser.all(f"{ACTIVE} .downloads a") if a.text == "CSV").click()
    page.until(lambda: (tmp_path / "result.csv").is_file(), "nothing is downloaded")
    lines = (tmp_path / "result.csv").read_text("utf-8").splitlines()
    assert lines[0] == "event,label,from"
    assert len(lines) == len(page.texts("tbody tr")) + 1


def test_terms_are_completed(page: Page) -> None:
    page.open()
    page.write("SELECT * {\n  ?event ", "ply:rep", "\n}")
    offered = page.offered("ply:reportsOn")
    assert all(text.startswith("ply:rep") for text in offered)
    assert "reports on" in next(text for text in offered if text.startswith("ply:reportsOn"))
    assert page.query.startswith("PREFIX ply: <https://parley.example/ontology#>\n"), "the prefix is declared, too"
    press(page.browser, *"ortsO")
    page.until(lambda: len(page.browser.all(".CodeMirror-hint")) == 1, "the list is not narrowed")
    press(page.browser, Keys.ENTER)
    page.until(lambda: "?event ply:reportsOn\n" in page.query, "the term is not put in")
    page.write("PREFIX ply: <https://parley.example/ontology#>\nSELECT * {\n  ?event a ", "ply:Su", "\n}")
    assert page.offered("ply:Summit") == ["ply:Summit  summit"]
    assert page.hosts == set()


def test_things_are_completed_by_their_names(page: Page) -> None:
    page.open()
    page.write("SELECT * {\n  ?event ?p ", "<ana-petr", "\n}")
    assert page.offered("Ana Petrova")[0] == "Ana Petrova (Person)"
    press(page.browser, Keys.ENTER)
    page.until(lambda: "<https://zubrowka.example/id/person/ana-petrova>" in page.query, "the IRI is not put in")


def test_an_error_is_told_in_one_line_and_marked(page: Page) -> None:
    page.open("SELECT ?s {\n  ?s a oops:Thing\n}")
    assert page.texts(".problem") == [
        "Line 2, column 8: the prefix oops: is not declared; declare it with PREFIX at the head of the query."
    ]
    assert page.texts(".fault") == ["oops:Thing"]
    page.write("", MET, "")
    page.run()
    page.until(lambda: page.texts("tbody tr"), "there is no table")
    assert not page.texts(".fault")
    assert all("400" in complaint for complaint in page.browser.complaints())


def test_a_generation_and_its_graphs_go_with_each_query(page: Page) -> None:
    page.open("ASK { ?s ?p ?o }", "&default-graph-uri=https%3A%2F%2Fzubrowka.example%2Fgraph%2Fnone&generation=1")
    assert page.texts(".booleanResult")[0].strip().casefold() == "false"
    assert "generation=1" in page.browser.path


def test_who_wants_the_plain_form_has_it_and_keeps_it(page: Page) -> None:
    page.open(MET)
    page.browser.one(".switch-editor").click()
    assert page.browser.one("form.sparql").is_displayed()
    assert not page.browser.one("#yasgui").is_displayed()
    page.browser.open("/sparql")
    assert page.browser.one("form.sparql").is_displayed()
    page.browser.follow(page.browser.one("form.sparql button"))
    assert page.browser.all("section.result table")
    page.browser.one(".switch-editor").click()
    page.answered()
    assert not page.browser.all("section.result")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.browser.resize(width, mobile=width < 500)
    page.open(MET)
    assert not overflows(page.browser)
    assert page.one(".select_timeline").text == "Timeline"
    page.one(".select_timeline").click()
    page.until(lambda: page.texts("#band a"), "there is no band")
    assert not overflows(page.browser)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(page: Page, scheme: str) -> None:
    page.browser.media(prefers_reduced_motion="reduce", prefers_color_scheme=scheme)
    page.open(MET)
    for selector in (
        ".cm-keyword", ".cm-variable-2", ".cm-atom", ".CodeMirror-linenumber", ".tab.active a", ".yasr_btn.selected",
        ".select_timeline", "tbody a", "thead button", ".downloads a", ".yasr .meta", ".switch-editor", ".addTab",
    ):  # fmt: skip
        if page.browser.all(selector):
            assert contrast(page.browser, selector) >= 4.5, selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_of_a_graph_stand_out(page: Page, scheme: str) -> None:
    page.browser.media(prefers_reduced_motion="reduce", prefers_color_scheme=scheme)
    page.open("DESCRIBE <https://zubrowka.example/id/place/geneva>")
    page.one(".select_response").click()
    selector = f"{ACTIVE} .yasr .CodeMirror-line span[class^='cm-']"
    page.until(lambda: page.browser.all(selector), "the graph is not shown")
    assert contrast(page.browser, selector) >= 4.5


def test_the_keyboard_reaches_everything_and_leaves_the_editor(page: Page) -> None:
    page.open(MET)
    page.browser.run(f"{EDITOR}.focus()")
    press(page.browser, Keys.CONTROL + Keys.ENTER)
    press(page.browser, Keys.NULL, Keys.ESCAPE)
    reached = set()
    for _ in range(40):
        press(page.browser, Keys.TAB)
        reached.add(str(page.browser.run("return document.activeElement.className || document.activeElement.name")))
    assert any("yasqe_queryButton" in name for name in reached)
    assert any("select_timeline" in name for name in reached)
    assert any("scroll" in name for name in reached)


def test_without_scripts_there_is_the_plain_form(plain: Browser) -> None:
    plain.open("/sparql")
    assert plain.one("form.sparql").is_displayed()
    assert not plain.one("#yasgui").is_displayed() if BUNDLE.is_file() else True
    plain.follow(plain.one("form.sparql button"))
    assert plain.all("section.result table")


def test_our_prefixes_need_no_declaration(page: Page) -> None:
    page.open("SELECT ?e { ?e a sem:Event } LIMIT 1")
    page.until(lambda: not page.browser.all(f"{ACTIVE} .parseErrorIcon"), "our prefix counts as undeclared")
    page.put("SELECT ?e { ?e a nobodys:Event } LIMIT 1")
    page.until(lambda: page.browser.all(f"{ACTIVE} .parseErrorIcon"), "a prefix that nobody declared is taken")
