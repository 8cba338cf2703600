"""A dataset with markup and scripts in every field, in a real browser: nothing of it runs, nothing leads away."""

from collections.abc import Iterator
from typing import cast

import pytest

from tests.browser.conftest import Browser
from tests.web.serving import served
from tests.web.trig import load

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = [
    "/", "/?lang=fr", "/?group=person", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/?person=%27onclick%3D%27alert(1)",
    "/?from=%22%3E%3Csvg%20onload%3Dalert(1)%3E&lang=fr", "/event/talks", "/event/talks?lang=fr",
    "/event/'onclick='alert(16)", "/article/aaaaaaaaaaaa", "/article/aaaaaaaaaaaa/report/1",
    "/article/aaaaaaaaaaaa/claim/1", "/person/ana-petrova", "/person/'onclick='alert(1)", "/place/lutz",
    "/organization/gazette", "/people", "/articles", "/facets/person", "/print", "/embed", "/embed/event/talks",
    "/compare?a=person/ana-petrova&b=person/'onclick='alert(1)", "/queries/meetings-of-a-person?person=%3Cscript%3E",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20rdfs%3Alabel%20%3Fname%20%7D",
    "/person/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/person/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E?lang=fr",
]  # fmt: skip
#: Whatever would run code or load something, but what the pages themselves bring; the editor draws pictures of its own.
_STRANGE = """
return [...document.querySelectorAll("*")].filter((e) =>
  [...e.attributes].some((a) => a.name.startsWith("on"))
  || (e.matches("script[src]") && !e.src.startsWith(location.origin + "/static/"))
  || (e.matches("script:not([src])") && e.type !== "application/ld+json")
  || (e.matches("iframe, object, embed, img") && !e.closest(".yasgui"))
  || (e.matches("form") && new URL(e.action).origin !== location.origin)
  || (e.matches("a[href]") && !/^(https?|geo):/.test(new URL(e.getAttribute("href"), location)))
).map((e) => e.outerHTML.slice(0, 200));"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of that dataset."""
    dataset = load(tmp_path_factory.mktemp("hostile"), "hostile.trig", "https://zubrowka.example/")
    with served(dataset.path) as (base, _):
        yield base


@pytest.mark.parametrize("path", PATHS)
def test_nothing_runs_and_nothing_leads_away(browser: Browser, hostile: str, path: str) -> None:
    there = Browser(browser.driver, hostile)
    there.driver.get("about:blank")
    there.open(path)
    # An alert that is open makes this fail; so does, at the end, a script that the policy kept from running.
    assert there.run("return document.readyState") == "complete"
    assert there.run(_STRANGE) == []
    assert there.driver.get_cookies() == []
    assert there.driver.current_url.startswith(f"{hostile}/")
    asked = cast("list[str]", there.run("return performance.getEntriesByType('resource').map((one) => one.name)"))
    assert asked
    assert all(name.startswith((f"{hostile}/", "data:", "blob:")) for name in asked), asked
    # The status of a page that tells of a mistake is no complaint.
    said = [line for line in there.complaints() if "the server responded with a status of 40" not in line]
    assert not said
