"""Real Chromium on a really served dataset. Without Chromium the tests are skipped, unless they are required."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from tests.graph.curation.sample import curate, say
from tests.web.conftest import ARTICLES, make
from tests.web.serving import served

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


class Browser:
    """A browser on one site."""

    def __init__(self, driver: webdriver.Chrome, base: str) -> None:
        self.driver = driver
        self.base = base

    def open(self, path: str) -> None:
        """Go to a page."""
        self.driver.get(self.base + path)

    def all(self, selector: str) -> list[WebElement]:
        """Return the elements that a CSS selector finds."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def one(self, selector: str) -> WebElement:
        """Return the first of them."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def follow(self, element: WebElement) -> None:
        """Click what leads to another page, and wait until that page is there."""
        here = self.one("html")
        element.click()
        self.wait_for_page_after(here)

    def wait_for_page_after(self, here: WebElement) -> None:
        """Wait until another page is there than the one with this element."""
        # While one page makes way for the next, Chromium may complain of the element before it is gone.
        wait = WebDriverWait(self.driver, 60, ignored_exceptions=[WebDriverException])
        wait.until(staleness_of(here))
        wait.until(lambda _: self.run("return document.readyState") == "complete")

    def run(self, script: str, *arguments: object) -> object:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def resize(self, width: int, height: int = 900, *, mobile: bool = False) -> None:
        """Set the size of the screen."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def media(self, **features: str) -> None:
        """Set media features: ``prefers_color_scheme="dark"``."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})

    @property
    def path(self) -> str:
        """Address of the page, without the host."""
        return self.driver.current_url.removeprefix(self.base)

    def complaints(self) -> list[str]:
        """Return what the console has said since the last call: errors, violations of the policy."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [f"{entry['level']}: {entry['message']}" for entry in entries]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served dataset."""
    dataset = make(tmp_path_factory.mktemp("site"), ARTICLES, records=40)
    curate(dataset, say("zoe", "Addition", "person/zoe-lindqvist", "schema:alternateName", '"Z. Lindqvist"'))
    with served(dataset.path) as (base, _):
        yield base


@pytest.fixture(scope="session")
def start(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bool], Browser]]:
    """Start a browser, with scripts or without."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver_path = shutil.which("chromedriver")
    if not chromium or not driver_path:
        reason = "no Chromium with chromedriver here (on Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("PARLEY_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    started: dict[bool, Browser] = {}

    def begin(scripts: bool) -> Browser:
        if scripts not in started:
            options = Options()
            options.binary_location = str(chromium)
            profile: Path = tmp_path_factory.mktemp("profile")
            for flag in (*_FLAGS, f"--user-data-dir={profile}"):
                options.add_argument(flag)
            options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
            if not scripts:
                blocked = {"profile.managed_default_content_settings.javascript": 2}
                options.add_experimental_option("prefs", blocked)
            started[scripts] = Browser(webdriver.Chrome(options=options, service=Service(driver_path)), site)
        return started[scripts]

    yield begin
    for browser in started.values():
        browser.driver.quit()


@pytest.fixture
def browser(start: Callable[[bool], Browser]) -> Iterator[Browser]:
    """A browser at 1280 px; no page may have made it complain by the end of the test."""
    browser = start(True)
    browser.resize(1280)
    browser.media(prefers_color_scheme="light")
    browser.complaints()
    yield browser
    assert not browser.complaints()


@pytest.fixture
def plain(start: Callable[[bool], Browser]) -> Browser:
    """A browser that runs no scripts."""
    browser = start(False)
    browser.resize(1280)
    return browser
