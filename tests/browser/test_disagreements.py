"""The page of disagreements, and an event on which reports differ: on every screen, in the dark, without scripts."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.support.ui import Select

from tests.browser.conftest import Browser
from tests.browser.test_pages import contrast, overflows
from tests.web.serving import served
from tests.web.trig import load

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVENT = "/event/lutz-summit"


@pytest.fixture(scope="module")
def lutz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dataset whose reports differ."""
    dataset = load(tmp_path_factory.mktemp("lutz"), "disagreements.trig", "https://zubrowka.example/")
    with served(dataset.path) as (base, _):
        yield base


@pytest.mark.parametrize("path", ["/disagreements", EVENT])
@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, lutz: str, path: str, width: int) -> None:
    there = Browser(browser.driver, lutz)
    there.resize(width, mobile=width < 500)
    there.open(path)
    assert there.all(".sides dd")
    assert not overflows(there)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(browser: Browser, lutz: str, scheme: str) -> None:
    there = Browser(browser.driver, lutz)
    there.media(prefers_color_scheme=scheme)
    for path, selectors in (
        ("/disagreements", (".side", ".sides a", "mark")),
        (EVENT, (".why", ".why a", ".claim .day")),
    ):
        there.open(path)
        for selector in selectors:
            assert contrast(there, selector) >= 4.5, selector


def test_the_note_beside_a_value_leads_to_who_says_what(browser: Browser, lutz: str) -> None:
    there = Browser(browser.driver, lutz)
    there.open(EVENT)
    there.one(".facts .why a").click()
    assert there.path == f"{EVENT}#disagreement-time"
    assert there.one("#disagreement-time").is_displayed()


def test_an_aspect_is_chosen_without_scripts(plain: Browser, lutz: str) -> None:
    there = Browser(plain.driver, lutz)
    there.open("/disagreements")
    whole = len(there.all(".sides"))
    Select(there.one("#aspect")).select_by_value("place")
    there.follow(there.one("form.find button"))
    assert there.path == "/disagreements?aspect=place"
    assert 0 < len(there.all(".sides")) < whole
    assert Select(there.one("#aspect")).first_selected_option.text == "where it was (1)"
