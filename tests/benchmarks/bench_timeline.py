"""How long the pages of the timeline take, by how many events there are.

::

    python -m tests.benchmarks.bench_timeline --folder FOLDER [--events N ...] [--rounds N] [--processor | --http]

The datasets are made from a seed (``timeline/dataset.py``) and stay in the folder for the next run. A page is asked for
in process, as a browser asks for it, compressed, or with ``--http`` of a server until the first byte comes; each round
has other people, places, words and days, so that little that is kept from one request to the next helps. The datasets
take turns in each round: other work of the machine slows all of them. Growth is the median at the most events by that
at the fewest; that of the answer, in bytes of the page as it is without compression, tells where a page has more to
show.
"""

import argparse
import gzip
import http.client
import math
import random
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from graph.index import FOLDER, Index
from graph.settings import Settings
from tests.benchmarks.timeline.dataset import TYPES, make_dataset, word
from tests.web.serving import served
from web.app import create_app

__all__ = ["main"]

_SIZES = (10_000, 100_000)
_DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": import_module("brotli").decompress,  # has no types
}
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip, br"}


def _paths(events: int) -> dict[str, Callable[[random.Random], str]]:
    """Return, for each kind of page, what makes the path of one."""

    def timeline(**asked: str) -> str:
        return f"/?{urlencode(asked)}"

    def person(chance: random.Random) -> str:
        return str(int(200 * chance.random() ** 2))

    return {
        "front page": lambda chance: timeline(sort=chance.choice(("asc", "desc")), page=str(chance.randrange(1, 200))),
        "one kind": lambda chance: timeline(type=chance.choice(TYPES), page=str(chance.randrange(1, 20))),
        "kind and place": lambda chance: timeline(type=chance.choice(TYPES), place=str(chance.randrange(40))),
        "person and years": lambda chance: timeline(
            person=person(chance),
            **{"from": str(chance.randrange(1950, 2000)), "to": str(chance.randrange(2001, 2024))},
        ),
        "a frequent word": lambda chance: timeline(q=word(chance.randrange(5))),
        "two words, by relevance": lambda chance: timeline(
            q=f"{word(chance.randrange(60))} {word(chance.randrange(60))}", sort="relevance"
        ),
        "a phrase": lambda chance: timeline(q=f'"{word(chance.randrange(9))} {word(chance.randrange(9))}"'),
        "beginning of a word": lambda chance: timeline(q=f"{word(chance.randrange(300, 3000))}*"),
        "lanes": lambda chance: timeline(group="person", type=chance.choice(TYPES)),
        "on this day": lambda chance: f"/on-this-day?day={chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        "values of a facet": lambda chance: f"/facets/person?find={chance.randrange(1000)}",
        "person page": lambda chance: f"/person/{person(chance)}",
        "picture of the timeline": lambda chance: (
            f"/preview.png?{urlencode({'type': chance.choice(TYPES), 'place': str(chance.randrange(40))})}"
        ),
        "picture of a person": lambda chance: f"/preview/person/{person(chance)}.png",
        "picture of an event": lambda chance: f"/preview/event/{chance.randrange(events)}.png",
        "completion": lambda chance: f"/sparql/names.json?q={word(chance.randrange(300))}",
        "feed": lambda chance: f"/events.atom?type={chance.choice(TYPES)}",
        "event page": lambda chance: f"/event/{chance.randrange(events)}",
    }


class _Answer(NamedTuple):
    status: int
    seconds: float
    length: int


_Ask = Callable[[str], _Answer]


def _length(body: bytes, coding: str | None) -> int:
    known = _DECOMPRESS.get(coding or "")
    return len(known(body) if known else body)


def _in_process(path: Path, clock: Callable[[], float]) -> _Ask:
    client = create_app(Settings(dataset=path)).test_client()

    def ask(asked: str) -> _Answer:
        start = clock()
        answer = client.get(asked, headers=_HEADERS)
        seconds = clock() - start
        return _Answer(answer.status_code, seconds, _length(answer.data, answer.headers.get("Content-Encoding")))

    return ask


def _over_http(base: str) -> _Ask:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)

    def ask(asked: str) -> _Answer:
        start = time.perf_counter()
        connection.request("GET", asked, headers=_HEADERS)
        answer = connection.getresponse()
        seconds = time.perf_counter() - start
        return _Answer(answer.status, seconds, _length(answer.read(), answer.headers.get("Content-Encoding")))

    return ask


def measure(
    clients: Mapping[int, _Ask], paths: Mapping[int, Callable[[random.Random], str]], rounds: int
) -> dict[int, list[_Answer]]:
    """Return how long each request took, by how many events there are; two of each warm up."""
    chances = {events: random.Random(7) for events in clients}
    found: dict[int, list[_Answer]] = {events: [] for events in clients}
    for number in range(rounds + 2):
        for events, ask in clients.items():
            asked = paths[events](chances[events])
            answer = ask(asked)
            assert answer.status in (200, 404), f"{answer.status} {asked}"
            if number >= 2 and answer.status == 200:
                found[events].append(answer)
    return found


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the datasets are, or are made")
    parser.add_argument("--events", type=int, nargs="+", default=list(_SIZES))
    parser.add_argument("--rounds", type=int, default=40)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--processor", action="store_true", help="count processor time: for a machine that has other work")
    how.add_argument("--http", action="store_true", help="ask a server, and count until the first byte of the answer")
    arguments = parser.parse_args()
    clock = time.process_time if arguments.processor else time.perf_counter
    arguments.folder.mkdir(parents=True, exist_ok=True)
    paths_to: dict[int, Path] = {}
    for events in sorted(arguments.events):
        start = time.perf_counter()
        dataset = make_dataset(arguments.folder / str(events), events)
        made = time.perf_counter() - start
        current = dataset.current()
        assert current is not None
        folder = current.path / FOLDER
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        start = time.perf_counter()
        Index(folder)
        opened = time.perf_counter() - start
        print(f"{events:,} events, made or found in {made:,.0f} s")
        print(f"  index of {size / 1e6:,.0f} MB, opened in {opened * 1000:.0f} ms")
        paths_to[events] = dataset.path
    with ExitStack() as servers:
        clients = {
            events: _over_http(servers.enter_context(served(path))[0]) if arguments.http else _in_process(path, clock)
            for events, path in paths_to.items()
        }
        paths = {events: _paths(events) for events in clients}
        _print(
            {
                name: measure(clients, {events: paths[events][name] for events in clients}, arguments.rounds)
                for name in _paths(0)
            }
        )


def _print(results: Mapping[str, Mapping[int, list[_Answer]]]) -> None:
    sizes = list(next(iter(results.values())))
    print(
        "\n| page | "
        + " | ".join(f"{size:,}: median | 99th percentile" for size in sizes)
        + " | growth | of the answer |"
    )
    print("|---|" + "---:|" * (2 * len(sizes) + 2))
    for name, by_size in results.items():
        cells = []
        for size in sizes:
            seconds = sorted(answer.seconds for answer in by_size[size]) or [math.nan]
            worst = seconds[math.ceil(len(seconds) * 0.99) - 1]
            cells += [f"{statistics.median(seconds) * 1000:.1f} ms", f"{worst * 1000:.1f} ms"]
        first, last = (
            [statistics.median(some) for some in zip(*by_size[size], strict=True)][1:] or [math.nan] * 2
            for size in (sizes[0], sizes[-1])
        )
        growth = [f"{most / least:.1f}" for least, most in zip(first, last, strict=True)]
        print(f"| {name} | " + " | ".join([*cells, *growth]).replace("nan ms", "-").replace("nan", "-") + " |")
    print(f"\nmemory of this process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
