"""Pages of a text that several publishers print."""

import re
from pathlib import Path

import pytest

from graph.settings import Settings
from tests.web.conftest import BASE
from tests.web.trig import load
from web.app import create_app


@pytest.mark.parametrize(
    ("key", "title", "other"),
    [("0123456789ab", "Also published by", "ba9876543210"), ("ba9876543210", "The text is that of", "0123456789ab")],
)
def test_pages_lead_from_one_version_to_the_other(key: str, title: str, other: str, tmp_path: Path) -> None:
    dataset = load(tmp_path, "versions.trig", BASE)
    client = create_app(Settings(dataset=dataset.path)).test_client()
    page = client.get(f"/id/article/{key}", base_url=BASE, headers={"Accept": "text/html"}, follow_redirects=True)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    section = text.partition(title)[2].partition("</section>")[0]
    assert re.search(rf'href="[^"]*article/{other}', section)
