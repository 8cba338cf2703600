"""Exchanges: kept as WARC that other programs read, each once, with a manifest that a crash does not harm."""

import gzip
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from graph.archive.exchanges import Exchanges
from graph.errors import DatasetError
from graph.settings import Settings
from graph.sources import Reading, expand, read_item
from graph.sources.exchange import Exchange
from tests.graph.sources.server import ARTICLE

AT = datetime(2024, 5, 6, 10, tzinfo=UTC)


def exchange(url: str = "https://news.example/1?a=b", page: bytes = ARTICLE.encode()) -> Exchange:
    return Exchange(
        url, AT, (("User-Agent", "Parley"), ("Authorization", "hunter2")), 200, "OK",
        (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"),
         ("Set-Cookie", "id=1")),
        gzip.compress(page), hashlib.sha256(page).hexdigest(),
    )  # fmt: skip


def test_request_and_answer_are_records_that_parley_reads_again(tmp_path: Path) -> None:
    kept = Exchanges(tmp_path)
    kept.keep(exchange())
    (line,) = kept.lines()
    path = tmp_path / line["file"]
    with path.open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Date"), r.http_headers) for r in ArchiveIterator(file)]
    assert [(kind, date) for kind, date, _ in records] == [
        ("response", "2024-05-06T10:00:00Z"),
        ("request", "2024-05-06T10:00:00Z"),
    ]
    assert records[1][2].get_header("Host") == "news.example"
    assert records[1][2].statusline == "/1?a=b HTTP/1.1" or "GET /1?a=b" in str(records[1][2])
    assert b"hunter2" not in gzip.decompress(path.read_bytes())
    assert b"id=1" not in gzip.decompress(path.read_bytes())
    (reading,) = (read_item(item) for item in expand([str(path)], Settings()))
    assert isinstance(reading, Reading)
    assert reading.raw == ARTICLE.encode()
    assert reading.source == "https://news.example/1?a=b"


def test_the_manifest_says_where_each_answer_is(tmp_path: Path) -> None:
    kept = Exchanges(tmp_path)
    for number in range(3):
        kept.keep(exchange(f"https://news.example/{number}"))
    for number, line in enumerate(kept.lines()):
        assert line["url"] == f"https://news.example/{number}"
        part = (tmp_path / line["file"]).read_bytes()[line["offset"] : line["offset"] + line["length"]]
        assert f"WARC-Target-URI: https://news.example/{number}\r\n".encode() in gzip.decompress(part)


def test_the_same_answer_is_kept_once_and_another_one_too(tmp_path: Path) -> None:
    for _ in range(2):
        kept = Exchanges(tmp_path)
        kept.keep(exchange())
        kept.keep(exchange())
    Exchanges(tmp_path).keep(exchange(page=b"<p>Changed"))
    assert len(list(Exchanges(tmp_path).lines())) == 2


def test_a_line_that_a_crash_broke_off_harms_nothing(tmp_path: Path) -> None:
    Exchanges(tmp_path).keep(exchange())
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes() + b'{"url": "https://news.exam')
    Exchanges(tmp_path).keep(exchange("https://news.example/2"))
    assert [line["url"] for line in Exchanges(tmp_path).lines()] == [
        "https://news.example/1?a=b",
        "https://news.example/2",
    ]
    assert json.loads(manifest.read_bytes().splitlines()[-1])["url"] == "https://news.example/2"


def test_an_archive_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    with pytest.raises(DatasetError, match="the archive cannot be"):
        Exchanges(tmp_path / "warc").keep(exchange())
