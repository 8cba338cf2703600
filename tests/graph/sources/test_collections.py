"""Sources that hold or name many articles: feeds, sitemaps, JSON Lines, WARC, lists of URLs, standard input."""

import gzip
import io
import json
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from graph.errors import InputError
from graph.settings import Settings
from graph.sources import Collection, Form, Item, Overrides, Reading, discover, expand, read_item
from graph.sources.canonical import canonical_url
from graph.sources.expand import held_items
from graph.sources.feeds import parse_feed
from graph.sources.isolate import parse_isolated
from graph.sources.jsonlines import json_items
from graph.sources.recognise import recognise
from graph.sources.sitemaps import parse_sitemap
from graph.sources.urls import url_items
from graph.sources.warc import warc_items
from tests.graph.sources.server import ARTICLE

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Times</title><link>https://news.example/</link>
<item><title>Talks</title><link>https://news.example/1#top</link><pubDate>Mon, 06 May 2024 23:30:00 GMT</pubDate></item>
<item><title>More</title><link>/2</link></item>
<item><title>Short</title><description>&lt;p&gt;They met in Lutz.&lt;/p&gt;</description></item>
<item/></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Times</title><entry><id>urn:1</id><title>Talks</title>
<author><name>Ana Petrova</name></author><link href="https://news.example/1"/><published>2024-05-06T10:00:00Z</published>
<updated>2024-05-07T10:00:00Z</updated></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc> https://news.example/1 </loc><lastmod>2024-05-07</lastmod>
<news:news><news:publication_date>2024-05-06T10:00:00+02:00</news:publication_date><news:title>Talks</news:title></news:news>
</url><url><loc>nowhere</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://news.example/s.xml.gz</loc>
</sitemap></sitemapindex>"""
LAUGHS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel>
<item><title>&b;</title><link>https://news.example/1</link></item></channel></rss>"""
SECRETS = """<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>&x;</loc>
</url></urlset>"""


def items_of(form: Form, raw: bytes, where: str = "https://news.example/list", limit: int = 1_000_000) -> list[Item]:
    return list(held_items(form, raw, where, Settings(), limit))


def warc(*records: tuple[str, str, str, bytes], packed: bool = True) -> bytes:
    """Return a WARC file of records: type, URL, status or media type, body."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for kind, url, said, body in records:
        http = None
        headers = {"WARC-Date": "2024-05-06T10:00:00Z"}
        content_type = None
        if kind == "response":
            http = StatusAndHeaders(said, [("Content-Type", "text/html; charset=windows-1252")], protocol="HTTP/1.1")
        else:
            content_type = said
        writer.write_record(
            writer.create_warc_record(
                url, kind, payload=io.BytesIO(body), length=len(body), http_headers=http,
                warc_content_type=content_type or "", warc_headers_dict=headers,
            )
        )  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (RSS.encode(), Form.FEED),
        (ATOM.encode(), Form.FEED),
        (ATOM.encode("utf-16"), Form.FEED),
        (b"<!-- news --><?xml-stylesheet href='a'?>" + RSS.partition("?>")[2].encode(), Form.FEED),
        (LAUGHS.encode(), Form.FEED),
        (SITEMAP.encode(), Form.SITEMAP),
        (gzip.compress(INDEX.encode()), Form.SITEMAP),
        (b'{"text": "They met."}\n', Form.JSONL),
        (b'{"text": "They met. ' + b"a" * 20_000, Form.JSONL),
        (b"{a} is no JSON", Form.ARTICLE),
        (warc(("response", "https://news.example/1", "200 OK", b"x")), Form.WARC),
        (warc(("response", "https://news.example/1", "200 OK", b"x"), packed=False), Form.WARC),
        (b"# news\nhttps://news.example/1\n", Form.URLS),
        (b"https://news.example/1 is where it stands", Form.ARTICLE),
        (ARTICLE.encode(), Form.ARTICLE),
        (b"---\ntitle: Talks\n---\nThey met.", Form.ARTICLE),
        (b"", Form.ARTICLE),
        (b"\x1f\x8bnonsense", Form.ARTICLE),
    ],
)
def test_forms_are_seen_by_their_content(raw: bytes, form: Form) -> None:
    assert recognise(raw[:8192]) is form


def test_a_feed_announces_pages_and_holds_texts() -> None:
    first, second, text, nothing = items_of(Form.FEED, RSS.encode())
    assert (first.source, first.known["title"]) == ("https://news.example/1", "Talks")
    assert first.known["published"] == date(2024, 5, 6)
    assert first.changed == datetime(2024, 5, 6, 23, 30, tzinfo=UTC)
    assert second.source == "https://news.example/2"
    assert "They met in Lutz." in (text.document.raw.decode() if text.document else "")
    assert isinstance(nothing.error, InputError)


def test_an_atom_feed_tells_authors_and_changes() -> None:
    (item,) = items_of(Form.FEED, ATOM.encode())
    assert item.known == {"title": "Talks", "published": date(2024, 5, 6), "authors": ("Ana Petrova",)}
    assert item.changed == datetime(2024, 5, 7, 10, tzinfo=UTC)


def test_a_sitemap_names_pages_and_an_index_sitemaps() -> None:
    page, broken = items_of(Form.SITEMAP, SITEMAP.encode())
    assert (page.source, page.known) == ("https://news.example/1", {"title": "Talks", "published": date(2024, 5, 6)})
    assert page.changed == datetime(2024, 5, 7, tzinfo=UTC)
    assert isinstance(broken.error, InputError)
    (inner,) = items_of(Form.SITEMAP, gzip.compress(INDEX.encode()))
    assert (inner.source, inner.form) == ("https://news.example/s.xml.gz", Form.SITEMAP)


@pytest.mark.parametrize(("form", "text"), [(Form.FEED, LAUGHS), (Form.SITEMAP, SECRETS)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(form: Form, text: str, encoding: str) -> None:
    (item,) = items_of(form, text.encode(encoding))
    assert "declares XML entities" in str(item.error)


@pytest.mark.parametrize("form", [Form.FEED, Form.SITEMAP])
@pytest.mark.parametrize("raw", [b"", b"no xml", b"<html>" * 100_000, b"<rss", b"\x00\xff" * 999])
def test_what_is_no_feed_and_no_sitemap_is_one_error(form: Form, raw: bytes) -> None:
    found = items_of(form, raw)
    assert [item for item in found if item.error is None] == []
    assert all("\n" not in str(item.error) for item in found)


def test_a_bomb_is_not_unpacked() -> None:
    (item,) = items_of(Form.SITEMAP, gzip.compress(b"<urlset>" + b" " * 5_000_000), limit=1_000_000)
    assert "larger than 1000000 bytes when unpacked" in str(item.error)


def test_parsing_in_a_process_of_its_own_is_parsing() -> None:
    assert parse_isolated(Form.FEED, RSS.encode(), "https://news.example/") == parse_feed(
        RSS.encode(), "https://news.example/"
    )
    with pytest.raises(InputError, match="no sitemap"):
        parse_isolated(Form.SITEMAP, b"", "")


def test_lines_of_json_are_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"title": "Talks", "published": "2024-05-06", "authors": ["Ana Petrova"], "text": "They met."}),
        "",
        json.dumps({"url": "https://news.example/2?utm_source=x", "html": ARTICLE, "title": None}),
        "no json",
        json.dumps({"title": "Nothing"}),
        json.dumps({"published": "soon", "text": "They met."}),
        "[1]",
    ]
    path.write_text("\n".join(lines))
    found = list(expand([str(path)], Settings()))
    readings = [read_item(item) for item in found[:2]]
    assert isinstance(readings[0], Reading)
    assert isinstance(readings[1], Reading)
    assert (readings[0].article.title, readings[0].article.published) == ("Talks", date(2024, 5, 6))
    assert readings[0].article.text == "They met."
    assert (readings[1].article.url, readings[1].article.title) == ("https://news.example/2", "Ministers meet in Lutz")
    for item, words in zip(found[2:], ("no JSON", "no text", "no date", "no JSON object"), strict=True):
        with pytest.raises(InputError, match=words) as caught:
            read_item(item)
        assert str(caught.value).startswith(f"{path}#")


def test_a_line_that_is_too_long_is_passed_over() -> None:
    stream = io.BytesIO(b'{"text": "' + b"a" * 5_000_000 + b'"}\n{"text": "They met."}\n')
    long, short = json_items(stream, "a.jsonl", 1_000)
    assert "larger than 1000 bytes" in str(long.error)
    assert short.document is not None


def test_a_web_archive_holds_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    page = ARTICLE.replace('<meta charset="utf-8">', "").encode("cp1252")
    path.write_bytes(
        warc(
            ("response", "https://news.example/1", "200 OK", page),
            ("response", "https://news.example/2", "404 Not Found", page),
            ("resource", "https://news.example/3", "text/html", ARTICLE.encode()),
            ("resource", "https://news.example/4", "image/png", b"\x89PNG"),
            ("metadata", "https://news.example/1", "text/plain", b"hops: 1"),
        )
    )
    readings = [read_item(item) for item in expand([str(path)], Settings())]
    assert [r.source for r in readings] == ["https://news.example/1", "https://news.example/3"]
    assert all(isinstance(r, Reading) and "café" in r.article.text for r in readings)
    assert isinstance(readings[0], Reading)
    assert readings[0].read_at == datetime(2024, 5, 6, 10, tzinfo=UTC)
    assert readings[0].raw == page


def test_a_web_archive_that_breaks_off_gives_what_is_whole() -> None:
    whole = warc(*[("response", f"https://news.example/{n}", "200 OK", ARTICLE.encode()) for n in range(3)])
    found = list(warc_items(io.BytesIO(whole[: len(whole) - 300]), "a.warc.gz", 100_000))
    assert [item.source for item in found if item.error is None][:2] == ["a.warc.gz#1", "a.warc.gz#2"]
    assert len([item for item in found if item.error is None]) <= 3


def test_a_record_that_is_too_large_is_told() -> None:
    raw = warc(("response", "https://news.example/1", "200 OK", b"a" * 5_000))
    (item,) = warc_items(io.BytesIO(raw), "a.warc.gz", 1_000)
    assert "larger than 1000 bytes" in str(item.error)


def test_a_list_of_urls(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# news\n\nhttps://news.example/1#top\nnews.example/2\n")
    for source in (f"@{path}", str(path)):
        good, bad = expand([source], Settings(), Form.URLS)
        assert good.source == "https://news.example/1"
        assert "line 4 is no web address" in str(bad.error)
    (one,) = url_items("https://news.example/1\r\n", "urls.txt")
    assert one.source == "https://news.example/1"


@pytest.mark.parametrize(("raw", "count"), [(b"# Talks\n\nThey met.", 1), (b'{"text": "a b"}\n{"text": "c d"}\n', 2)])
def test_standard_input(raw: bytes, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    readings = [read_item(item) for item in expand(["-"], Settings())]
    assert len(readings) == count
    assert all(isinstance(r, Reading) and r.article.text for r in readings)


def test_a_form_that_is_forced_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("https://news.example/1\n")
    (item,) = expand([str(path)], Settings(), Form.ARTICLE)
    reading = read_item(item, Overrides(title="Talks"))
    assert not isinstance(reading, Collection)
    assert reading.article.text == "https://news.example/1"


def test_folders_hold_collections_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("They met.")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "They met."}\n'))
    (tmp_path / "c.ndjson").write_text('{"text": "They met."}')
    (tmp_path / "d.csv.gz").write_bytes(b"x")
    found = [Path(item.source).name for item in expand([str(tmp_path)], Settings())]
    assert found == ["a.md", "b.jsonl.gz#1", "c.ndjson#1"]
    assert [Path(path).name for path in discover([str(tmp_path)])] == ["a.md"]


def test_a_source_comes_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("They met.")
    assert len(list(expand([str(tmp_path), str(tmp_path / "a.md")], Settings()))) == 1


@given(st.binary(max_size=400), st.sampled_from([Form.WARC, Form.JSONL, Form.URLS]))
def test_any_bytes_give_items_and_no_other_error(raw: bytes, form: Form) -> None:
    for item in items_of(form, raw):
        assert isinstance(item, Item)


@given(st.integers(0, 400), st.binary(max_size=8))
def test_a_web_archive_with_a_wrong_place_in_it_is_survived(at: int, junk: bytes) -> None:
    whole = warc(("response", "https://news.example/1", "200 OK", b"They met."), packed=False)
    for item in warc_items(io.BytesIO(whole[:at] + junk + whole[at + len(junk) :]), "a.warc", 1_000):
        assert item.error is None or "\n" not in str(item.error)


@given(st.text(max_size=200))
def test_any_text_in_a_feed_is_survived(text: str) -> None:
    raw = RSS.replace("Talks", text).encode("utf-8", "replace")
    for parse in (lambda raw: parse_feed(raw, "https://news.example/"), parse_sitemap):
        with suppress(InputError):
            assert isinstance(parse(raw), list)


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.example(:\d{2,4})?/[a-z/]{0,9}(\?[a-z_=&0-9]{0,30})?(#[a-z]*)?", fullmatch=True
    )
)
def test_a_canonical_url_is_its_own(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)
