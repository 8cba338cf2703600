"""Every kind of page, for everyone: axe-core finds nothing, on a phone, in the dark, without scripts, by keyboard."""

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from graph.facts.records import load_records
from graph.settings import Settings
from tests.browser.conftest import Browser
from tests.browser.kinds import EVENT, NO_PAGE, PAGES, UNSUCCESSFUL
from tests.web.pages import page
from web.app import create_app
from web.views.shared import KINDS, PARTS, kind_of

AXE = "4.14.1"
#: Rules of WCAG 2.0 to 2.2, levels A and AA, and what axe-core thinks good practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Parts of YASGUI, which is not ours: a button among its tabs, and the scroller within its editor.
_NOT_OURS = [[".yasgui .tabsList"], [".yasgui .CodeMirror-scroll"]]
_RUN = """
const [tags, exclude, done] = arguments;
const shown = (v) => [v.id, v.nodes.slice(0, 5).map((n) => n.html.slice(0, 200) + " " + n.failureSummary)];
const options = { runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } } };
// Of what passes not every place is told.
axe.run({ exclude }, { ...options, resultTypes: ["violations"] })
  .then((found) => done(found.violations.map(shown)))
  .catch((error) => done([["axe", [String(error)]]]));
"""
_MOST = 100_000


@pytest.fixture(scope="module")
def axe(pytestconfig: pytest.Config) -> str:
    """The script of axe-core, fetched by npm once and kept in pytest's cache."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm here (on Debian: apt-get install npm)")
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir(f"axe-{AXE}")
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        (folder / "package.json").write_text('{"private": true}', "utf-8")
        done = subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", f"axe-core@{AXE}"],
            cwd=folder, capture_output=True, text=True, timeout=250, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"npm cannot fetch axe-core: {(done.stderr or done.stdout).strip().splitlines()[0]}")
    return script.read_text("utf-8")


@pytest.fixture(scope="module")
def address(site: str) -> Callable[[str], str]:
    """Return the path of a kind of page."""

    def read(path: str) -> dict[str, Any]:
        return cast("dict[str, Any]", requests.get(f"{site}{path}.json", timeout=60).json())

    listed = requests.get(f"{site}/articles.json?q=Talks+in+Geneva", timeout=60).json()
    article = str(listed["items"][0]["url"])
    shown, run = read(article), read(f"{article}/run")
    (agent,) = (row["values"][0]["key"] for row in run["properties"] if row["name"] == "prov:wasAssociatedWith")
    values = {
        "article": article,
        "agent": agent,
        "record": load_records()[0].key,
        "words": shown["reports"][0]["evidence"][0]["key"].rpartition("/")[2],
        "day": shown["times"][0]["key"].rpartition("/")[2],
    }
    return lambda kind: PAGES[kind].format(**values)


@pytest.fixture
def patient(start: Callable[[bool], Browser]) -> Browser:
    """A browser with scripts, whose complaints the test looks at itself."""
    browser = start(True)
    browser.media()
    browser.complaints()
    return browser


def complaints(browser: Browser, kind: str) -> list[str]:
    """Return what the console says, but for the status of a page that tells of a mistake."""
    status = UNSUCCESSFUL.get(kind)
    return [line for line in browser.complaints() if not (status and f"status of {status}" in line)]


def test_every_page_is_in_the_list(tmp_path: Path) -> None:
    app = create_app(Settings(dataset=tmp_path))
    adapter = app.url_map.bind("localhost")
    seen = {str(adapter.match(urlsplit(path).path, method="GET")[0]) for path in _shortened()}
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert not there - seen - NO_PAGE, "a page that tests/browser/kinds.py does not list"
    assert seen | NO_PAGE <= there, "tests/browser/kinds.py lists what is no more"


def test_every_kind_of_thing_is_in_the_list() -> None:
    # A disagreement's page is one of these plain ones; there is none in the dataset of these tests.
    known = {*KINDS.values(), *PARTS.values(), "Participation"}
    kinds = {kind for path in _shortened() if (kind := kind_of(urlsplit(path).path.removeprefix("/")))}
    assert not known - kinds, "a kind of thing that tests/browser/kinds.py does not list"


def test_every_value_of_a_route_is_in_the_list(tmp_path: Path) -> None:
    """A route such as ``/<any(people, places):name>`` is several pages."""
    app = create_app(Settings(dataset=tmp_path))
    paths = [urlsplit(path).path for path in _shortened()]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NO_PAGE:
            continue
        for values in re.findall(r"^/<any\(([^)]*)\)", rule.rule):
            missing = [v for v in values.split(", ") if not any(f"{path}/".startswith(f"/{v}/") for path in paths)]
            assert not missing, f"{rule.rule}: tests/browser/kinds.py lists no page of {missing}"


def _shortened() -> list[str]:
    """Return the addresses of the pages with something in place of what only the dataset knows."""
    some = {"article": "/article/x", "record": "record/x", "agent": "agent/x", "words": "1-2", "day": "3-4"}
    return [path.format(**some) for path in PAGES.values()]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(patient: Browser, axe: str, address: Callable[[str], str], kind: str) -> None:
    found: dict[str, object] = {}
    for width in (1280, 390):
        patient.resize(width, mobile=width < 500)
        patient.open(address(kind))
        patient.run(axe)
        for scheme in ("light", "dark"):
            # The page stays and changes its colours, at once where nothing may move.
            patient.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            violations = cast("list[object]", patient.driver.execute_async_script(_RUN, _TAGS, _NOT_OURS))
            if violations:
                found[f"{width} {scheme}"] = violations
    assert not found, json.dumps(found, indent=1)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
def test_it_fits_complains_of_nothing_and_asks_nobody_else(
    patient: Browser, address: Callable[[str], str], kind: str
) -> None:
    for width in (1280, 390):
        patient.resize(width, mobile=width < 500)
        for scheme in ("light", "dark"):
            patient.media(prefers_color_scheme=scheme)
            patient.open(address(kind))
            where = f"{width} {scheme}"
            assert patient.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
                where
            )
            asked = cast(
                "list[str]", patient.run("return performance.getEntriesByType('resource').map((one) => one.name)")
            )
            assert asked, "at least the style sheet"
            assert all(name.startswith((f"{patient.base}/", "data:", "blob:")) for name in asked), where
            assert not complaints(patient, kind), where


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
def test_it_works_without_scripts(plain: Browser, address: Callable[[str], str], kind: str) -> None:
    plain.open(address(kind))
    assert plain.one("h1").is_displayed()
    assert len(plain.one("main").text) > 20
    for form in plain.all("form"):
        buttons = form.find_elements(By.CSS_SELECTOR, "button, input[type=submit]")
        assert any(button.is_displayed() for button in buttons), form.get_attribute("outerHTML")


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
def test_it_is_small(site: str, address: Callable[[str], str], kind: str) -> None:
    answer = requests.get(site + address(kind), headers={"Accept": "text/html"}, timeout=60)
    assert answer.status_code == UNSUCCESSFUL.get(kind, 200)
    shown = page(answer.text)
    parts = {e.attributes["href"] for e in shown.all("link") if e.attributes.get("rel") in ("stylesheet", "icon")}
    parts |= {e.attributes["src"] for e in shown.elements if e.name in ("script", "img") and "src" in e.attributes}
    # The editor of queries is the one thing that is larger; its page works without it.
    parts = {part for part in parts if "/yasgui/" not in part}
    assert len(parts) >= 2
    bodies = [answer.content, *(requests.get(urljoin(site, part), timeout=60).content for part in parts)]
    assert sum(len(gzip.compress(body)) for body in bodies) < _MOST


#: Pages for the walk by keyboard: those with lists, forms, drawings.
_WALKED = ("timeline", "event", "person", "people", "print", "embedded timeline", "form of a query", "disagreements")
_REACHABLE = """
const seen = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
return seen.filter((e) => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length && e.checkVisibility());"""
_SHOWS_FOCUS = """
const e = document.activeElement, style = getComputedStyle(e);
if (e.closest("svg")) return parseFloat(getComputedStyle(e.querySelector("rect")).strokeWidth) >= 2;
return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || e.matches(".skip");"""
_IN_SIGHT = """
const e = document.activeElement, box = e.getBoundingClientRect();
return box.bottom > 0 && box.top < innerHeight;"""


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("kind", _WALKED)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    patient: Browser, address: Callable[[str], str], kind: str, width: int
) -> None:
    patient.resize(width)
    patient.media(prefers_reduced_motion="reduce")  # so that nothing is still on its way
    patient.open(address(kind))
    wanted = {element.id for element in cast("list[object]", patient.run(_REACHABLE))}  # type: ignore[attr-defined]
    reached: list[str] = []
    for _ in range(len(wanted) + 3):
        ActionChains(patient.driver).send_keys(Keys.TAB).perform()
        active = patient.driver.switch_to.active_element
        if active.tag_name == "body" or active.id in reached[:1]:
            break
        if active.id in reached:  # a group of one stop
            continue
        reached.append(active.id)
        html = str(active.get_attribute("outerHTML"))[:200]
        assert patient.run(_SHOWS_FOCUS), f"the focus does not show on {html}"
        assert patient.run(_IN_SIGHT), f"out of sight: {html}"
    assert set(reached) == wanted


@pytest.mark.browser
@pytest.mark.slow
def test_the_first_stop_leads_past_the_navigation(patient: Browser) -> None:
    patient.resize(1280)
    patient.open("/")
    ActionChains(patient.driver).send_keys(Keys.TAB).perform()
    assert patient.driver.switch_to.active_element.text == "Skip to the content"
    ActionChains(patient.driver).send_keys(Keys.ENTER).perform()
    assert patient.driver.switch_to.active_element.get_attribute("id") == "main"


@pytest.mark.browser
@pytest.mark.slow
def test_who_wants_no_motion_gets_none(patient: Browser) -> None:
    moving = """
        return [...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e);
          return s.animationName !== "none" || s.transitionDuration.split(", ").some((d) => parseFloat(d) > 0)
            || s.scrollBehavior === "smooth"; }).length;"""
    patient.resize(1280)
    patient.media(prefers_reduced_motion="no-preference")
    patient.open("/")
    assert patient.run(moving)
    patient.media(prefers_reduced_motion="reduce")
    for path in ("/", EVENT, "/sparql", "/embed"):
        patient.open(path)
        assert patient.run(moving) == 0, path


@pytest.mark.browser
@pytest.mark.slow
def test_colors_that_the_reader_forces_hide_nothing(patient: Browser) -> None:
    patient.resize(1280)
    patient.media(forced_colors="active")
    patient.open("/")
    colors = """
        const of = (s, name) => getComputedStyle(document.querySelector(s))[name];
        return [of("html", "backgroundColor"), of("h1", "color"), of("#band a rect", "fill"), of("a", "color"),
                of("button", "color")];"""
    ground, *inks = cast("list[str]", patient.run(colors))
    for ink in inks:
        assert re.findall(r"\d+", ink)[:3] != re.findall(r"\d+", ground)[:3]
    patient.run("document.querySelector('button').focus()")
    patient.media()


@pytest.fixture
def elsewhere(site: str, tmp_path: Path) -> Iterator[str]:
    """Address of another site, whose pages have a page of ours in a frame."""
    for name, path in (("embedded", f"/embed{EVENT}"), ("whole", EVENT)):
        frame = f"<!doctype html><title>Elsewhere</title><iframe src='{site}{path}' width=640 height=640></iframe>"
        (tmp_path / f"{name}.html").write_text(frame, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.mark.browser
@pytest.mark.slow
def test_another_site_shows_the_embedded_page_in_a_frame_and_no_other(
    patient: Browser, site: str, elsewhere: str
) -> None:
    patient.driver.get(f"{elsewhere}/embedded.html")
    patient.driver.switch_to.frame(patient.one("iframe"))
    link = patient.one("h1 a")
    assert link.get_attribute("href") == f"{site}{EVENT}"
    assert link.is_displayed()
    patient.driver.switch_to.default_content()
    assert not [line for line in patient.complaints() if "favicon" not in line]
    patient.driver.get(f"{elsewhere}/whole.html")
    patient.driver.switch_to.frame(patient.one("iframe"))
    assert not patient.all("header.site")
    patient.driver.switch_to.default_content()
    assert any("frame-ancestors" in line for line in patient.complaints())
