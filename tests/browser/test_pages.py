"""The pages as people use them: by mouse, by keyboard, on a phone, in the dark, without scripts."""

import re
from typing import cast

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVENT = "/event/2021-05-02-geneva-summit"
PATHS = [
    "/",
    "/?person=ana-petrova&from=2021",
    "/?from=never",
    "/?confidence=0.7",
    EVENT,
    "/person/ana-petrova",
    "/place/geneva",
    "/people",
    "/articles",
    "/disagreements",
    "/disagreements?aspect=time",
    "/sparql",
    "/.well-known/void",
    "/ontology",
    "/shapes",
    "/shapes/report",
    "/dumps",
]


def article(browser: Browser) -> str:
    browser.open("/articles")
    return str(browser.one(".articles li a").get_attribute("href")).removeprefix(browser.base)


def overflows(browser: Browser) -> bool:
    return bool(browser.run("const e = document.documentElement; return e.scrollWidth > e.clientWidth"))


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def contrast(browser: Browser, selector: str) -> float:
    """Return how much the words of an element stand out from what is behind them (WCAG 2, relative luminance)."""
    script = """
        const seen = (e) => { const c = getComputedStyle(e).backgroundColor;
          return c === 'rgba(0, 0, 0, 0)' && e.parentElement ? seen(e.parentElement) : c; };
        const e = document.querySelector(arguments[0]);
        return [getComputedStyle(e).color, seen(e)];"""
    light, dark = sorted(
        (luminance(str(color)) for color in cast("list[str]", browser.run(script, selector))), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    channels = [float(number) / 255 for number in re.findall(r"[\d.]+", color)[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_facet_narrows_the_timeline(browser: Browser) -> None:
    browser.open("/")
    whole = len(browser.all(".event"))
    facet = browser.one('.facet input[name="person"][value="ana-petrova"]')
    assert facet.is_displayed(), "on a wide screen all facets stand open"
    count = int(facet.find_element(By.XPATH, "..").find_element(By.CLASS_NAME, "count").text)
    facet.send_keys(Keys.SPACE)  # by the keyboard: focus brings it out from under the bar of buttons
    browser.follow(browser.one(".filters button"))
    assert browser.path == "/?person=ana-petrova", "empty fields stay out of the address"
    assert len(browser.all(".event")) == count < whole
    assert browser.one('.facet input[value="ana-petrova"]').is_selected()
    browser.follow(browser.one(".chips a"))
    assert browser.path == "/"
    assert len(browser.all(".event")) == whole


def test_confidence_is_chosen_and_given_up_again(browser: Browser) -> None:
    browser.open("/")
    whole = len(browser.all(".event"))
    Select(browser.one("#confidence")).select_by_value("0.9")
    browser.follow(browser.one(".filters button"))
    assert browser.path == "/?confidence=0.9"
    assert 0 < len(browser.all(".event")) <= whole, "official records are sure"
    assert Select(browser.one("#confidence")).first_selected_option.text.startswith("at least 0.9 (")
    assert "confidence at least 0.9" in browser.one(".chips li").text
    browser.follow(browser.one(".chips a"))
    assert browser.path == "/"
    browser.open("/person/ana-petrova")
    Select(browser.one("#confidence")).select_by_value("0.5")
    browser.follow(browser.one(".least button"))
    assert browser.path == "/person/ana-petrova?confidence=0.5"
    browser.follow(browser.one(".least a"))
    assert browser.path == "/person/ana-petrova"


def unfold(browser: Browser) -> None:
    """Open the part of the filters that is folded up on a phone."""
    more = browser.one("details.more summary")
    if more.is_displayed() and not browser.one("details.more").get_attribute("open"):
        more.send_keys(Keys.ENTER)


def test_confidence_is_chosen_without_scripts(plain: Browser) -> None:
    plain.resize(390, mobile=True)
    plain.media(prefers_reduced_motion="reduce")  # a click waits for no scrolling
    plain.open("/")
    unfold(plain)
    Select(plain.one("#confidence")).select_by_value("0.7")
    plain.follow(plain.one(".filters button"))
    assert "confidence=0.7" in plain.path
    assert Select(plain.one("#confidence")).first_selected_option.text.startswith("at least 0.7 (")
    assert plain.all(".event")


def test_going_back_keeps_the_form_in_working_order(browser: Browser) -> None:
    browser.open("/")
    browser.one("#q").send_keys("geneva")
    browser.follow(browser.one(".filters button"))
    assert browser.path == "/?q=geneva"
    browser.driver.back()
    browser.one("#from").send_keys("2021")
    browser.one("#q").clear()
    browser.follow(browser.one(".filters button"))
    assert browser.path == "/?from=2021"


def test_a_date_that_is_none_is_told_of_at_the_field(browser: Browser) -> None:
    browser.open("/")
    browser.one("#to").send_keys("soon")
    browser.follow(browser.one(".filters button"))
    assert browser.one("#to").get_attribute("aria-invalid") == "true"
    assert "“soon” is no date" in browser.one("#to-problem").text
    assert all("400" in complaint for complaint in browser.complaints())


def test_the_band_leads_to_events_by_keyboard(browser: Browser) -> None:
    browser.open("/?person=ana-petrova")
    bars = browser.all("#band a")
    assert [bar.get_attribute("tabindex") for bar in bars].count("0") == 1
    browser.run("document.querySelector('#band a[tabindex=\"0\"]').focus()")
    first = browser.driver.switch_to.active_element.get_attribute("aria-label")
    press(browser, Keys.ARROW_RIGHT)
    second = browser.driver.switch_to.active_element.get_attribute("aria-label")
    assert first
    assert second
    assert first != second
    press(browser, Keys.HOME)
    assert browser.driver.switch_to.active_element.get_attribute("aria-label") == first
    press(browser, Keys.ENTER)
    WebDriverWait(browser.driver, 10).until(lambda _: browser.path.startswith("/event/"))


def test_an_event_shows_its_speakers_side_by_side(browser: Browser) -> None:
    browser.open(EVENT)
    columns = browser.all(".speakers .column")
    names = [c.find_element(By.TAG_NAME, "h3").text.partition(" 1 claim")[0] for c in columns]
    assert names[:2] == ["Ana Petrova", "Tom Harding"]
    assert columns[0].rect["y"] == columns[1].rect["y"]
    assert columns[0].rect["x"] + columns[0].rect["width"] < columns[1].rect["x"]
    browser.resize(390, mobile=True)
    assert columns[0].rect["x"] == columns[1].rect["x"]
    assert columns[0].rect["y"] < columns[1].rect["y"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, path: str, width: int) -> None:
    browser.resize(width, mobile=width < 500)
    browser.open(path)
    assert not overflows(browser)
    if path == "/?from=never":
        assert all("400" in complaint for complaint in browser.complaints())


def test_an_article_and_a_report_fit_a_phone(browser: Browser) -> None:
    path = article(browser)
    browser.resize(360, mobile=True)
    for one in (path, f"{path}/report/1"):
        browser.open(one)
        assert not overflows(browser)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(browser: Browser, scheme: str) -> None:
    browser.media(prefers_color_scheme=scheme)
    browser.open("/?status=planned")
    ground = luminance(str(browser.run("return getComputedStyle(document.documentElement).backgroundColor")))
    assert ground < 0.05 if scheme == "dark" else ground > 0.8
    for selector in (
        "body",
        ".lede",
        ".meta",
        ".type",
        ".status",
        ".at",
        "h3 a",
        ".filters button",
        ".hint",
        "footer a",
    ):
        assert contrast(browser, selector) >= 4.5, selector
    browser.open(EVENT)
    for selector in ("mark", ".quote p", ".column .meta", ".kind", ".facts dt"):
        assert contrast(browser, selector) >= 4.5, selector


def test_the_way_by_keyboard(browser: Browser) -> None:
    browser.open("/")
    press(browser, Keys.TAB)
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert skip.is_displayed()
    press(browser, Keys.ENTER)
    assert browser.driver.switch_to.active_element.get_attribute("id") == "main"
    seen = []
    for _ in range(60):
        press(browser, Keys.TAB)
        at = browser.driver.switch_to.active_element
        seen.append(at.get_attribute("id") or at.get_attribute("name") or at.tag_name)
        outline = browser.run("return getComputedStyle(arguments[0]).outlineStyle", at)
        assert outline == "solid" or at.tag_name == "a", f"{seen[-1]} does not show its focus"
    assert {"q", "from", "to", "source", "person"} <= set(seen)


def test_a_query_runs_from_the_form(plain: Browser) -> None:
    plain.open("/sparql")
    field = plain.one("#query")
    assert "SELECT" in str(field.get_attribute("value"))
    field.clear()
    field.send_keys("SELECT ?name { ?p a schema:Person ; schema:name ?name } ORDER BY ?name")
    plain.follow(plain.one("form.sparql button"))
    assert "Ana Petrova" in [cell.text for cell in plain.all("td")]
    assert "schema:Person" in str(plain.one("#query").get_attribute("value"))


def test_a_wrong_query_comes_back(plain: Browser) -> None:
    plain.open("/sparql")
    plain.one("#query").clear()
    plain.one("#query").send_keys("SELECT nonsense")
    plain.follow(plain.one("form.sparql button"))
    assert plain.one("[role=alert]").is_displayed()
    assert plain.one("#query").get_attribute("value") == "SELECT nonsense"


def test_filters_fold_on_a_phone_until_one_is_chosen(browser: Browser) -> None:
    def seen() -> list[bool]:
        script = (
            "return [...document.querySelectorAll('#q, .more > summary, #confidence')].map((e) => e.checkVisibility())"
        )
        return cast("list[bool]", browser.run(script))

    browser.open("/")
    assert seen() == [True, False, True]
    browser.resize(390, mobile=True)
    browser.open("/")
    assert seen() == [True, True, False]
    assert browser.one(".list").rect["y"] < 1400
    unfold(browser)
    assert seen() == [True, True, True]
    browser.open("/?confidence=0.5")
    assert seen() == [True, True, True]


def test_on_a_wide_screen_nothing_folds_without_scripts(plain: Browser) -> None:
    plain.open("/")
    # Selenium takes what is in a closed <details> for hidden, whatever the style sheet says.
    assert plain.one("#confidence").rect["height"] > 20
    assert not plain.one(".more > summary").is_displayed()


def test_everything_works_without_scripts(plain: Browser) -> None:
    plain.resize(390, mobile=True)
    plain.media(prefers_reduced_motion="reduce")  # a click waits for no scrolling
    plain.open("/")
    unfold(plain)
    assert plain.all("#band a")
    facet = plain.one("details.facet summary")
    assert not plain.one(".facet input").is_displayed()
    # By key, which brings it out from under the button that stays at the foot of the window.
    facet.send_keys(Keys.ENTER)
    box = next(box for box in plain.all(".facet input") if box.is_displayed())
    box.send_keys(Keys.SPACE)
    assert box.is_selected()
    Select(plain.one("#sort")).select_by_value("desc")
    plain.follow(plain.one(".filters button"))
    assert "sort=desc" in plain.path
    assert plain.one(".chips")
    assert plain.all(".event")
    plain.follow(plain.one(".event h3 a"))
    assert plain.path.startswith("/event/")
    plain.open("/sparql")
    plain.follow(plain.one(".examples dt a"))
    assert plain.one("#result-title").is_displayed()


def test_less_motion_for_who_wants_less(browser: Browser) -> None:
    browser.media(prefers_reduced_motion="reduce")
    browser.open("/")
    assert browser.run("return getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert browser.run("return getComputedStyle(document.querySelector('a')).transitionDuration") in ("0s", "")


_TO_PRESS = (
    ".site nav, form button, .filters, .years, .zoom, .pager, .formats, .screen, .languages, .figures, .map details"
)


@pytest.mark.parametrize(
    "path", ["/", EVENT, "/person/ana-petrova", "/queries/meetings-of-a-person?person=ana-petrova"]
)
def test_on_paper_there_is_nothing_to_press_and_all_is_black(browser: Browser, path: str) -> None:
    browser.open(path)
    browser.media(prefers_color_scheme="dark")
    there = [element for element in browser.all(_TO_PRESS) if element.is_displayed()]
    assert there
    on_paper = {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", on_paper)
    try:
        assert browser.one("h1").is_displayed()
        assert browser.one(".event, .result table, .reports").is_displayed()
        assert not [element.get_attribute("outerHTML") for element in there if element.is_displayed()]
        colors = """
            const shown = [...document.querySelectorAll("main :not(svg, svg *)")].filter((e) => e.checkVisibility());
            return [...new Set(shown.map((e) => getComputedStyle(e).color))];"""
        for color in cast("list[str]", browser.run(colors)):
            red, green, blue = re.findall(r"[\d.]+", color)[:3]
            assert red == green == blue, color
            assert int(red) < 100, color
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_every_request_stays_on_the_site(browser: Browser) -> None:
    for path in ("/", EVENT, "/sparql", "/person/ana-petrova"):
        browser.open(path)
        asked = cast("list[str]", browser.run("return performance.getEntriesByType('resource').map((e) => e.name)"))
        assert asked
        assert all(url.startswith(browser.base) for url in asked)
