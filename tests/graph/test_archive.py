"""The archive: nothing is lost, torn or stored twice."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from graph.archive.archive import Archive
from graph.article import Article
from graph.errors import DatasetError
from graph.sources import Reading

URL = "https://news.example/1"
ROOT = Path(__file__).parents[2]


def reading(text: str = "They met.", *, url: str | None = URL, source: str = URL, asked: str = "") -> Reading:
    raw = f"<p>{text}".encode()
    article = Article.create(text, url=url, title="Talks", published=date(2019, 2, 28), authors=("Ana Petrova",))
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return Reading(article, raw, "text/html", source, at, sha256(raw).hexdigest(), {"etag": '"é"'}, asked or source)


def files(path: Path) -> dict[str, int]:
    return {str(p.relative_to(path)): p.stat().st_mtime_ns for p in path.rglob("*") if p.is_file()}


def test_what_was_put_comes_back_in_another_process(tmp_path: Path) -> None:
    put = reading(asked="https://news.example/old")
    Archive(tmp_path / "a").put(put)
    archive = Archive(tmp_path / "a")
    assert archive.get(put.article.key) == put
    assert archive.text(put.article.key) == "They met."
    for source in (URL, "https://news.example/old"):
        assert archive.by_source(source) == put.article.identity
        assert archive.find(source) == put
    (item,) = archive.items()
    assert (item.article, item.key, item.sha256) == (put.article, put.article.key, put.sha256)


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "none")
    assert archive.get("article/000000000000") is None
    assert archive.text("article/000000000000") is None
    assert archive.by_source(URL) is None
    assert archive.find(URL) is None
    assert list(archive.items()) == []
    assert archive.count() == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("key", ["article/../../secret", "", "article/", "/etc/passwd", "article/a\x00"])
def test_a_key_leads_nowhere_else(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    assert Archive(tmp_path / "a" / "b").get(key) is None


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(reading())
    before = files(tmp_path)
    archive.put(replace(reading(), read_at=datetime.now(UTC)))
    assert files(tmp_path) == before
    # The same bytes under another address: one more article, no more bytes.
    archive.put(reading(url="https://news.example/2", source="https://news.example/2"))
    assert len(list((tmp_path / "raw").rglob("*.gz"))) == 1
    assert len(list(archive.items())) == 2


def test_older_versions_are_kept_and_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    old, new = reading(), reading("They met again.")
    archive.put(old)
    archive.put(new)
    got = archive.get(new.article.key)
    assert got is not None
    assert got.article.text == "They met again."
    (item,) = archive.items()
    assert [sha for sha, _ in item.versions] == [old.sha256, new.sha256]
    assert gzip.decompress(next((tmp_path / "raw").rglob(f"{old.sha256}.gz")).read_bytes()) == old.raw


def test_a_source_leads_to_its_last_article(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(reading("One.", url=None, source="/a.txt"))
    other = replace(reading("Two.", url=None, source="/a.txt"))
    other = replace(other, article=replace(other.article, identity="other"))
    archive.put(other)
    assert archive.by_source("/a.txt") == "other"


def test_a_person_can_read_it(tmp_path: Path) -> None:
    put = reading("Café talks.")
    Archive(tmp_path).put(put)
    written = (tmp_path / "articles" / f"{put.article.key.removeprefix('article/')}.json").read_text("utf-8")
    assert '"text": "Café talks."' in written
    assert json.loads(written)["read_at"] == "2026-01-02T03:04:05+00:00"


def damaged(path: Path, pattern: str, content: bytes) -> None:
    next(path.rglob(pattern)).write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"identity": 1}', b"\xff", b"[" * 100_000])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    put = reading()
    archive = Archive(tmp_path)
    archive.put(put)
    damaged(tmp_path, "sources/*.json", content)
    with pytest.raises(DatasetError, match=r"sources/\w+\.json: this file of the archive is broken"):
        archive.by_source(URL)
    damaged(tmp_path, "articles/*.json", content)
    for use in (archive.get, archive.text, lambda _: list(archive.items())):
        with pytest.raises(DatasetError, match=r"articles/\w+\.json: this file of the archive is broken"):
            use(put.article.key)


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"other"), gzip.compress(b"<p>They met.")[:-9]])
def test_broken_bytes_are_noticed(tmp_path: Path, content: bytes) -> None:
    put = reading()
    archive = Archive(tmp_path)
    archive.put(put)
    damaged(tmp_path, "*.gz", content)
    with pytest.raises(DatasetError, match="is broken"):
        archive.get(put.article.key)


def test_missing_bytes_are_noticed(tmp_path: Path) -> None:
    put = reading()
    archive = Archive(tmp_path)
    archive.put(put)
    next(tmp_path.rglob("*.gz")).unlink()
    with pytest.raises(DatasetError, match=r"cannot be read \(No such file"):
        archive.get(put.article.key)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="the archive cannot be written"):
        Archive(tmp_path / "file" / "archive").put(reading())


FILLED = """
import resource, signal, sys
from pathlib import Path
from tests.graph.test_archive import reading
from graph.archive.archive import Archive
from graph.errors import DatasetError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
archive = Archive(Path(sys.argv[1]))
archive.put(reading())
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
try:
    archive.put(reading("They met again. " * 300))
except DatasetError as error:
    print(error)
"""


def test_a_disk_without_space_tears_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "the archive cannot be written (File too large); check the disk's space" in done.stdout
    archive = Archive(tmp_path)
    assert archive.find(URL) == reading()
    assert not [name for name in files(tmp_path) if name.endswith(".tmp")]


KILLED = """
import sys
from pathlib import Path
from tests.graph.test_archive import reading
from graph.archive.archive import Archive
archive = Archive(Path(sys.argv[1]))
for n in range(100_000):
    archive.put(reading(f"They met {n} times. " * 50, url=f"https://news.example/{n % 7}", source=f"/{n % 7}.txt"))
    print(n, flush=True)
"""


def test_a_kill_tears_nothing(tmp_path: Path) -> None:
    for round_ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(3 + 4 * round_):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        archive = Archive(tmp_path)
        items = list(archive.items())
        assert items
        for item in items:
            got = archive.get(item.key)
            assert got is not None
            assert got.raw.decode().removeprefix("<p>").strip() == item.article.text
        for path in (tmp_path / "sources").glob("*.json"):
            assert archive.find(json.loads(path.read_text("utf-8"))["source"]) is not None


def test_what_a_kill_left_is_swept_away_when_it_is_old(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    old, young = tmp_path / "articles" / ".a.json.1.tmp", tmp_path / "articles" / ".b.json.2.tmp"
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    archive = Archive(tmp_path)
    archive.put(reading())
    assert (old.exists(), young.exists()) == (False, True)
    assert len(list(archive.items())) == 1
