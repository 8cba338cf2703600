"""The watcher: feeds and an inbox, hosts that fail, other writers, and being killed at any time."""

import io
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.archive.archive import Archive
from graph.article import Article, article_key
from graph.errors import DatasetError, InUseError
from graph.extract.runner import Extracted
from graph.settings import Settings
from graph.store import Dataset
from graph.watch.backoff import delay
from graph.watch.log import Log
from graph.watch.state import read_state
from graph.watch.watcher import Watcher
from tests import loopback
from tests.graph.sources import server as web
from tests.graph.sources.server import ARTICLE, Handler, Server, serving
from tests.graph.watch.process import nothing_found


def article(number: int) -> bytes:
    """Return a page that is like no other one."""
    words = " ".join(f"word{number}x{n}" for n in range(60))
    return (
        ARTICLE.replace("Ministers meet in Lutz", f"Meeting {number}")
        .replace("</article>", f"<p>{words}.</p></article>")
        .encode()
    )


def feed(*links: str, updated: str = "") -> bytes:
    items = "".join(f"<entry><link href='{link}'/><title>x</title>{updated}</entry>" for link in links)
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{items}</feed>".encode()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({f"/{n}": web.page(article(n)) for n in range(30)}) as running:
        yield running


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "dataset", "https://zubrowka.example/")


class Watched:
    """A watcher with its clock and its log."""

    def __init__(
        self,
        dataset: Dataset,
        *feeds: str,
        inbox: Path | None = None,
        runner: Callable[[Iterator[Article]], Iterator[Extracted]] = nothing_found,
        **settings: Any,
    ) -> None:
        self.clock, self._lines, self.dataset = Clock(), io.StringIO(), dataset
        given = Settings(
            dataset=dataset.path, fetch_private=1, fetch_pause=0, watch_every=100.0, watch_publish_every=50.0,
            fetch_timeout=3.0, **settings,
        )  # fmt: skip
        self.watcher = Watcher(
            dataset, given, feeds, inbox, log=Log(self._lines), clock=self.clock, runner=runner
        )  # fmt: skip

    def work(self, seconds: float = 0.0) -> None:
        """Let time pass and do all that is due."""
        self.clock.now += seconds
        while self.watcher.step():
            pass

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return what was logged under a word."""
        return [line for line in map(json.loads, self._lines.getvalue().splitlines()) if line["event"] == kind]

    def keys(self) -> set[str]:
        """Return the articles in the archive."""
        return {item.key for item in Archive(self.dataset.archive_path).items()}


def keys_of(server: Server, *numbers: int) -> set[str]:
    return {article_key(f"{server.url}/{n}") for n in numbers}


def test_what_a_feed_announces_is_read_once_and_published(server: Server, dataset: Dataset) -> None:
    server.routes["/feed"] = web.page(feed("/1", "/2?utm_source=feed", "/1"), "application/atom+xml")
    watched = Watched(dataset, f"{server.url}/feed")
    watched.work()
    assert watched.keys() == keys_of(server, 1, 2)
    generation = dataset.current()
    assert generation is not None
    server.routes["/feed"] = web.page(feed("/2", "/3"), "application/atom+xml")
    watched.work(50)
    assert server.asked("/feed") == 1
    watched.work(60)
    assert watched.keys() == keys_of(server, 1, 2, 3)
    assert [server.asked(f"/{n}") for n in (1, 2, 3)] == [1, 1, 1]
    after = dataset.current()
    assert after is not None
    assert after.number == generation.number + 1


def test_a_feed_that_has_not_changed_is_not_sent(server: Server, dataset: Dataset) -> None:
    def route(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        handler.reply(304 if same else 200, b"" if same else feed("/1"), "application/atom+xml", ETag='"1"')

    server.routes["/feed"] = route
    watched = Watched(dataset, f"{server.url}/feed")
    watched.work()
    watched.work(101)
    assert [line.get("unchanged") for line in watched.events("poll")] == [None, True]
    watched.watcher.stop()
    watched.watcher.run()
    state = read_state(dataset.watch_path)
    assert state is not None
    assert state.polls == {"read": 1, "unchanged": 1}
    assert state.running is None


def test_an_entry_that_was_updated_is_read_again(server: Server, dataset: Dataset) -> None:
    server.routes["/feed"] = web.page(feed("/1"), "application/atom+xml")
    watched = Watched(dataset, f"{server.url}/feed")
    watched.work()
    server.routes["/1"] = web.page(article(1).replace(b"useful", b"hard"))
    server.routes["/feed"] = web.page(
        feed("/1", updated="<updated>2999-01-01T00:00:00Z</updated>"), "application/atom+xml"
    )
    watched.work(101)
    (item,) = Archive(dataset.archive_path).items()
    assert "hard" in item.article.text
    assert [line["result"] for line in watched.events("article")] == ["added", "replaced"]


def test_a_sitemap_index_is_watched_too(server: Server, dataset: Dataset) -> None:
    index = f"<sitemapindex><sitemap><loc>{server.url}/map</loc></sitemap></sitemapindex>"
    server.routes["/index"] = web.page(index.encode(), "application/xml")
    server.routes["/map"] = web.page(f"<urlset><url><loc>{server.url}/7</loc></url></urlset>".encode(), "text/xml")
    watched = Watched(dataset, f"{server.url}/index")
    watched.work()
    assert watched.keys() == keys_of(server, 7)


def test_members_that_misbehave_hold_up_no_other(server: Server, dataset: Dataset) -> None:
    bad = {
        "/gone": web.status(410), "/missing": web.status(404), "/failed": web.status(500), "/slow": loopback.drip,
        "/huge": loopback.endless, "/bomb": web.gzipped(b"a" * 30_000_000), "/broken": web.page(b"\x00\xff" * 99),
        "/circle": web.redirect("/circle"), "/inside": web.redirect("file:///etc/hostname"), "/off": web.break_off,
        "/moved": web.redirect("/3"),
    }  # fmt: skip
    server.routes |= bad
    server.routes["/feed"] = web.page(feed("/1", *bad, "/2", "javascript:alert(1)"), "application/atom+xml")
    watched = Watched(dataset, f"{server.url}/feed", fetch_limit=1_000_000, watch_attempts=2, watch_backoff=10.0)
    watched.work()
    watched.work(99)
    assert watched.keys() == keys_of(server, 1, 2, 3)
    later = {line["source"].removeprefix(server.url) for line in watched.events("later")}
    assert {"/failed", "/slow", "/off"} & later
    for _ in range(12):
        watched.work(3_000)
    watched.watcher.stop()
    watched.watcher.run()
    state = read_state(dataset.watch_path)
    assert state is not None
    assert not state.waiting
    given_up = {source.removeprefix(server.url) for source in state.given_up}
    assert given_up == bad.keys() - {"/moved"}
    assert state.results == {"added": 3, "failed": len(bad) - 1}
    assert server.asked("/failed") <= 2 * 3  # a try asks three times


def test_a_feed_that_fails_is_left_alone_for_longer_and_longer(server: Server, dataset: Dataset) -> None:
    server.routes["/feed"] = web.page(b"<rss><channel>", "application/rss+xml")
    server.routes["/laughs"] = web.page(b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'/>", "application/rss+xml")
    watched = Watched(dataset, f"{server.url}/none", f"{server.url}/laughs", f"{server.url}/1", watch_backoff=80.0)
    watched.work()
    failed = watched.events("poll_failed")
    assert len(failed) == 3
    assert any("declares XML entities" in line["error"] for line in failed)
    assert any("neither a feed nor a sitemap" in line["error"] for line in failed)
    watched.work(101)
    watched.work(101)
    assert server.asked("/none") == 2
    assert [line["failures"] for line in watched.events("poll_failed") if line["feed"].endswith("/none")] == [1, 2]


def test_delays_grow_and_are_the_same_each_time() -> None:
    delays = [delay("news.example", n, 60) for n in range(1, 30)]
    assert delays == [delay("news.example", n, 60) for n in range(1, 30)]
    assert all(a < b for a, b in itertools.pairwise(delays[:9]))
    assert max(delays) <= 86_400 * 1.25
    assert delay("news.example", 1, 60, wanted=3_600) == 3_600
    assert delay("news.example", 1, 60) != delay("other.example", 1, 60)


def test_the_inbox_is_emptied_and_keeps_what_failed(dataset: Dataset, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    lines = [
        json.dumps({"title": f"T{n}", "published": "2024-05-06", "text": f"They met {n} times."}) for n in range(3)
    ]
    (inbox / "a.jsonl").write_text("\n".join([*lines, "no json"]))
    (inbox / "b.md").write_text("# Talks\n\nThey met in Lutz.")
    (inbox / "c.txt").write_bytes(b"\x00binary")
    (inbox / "d.md.part").write_text("not yet")
    for file in inbox.glob("*.*"):
        os.utime(file, (0, 0))
    (inbox / "e.md").write_text("Being written.")
    os.utime(inbox / "e.md", (time.time() + 3_600,) * 2)
    watched = Watched(dataset, inbox=inbox)
    watched.work()
    assert len(watched.keys()) == 4
    names = {str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file()}
    assert names == {
        "done/a.jsonl", "done/a.jsonl.errors.txt", "done/b.md", "failed/c.txt", "failed/c.txt.errors.txt",
        "d.md.part", "e.md",
    }  # fmt: skip
    assert "no JSON" in (inbox / "done/a.jsonl.errors.txt").read_text()


def test_a_file_of_the_same_name_may_hold_another_article(dataset: Dataset, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    watched = Watched(dataset, inbox=inbox)
    for words in ("They met in Lutz.", "They met in Vienna."):
        (inbox / "a.txt").write_text(words)
        os.utime(inbox / "a.txt", (0, 0))
        watched.work()
    assert len(watched.keys()) == 2
    assert {path.name for path in (inbox / "done").iterdir()} == {"a.txt", "a-2.txt"}


def test_the_files_of_an_inbox_are_extracted_together(dataset: Dataset, tmp_path: Path) -> None:
    inbox, together = tmp_path / "inbox", list[int]()
    inbox.mkdir()

    def runner(articles: Iterator[Article]) -> Iterator[Extracted]:
        found = list(articles)
        together.append(len(found))
        yield from nothing_found(iter(found))

    for name in ("a.txt", "b.md", "c.txt"):
        (inbox / name).write_text(f"They met in Lutz, says {name}.")
    (inbox / "d.jsonl").write_text(
        "".join(json.dumps({"title": "T", "text": f"They met {n}."}) + "\n" for n in range(2))
    )
    for file in inbox.iterdir():
        os.utime(file, (0, 0))
    watched = Watched(dataset, inbox=inbox, runner=runner)
    watched.work()
    assert together == [3, 2]
    assert {path.name for path in (inbox / "done").iterdir()} == {"a.txt", "b.md", "c.txt", "d.jsonl"}
    assert len(watched.keys()) == 5


def test_who_is_stopped_leaves_the_files_that_were_not_read(dataset: Dataset, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    def runner(articles: Iterator[Article]) -> Iterator[Extracted]:
        for number, each in enumerate(nothing_found(articles)):
            if number == 1:
                watched.watcher.stop()
            yield each

    for name in ("a.txt", "b.txt", "c.txt"):
        (inbox / name).write_text(f"They met in Lutz, says {name}.")
        os.utime(inbox / name, (0, 0))
    watched = Watched(dataset, inbox=inbox, runner=runner)
    watched.watcher.step()
    assert {path.name for path in (inbox / "done").iterdir()} == {"a.txt", "b.txt"}
    assert (inbox / "c.txt").exists()
    assert len(watched.keys()) == 2


def test_it_waits_while_another_process_writes(server: Server, dataset: Dataset) -> None:
    server.routes["/feed"] = web.page(feed("/1"), "application/atom+xml")
    watched = Watched(dataset, f"{server.url}/feed")
    with dataset.writer():
        watched.work()
        watched.work()
    assert len(watched.events("wait")) == 1
    assert watched.keys() == set()
    watched.work()
    assert watched.keys() == keys_of(server, 1)
    with dataset.writer():
        pass  # it lets go when there is nothing to do


def test_a_dataset_is_watched_by_one(dataset: Dataset) -> None:
    watched = Watched(dataset)
    with pytest.raises(InUseError):
        Watched(dataset)
    watched.watcher.stop()
    watched.watcher.run()
    Watched(dataset)


def test_a_state_that_is_broken_is_told(dataset: Dataset) -> None:
    dataset.watch_path.mkdir()
    (dataset.watch_path / "state.json").write_text("{}")
    with pytest.raises(DatasetError, match="this file is broken; delete it"):
        Watched(dataset)


def start(dataset: Path, inbox: Path, *feeds: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.graph.watch.process", str(dataset), str(inbox), *feeds]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def settled(folder: Path, inbox: Path, pages: int, files: int) -> bool:
    """Tell whether all that there is has been announced, read and put away."""
    state = read_state(folder / "watch")
    read = Archive(folder / "archive").count() == pages + files
    return read and state is not None and not state.waiting and len(list((inbox / "done").iterdir())) == files


@pytest.mark.slow
def test_killed_at_any_time_it_loses_nothing_and_reads_nothing_twice(server: Server, tmp_path: Path) -> None:
    """Twelve rounds, each ended by SIGKILL at a moment that is drawn; then one that ends in order."""
    rounds, folder, inbox = 12, tmp_path / "dataset", tmp_path / "inbox"
    inbox.mkdir()
    Dataset.create(folder, "https://zubrowka.example/")
    draw = random.Random(7)
    for number in range(rounds):
        server.routes["/feed"] = web.page(feed(*(f"/{n}" for n in range(2 * number + 2))), "application/atom+xml")
        file = inbox / f"{number}.txt"
        file.write_text(f"They met in the inbox {number} times.")
        os.utime(file, (0, 0))
        process = start(folder, inbox, f"{server.url}/feed")
        assert process.stderr is not None
        process.stderr.readline()  # it begins
        time.sleep(draw.random() * 1.8)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    process = start(folder, inbox, f"{server.url}/feed")
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and not settled(folder, inbox, 2 * rounds, rounds):
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert json.loads(said.splitlines()[-1])["event"] == "stop"
    dataset = Dataset.open(folder)
    generation = dataset.current()
    assert generation is not None
    graphs = [str(graph)[1:-1].partition("/graph/")[2] for graph in generation.open().named_graphs()]
    stored = {graph for graph in graphs if graph.startswith("article/")}
    assert len(stored) == 3 * rounds
    assert keys_of(server, *range(2 * rounds)) <= stored
    assert sum(server.asked(f"/{n}") for n in range(2 * rounds)) <= 2 * rounds + rounds * 20
    assert {path.name for path in (inbox / "done").iterdir()} == {f"{n}.txt" for n in range(rounds)}
    state = read_state(folder / "watch")
    assert state is not None
    assert not state.waiting
    assert not state.given_up
