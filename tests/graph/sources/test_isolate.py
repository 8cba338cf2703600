"""Pages and feeds that would bring a parser down end a process that is there for that, and nothing else."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.sources import read
from graph.sources.html import parse_html
from graph.sources.isolate import Parser
from graph.sources.item import Form
from tests.graph.sources.server import ARTICLE

URL = "https://times.example/1"


@pytest.fixture
def parser() -> Iterator[Parser]:
    """One that has parsed a page already."""
    parser = Parser()
    parser.page(ARTICLE, URL)
    yield parser
    parser.close()


def test_a_page_is_parsed_as_in_this_process(parser: Parser) -> None:
    before = parser.pid
    found, text = parser.page(ARTICLE, URL)
    assert (found, text) == parse_html(ARTICLE, URL)
    assert isinstance(found["published"], date)
    with pytest.raises(InputError, match="the page is empty"):
        parser.page(" ", None)
    assert parser.pid == before


def test_no_page_is_parsed_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.sources.html.parse_html", None)
    path = tmp_path / "a.html"
    path.write_text(ARTICLE)
    assert read(str(path)).article.title == "Ministers meet in Lutz"


def test_one_that_was_killed_is_replaced_and_no_page_is_lost(parser: Parser) -> None:
    before = parser.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert parser.page(ARTICLE, URL)[1]
    assert parser.pid != before


_TABLES = "<table><tr><td>" * 60 + "They met. " * 20 + "</td></tr></table>" * 60
_LINKS = "<a href=x>They met.</a>" * 2_000_000


@pytest.mark.parametrize(
    ("limited", "page"),
    [(Parser(seconds=1), _TABLES * 200), (Parser(memory=400_000_000), _LINKS)],
    ids=["time", "memory"],
)
def test_a_page_that_takes_too_much_is_refused(limited: Parser, page: str) -> None:
    # Where the parser itself meets the end of its memory, it says in its way that there is no page.
    with pytest.raises(InputError, match=r"the page (?:cannot be taken apart within|has no content)"):
        limited.page(f"<html><body>{page}", URL)
    assert limited.page(ARTICLE, URL)[1]
    limited.close()


def test_threads_and_forms_share_one_process(parser: Parser) -> None:
    before, found = parser.pid, []
    with pytest.raises(InputError, match="no sitemap"):
        parser.entries(Form.SITEMAP, b"", "")
    threads = [threading.Thread(target=lambda: found.append(parser.page(ARTICLE, URL)[1])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 8
    assert parser.pid == before


def test_it_ends_when_nobody_asks_and_comes_back() -> None:
    parser = Parser(idle=0.1)
    assert parser.page(ARTICLE, URL)[1]
    while "State:\tZ" not in Path(f"/proc/{parser.pid}/status").read_text("utf-8"):
        time.sleep(0.05)  # the runner's own limit ends a test in which this never comes
    assert parser.page(ARTICLE, URL)[1]
    parser.close()
