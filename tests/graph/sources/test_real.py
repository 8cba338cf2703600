"""Real articles of ../shared on a server of this machine, fetched, kept as WARC and read from it again."""

import html
from pathlib import Path

import pytest

from graph.archive.exchanges import Exchanges
from graph.settings import Settings
from graph.sources import Item, Reading, expand, read, read_item
from graph.sources.frontmatter import split
from tests.graph.sources import server as web
from tests.graph.sources.server import serving

ARTICLES = Path(__file__).parents[4] / "shared" / "articles" / "wikinews"
LOCAL = Settings(fetch_private=1, fetch_pause=0)


def page(path: Path) -> bytes:
    """Return an article as a web page."""
    metadata, text = split(path.read_text("utf-8"))
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    title = html.escape(metadata.get("title", path.stem))
    body = f"<article><h1>{title}</h1>{paragraphs}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.workplace
@pytest.mark.skipif(not ARTICLES.is_dir(), reason="needs ../shared")
def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    paths = sorted(ARTICLES.glob("*.md"))[:25]
    with serving({f"/{path.stem}": web.gzipped(page(path)) for path in paths}) as server:
        urls = [f"{server.url}/{path.stem}" for path in paths]
        kept = Exchanges(tmp_path)
        for url in [*urls, *urls]:
            read_item(Item(url), settings=LOCAL, keep=kept.keep)
        direct = {url: read(url, settings=LOCAL).article for url in urls}
    (archive,) = tmp_path.glob("*.warc.gz")
    again = [read_item(item) for item in expand([str(archive)], Settings())]
    assert [reading.source for reading in again] == urls
    for reading in again:
        assert isinstance(reading, Reading)
        assert reading.article.text == direct[reading.source].text
        assert reading.article.key == direct[reading.source].key
    assert len(list(kept.lines())) == len(urls)
