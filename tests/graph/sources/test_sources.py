"""Finding and reading sources: files, folders, pages, and all that they can have wrong with them."""

import codecs
import os
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from graph.archive.archive import Archive
from graph.errors import FetchError, InputError
from graph.settings import Settings
from graph.sources import Overrides, discover, read
from graph.sources.frontmatter import split
from tests.graph.sources import server as web
from tests.graph.sources.server import ARTICLE, Server, serving

#: The servers of the tests are on this machine.
LOCAL = Settings(fetch_private=1, fetch_pause=0)
TEXT = "The ministers met in Lutz.\n\nThey talked."
FRONT = "---\ntitle: Talks\npublished: 2019-02-28\npublisher: Zubrowka Times\n---\n\n"
WORKPLACE = Path(__file__).parents[4] / "shared"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a/c.TXT", "a/d.html", "e.markdown", "f.htm", "g.xhtml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    for name in (".hidden/a.md", ".a.md", "README.md", "a/readme.txt", "data.json", "notes.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return tmp_path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving({"/a": web.page()}) as running:
        yield running


def test_a_folder_stands_for_the_articles_below_it(folder: Path) -> None:
    found = [str(Path(each).relative_to(folder)) for each in discover([str(folder)])]
    assert found == ["a/c.TXT", "a/d.html", "b.md", "e.markdown", "f.htm", "g.xhtml"]


def test_sources_keep_their_order_and_come_once(folder: Path) -> None:
    named = [str(folder / "data.json"), "https://news.example/1", str(folder / "b.md")]
    found = list(discover([*named, str(folder), "https://news.example/1"]))
    assert found[:3] == named
    assert len(found) == len(set(found)) == 8


def test_a_folder_that_holds_itself_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "self").symlink_to(tmp_path)
    assert len(list(discover([str(tmp_path)]))) == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nothing.md", "no such file or folder"),
        ("empty", "no articles in this folder"),
        ("ftp://news.example/a", "cannot read ftp:// addresses"),
        ("file:///a.md", "give the path of the file"),
    ],
)
def test_what_cannot_be_found(source: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=words):
        list(discover([source]))


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(FRONT + TEXT)
    reading = read(str(path))
    article = reading.article
    assert (article.title, article.published, article.publisher) == ("Talks", date(2019, 2, 28), "Zubrowka Times")
    assert article.text == TEXT
    assert article.identity == "Talks\nZubrowka Times\n2019-02-28"
    assert reading.source == os.path.realpath(path)
    assert reading.raw == path.read_bytes()
    assert reading.sha256 == sha256(reading.raw).hexdigest()
    assert datetime.now(UTC) - reading.read_at < timedelta(minutes=1)
    assert reading.media_type == "text/markdown"


def test_a_file_without_metadata_is_known_by_its_text(tmp_path: Path) -> None:
    one, other = tmp_path / "1.txt", tmp_path / "2.txt"
    one.write_text(TEXT)
    other.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read(str(one)).article.key == read(str(other)).article.key
    assert read(str(one)).article.published is None


def test_markdown_is_read_as_text_and_text_as_it_is(tmp_path: Path) -> None:
    for name, title, text in (("a.md", "Talks", "They met."), ("a.txt", None, "# Talks\n\nThey *met*.")):
        path = tmp_path / name
        path.write_text("# Talks\n\nThey *met*.")
        assert (read(str(path)).article.title, read(str(path)).article.text) == (title, text)


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a", "a.md"])
def test_a_page_in_a_file_is_read_as_a_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(ARTICLE)
    reading = read(str(path))
    assert reading.media_type == "text/html"
    assert reading.article.published == date(2024, 5, 6)
    assert "<" not in reading.article.text


def test_the_command_line_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(FRONT + TEXT)
    overrides = Overrides(
        title="Other", published=date(2020, 1, 1), publisher="P", url="https://news.example/1", license="CC0",
        authors=("A", "B"), language="fr",
    )  # fmt: skip
    article = read(str(path), overrides).article
    for name in ("title", "published", "publisher", "url", "license", "authors", "language"):
        assert getattr(article, name) == getattr(overrides, name)
    assert article.identity == "https://news.example/1"


def test_languages_are_written_in_one_way(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert read(str(path), Overrides(language="pt-BR")).article.language == "pt-br"


def test_overrides_are_checked() -> None:
    with pytest.raises(InputError, match="url"):
        Overrides(url="news")
    with pytest.raises(InputError, match="language"):
        Overrides(language="my own")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\n ", "is empty"),
        ("a.txt", codecs.BOM_UTF8, "the article has no text"),
        ("a.txt", b"---\ntitle: a\n---\n", "the article has no text"),
        ("a.txt", b"caf\xe9", r"not UTF-8 \(byte 0xe9 at offset 3\); save it as UTF-8"),
        ("a.txt", b"%PDF-1.4", "it is a PDF, not text"),
        ("a.md", b"a\x00b", "it is binary"),
        ("a.md", b"---\npublished: 2019-13-45\n---\nThey met.", "published: '2019-13-45' is no date; write YYYY-MM-DD"),
        ("a.html", b"<html><body></body></html>", "no article text"),
        ("a.txt", b"a" * 5001, "is larger than 5000 bytes"),
    ],
)
def test_bad_files_are_told_in_one_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read(str(path), settings=Settings(file_limit=5000))
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.txt"))
        for name, words in {
            "pipe.txt": "is a pipe, not a file",
            "socket.txt": "is a socket, not a file",
            "loop.txt": "symbolic link to itself",
            "missing.txt": "no such file",
            "a" * 300: "the path is too long",
        }.items():
            with pytest.raises(InputError, match=words):
                read(str(tmp_path / name))
    for path, words in {str(tmp_path): "is a folder", "/dev/zero": "is a device", "a\x00b": "is no path"}.items():
        with pytest.raises(InputError, match=words):
            read(path)


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder with a file and a folder that may not be read, even if root runs the tests."""
    user = os.geteuid()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inner").mkdir()
        (folder / "inner" / "a.txt").write_text(TEXT)
        (folder / "b.txt").write_text(TEXT)
        (folder / "b.txt").chmod(0)
        (folder / "inner").chmod(0)
        folder.chmod(0o755)
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            (folder / "inner").chmod(0o755)


def test_what_may_not_be_read(closed: Path) -> None:
    for path in (closed / "b.txt", closed / "inner" / "a.txt"):
        assert list(discover([str(path)])) == [str(path)]
        with pytest.raises(InputError, match="may not be read; give yourself permission"):
            read(str(path))
    with pytest.raises(InputError, match="cannot read the folder"):
        list(discover([str(closed)]))


def test_a_file_name_need_not_be_text(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(path).write_text(TEXT)
    reading = read(path)
    assert reading.source.encode().decode().endswith(r"\udce9.txt")
    assert Archive(tmp_path / "archive").put(reading).source == reading.source


def test_a_page_from_the_web(server: Server) -> None:
    server.routes["/old"] = web.redirect("/a")
    reading = read(f"{server.url}/old#top", settings=LOCAL)
    assert (reading.source, reading.asked) == (f"{server.url}/a", f"{server.url}/old")
    assert reading.article.identity == reading.article.url == f"{server.url}/a"
    assert reading.article.title == "Ministers meet in Lutz"
    assert reading.article.language == "en-gb"
    assert reading.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("path", "kind"), [("/t", "text/plain"), ("/t.md", "text/plain"), ("/t", "text/markdown")])
def test_text_from_the_web(server: Server, path: str, kind: str) -> None:
    server.routes[path] = web.page((FRONT + "They *met*.").encode(), kind)
    article = read(f"{server.url}{path}", settings=LOCAL).article
    assert article.title == "Talks"
    assert article.url == f"{server.url}{path}"
    assert article.text == ("They *met*." if (path, kind) == ("/t", "text/plain") else "They met.")


def test_a_bad_page_is_named(server: Server) -> None:
    server.routes["/e"] = web.page(b"<html><body></body></html>")
    with pytest.raises(InputError, match=f"{server.url}/e: no article text"):
        read(f"{server.url}/e", settings=LOCAL)
    with pytest.raises(FetchError, match="no such page"):
        read(f"{server.url}/none", settings=LOCAL)


def test_nothing_is_fetched_twice(server: Server, tmp_path: Path) -> None:
    server.routes["/old"] = web.redirect("/a")
    archive = Archive(tmp_path)
    first = read(f"{server.url}/old", settings=LOCAL, archive=archive)
    archive.put(first)
    for url in (f"{server.url}/old", f"{server.url}/a", f"{server.url}/a#part"):
        again = read(url, settings=LOCAL, archive=archive)
        assert (again.article, again.raw, again.read_at) == (first.article, first.raw, first.read_at)
    assert server.asked("/a") == 1
    server.routes["/a"] = web.page(ARTICLE.replace("useful", "hard").encode())
    assert "hard" in read(f"{server.url}/a", settings=LOCAL, archive=archive, refresh=True).article.text
    assert server.asked("/a") == 2


def test_the_command_line_wins_over_the_archive(server: Server, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(read(f"{server.url}/a", settings=LOCAL, archive=archive))
    assert read(f"{server.url}/a", Overrides(title="Other"), settings=LOCAL, archive=archive).article.title == "Other"


@pytest.mark.workplace
@pytest.mark.skipif(not (WORKPLACE / "gold" / "dev").is_dir(), reason="needs ../shared")
def test_real_articles_keep_every_word() -> None:
    for path in sorted((WORKPLACE / "gold" / "dev").glob("*.md")):
        _, below = split(path.read_text("utf-8"))
        assert read(str(path)).article.text.split() == below.split()
