"""The drawing above the timeline by keys and by dragging; without scripts by links."""

import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THERE = "/?person=ana-petrova&from=2019&to=2020"


def press(browser: Browser, key: str) -> None:
    """Press a key that leads to another page."""
    here = browser.one("html")
    ActionChains(browser.driver).send_keys(key).perform()
    browser.wait_for_page_after(here)


def focus(browser: Browser) -> None:
    browser.run("document.querySelector('#band a[tabindex=\"0\"]').focus()")


@pytest.mark.parametrize(
    ("key", "step"), [("+", "closer"), ("-", "wider"), (Keys.PAGE_UP, "earlier"), (Keys.PAGE_DOWN, "later")]
)
def test_keys_lead_where_links_lead(browser: Browser, key: str, step: str) -> None:
    browser.open(THERE)
    target = browser.one(f'[data-zoom="{step}"]').get_attribute("href")
    focus(browser)
    press(browser, key)
    assert f"{browser.base}{browser.path}" == f"{target}#drawing"


def test_who_zooms_by_key_can_go_on(browser: Browser) -> None:
    browser.open(THERE)
    focus(browser)
    press(browser, "-")
    assert browser.run("return document.activeElement.closest('#band') !== null")
    press(browser, "+")
    assert "from=" in browser.path


def test_keys_elsewhere_do_nothing(browser: Browser) -> None:
    browser.open(THERE)
    browser.one("#q").send_keys("+-")
    assert browser.one("#q").get_attribute("value") == "+-"
    assert browser.path == THERE


def test_dragging_chooses_days(browser: Browser) -> None:
    browser.open(f"{THERE}&page=1")
    band = browser.one("#band")
    width = band.size["width"]
    here = browser.one("html")
    drag = ActionChains(browser.driver).move_to_element_with_offset(band, -width // 4, 0).click_and_hold()
    drag.move_by_offset(width // 4, 0).move_by_offset(width // 4, 0)
    drag.perform()
    assert browser.all("#band .brush"), "what is chosen is seen"
    ActionChains(browser.driver).release().perform()
    browser.wait_for_page_after(here)
    chosen = re.search(r"from=(\d{4}-\d\d-\d\d)&to=(\d{4}-\d\d-\d\d)", browser.path)
    assert chosen
    assert "2019-05" < chosen[1] < "2019-09"
    assert "2020-05" < chosen[2] < "2020-09"
    assert "person=ana-petrova" in browser.path
    assert "page=" not in browser.path


def test_escape_gives_a_drag_up(browser: Browser) -> None:
    browser.open(THERE)
    band = browser.one("#band")
    ActionChains(browser.driver).move_to_element(band).click_and_hold().move_by_offset(100, 0).perform()
    assert browser.all("#band .brush")
    ActionChains(browser.driver).send_keys(Keys.ESCAPE).perform()
    assert not browser.all("#band .brush")
    ActionChains(browser.driver).release().perform()
    assert browser.path == THERE


def test_without_scripts_links_zoom_and_keys_are_not_promised(plain: Browser) -> None:
    plain.open(THERE)
    assert not plain.one(".zoom .keys").is_displayed()
    plain.follow(plain.one('[data-zoom="closer"]'))
    assert (plain.one("#from").get_attribute("value") or "") > "2019"


def test_the_band_and_lanes_fit_a_phone(browser: Browser) -> None:
    browser.resize(390, mobile=True)
    browser.open("/?group=person")
    assert browser.all("svg.lane")
    assert not browser.run("const e = document.documentElement; return e.scrollWidth > e.clientWidth")
