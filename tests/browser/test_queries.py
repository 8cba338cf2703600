"""Queries with blanks, and results on a timeline: on every screen, in the dark, by keyboard, without scripts."""

from urllib.parse import quote

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Browser
from tests.browser.test_pages import contrast, overflows, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEETINGS = "/queries/meetings-of-a-person"
FAULT = "/sparql?query=" + quote("SELECT ?s {\n  ?s a oops:Thing\n}")
PATHS = [
    "/queries",
    MEETINGS,
    f"{MEETINGS}?person=ana-petrova",
    f"{MEETINGS}?person=petrova&from=2021-13",
    "/queries/events-with-words?words=petrova&view=timeline",
    FAULT,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, path: str, width: int) -> None:
    browser.resize(width, mobile=width < 500)
    browser.open(path)
    assert not overflows(browser)
    assert all("400" in complaint for complaint in browser.complaints())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(browser: Browser, scheme: str) -> None:
    browser.media(prefers_color_scheme=scheme)
    for path, selectors in (
        (f"{MEETINGS}?person=petrova&from=2021-13", (".problem", ".problem a", ".hint", "label", "button")),
        ("/queries/events-with-words?words=petrova&view=timeline", (".at", ".meta", "h3 a", "pre")),
        (FAULT, ("#query-problem", ".error mark", ".error h2")),
    ):
        browser.open(path)
        for button in browser.all(".switch-editor"):
            button.click()  # it is the plain form that is looked at here
        for selector in selectors:
            assert contrast(browser, selector) >= 4.5, selector
    browser.run("localStorage.clear()")
    assert all("400" in complaint for complaint in browser.complaints())


def test_a_question_is_asked_by_keyboard(browser: Browser) -> None:
    browser.open(MEETINGS)
    browser.run("document.querySelector('#person').focus()")
    press(browser, *"Ana Petrova", Keys.TAB)
    assert browser.driver.switch_to.active_element.get_attribute("id") == "from"
    here = browser.one("html")
    press(browser, *"2021", Keys.ENTER)
    browser.wait_for_page_after(here)
    assert browser.path == f"{MEETINGS}?person=Ana+Petrova&from=2021", "fields that are empty stay out of the address"
    assert "Tom Harding" in [cell.text for cell in browser.all("td")]
    assert browser.one("#person").get_attribute("value") == "Ana Petrova"


def test_everything_works_without_scripts(plain: Browser) -> None:
    plain.media(prefers_reduced_motion="reduce")  # what scrolls smoothly is not yet where it is clicked
    plain.open(MEETINGS)
    plain.one("#person").send_keys("petrova")
    plain.follow(plain.one("form.ask button"))
    assert plain.one("#person-problem").is_displayed()
    plain.follow(plain.one("#person-problem a"))
    assert "Tom Harding" in [cell.text for cell in plain.all("td")]
    link = next(a for a in plain.all("a") if a.text == "Show on a timeline")
    plain.follow(link)
    assert plain.all("#band a")
    assert plain.all(".event h3 a")
    plain.follow(plain.one(".event h3 a"))
    assert plain.path.startswith("/event/")
