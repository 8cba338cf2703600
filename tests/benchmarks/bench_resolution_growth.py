"""What resolving one more article costs as the graph grows: ``python -m tests.benchmarks.bench_resolution_growth``.

Made-up articles (seeded, so the same each time) tell of made-up events: two reports on events that other articles tell
of too, with the precision of their dates varying, and one on an event of their own. People, places and days grow with
the number of articles, as news does. Printed for each size: milliseconds of CPU for one more article, reports, events,
the cost against that at the smallest size, and the memory of the process.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import process_time

from graph.article import Article
from graph.edtf import bounds
from graph.extract.model import EventType, Extraction, Report
from graph.resolve import EventIndex

__all__ = ["main"]

_TYPES = (EventType.SUMMIT, EventType.MEETING, EventType.VISIT, EventType.NEGOTIATION)
_MEASURED = 300


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000], help="numbers of articles")
    sizes = sorted(parser.parse_args().sizes)
    print(f"{'articles':>10}{'reports':>10}{'events':>10}{'ms/article':>12}{'ratio':>8}{'resident':>10}")
    index, count, base = EventIndex(), 0, 0.0
    for size in sizes:
        stream = articles(count, size + _MEASURED)
        for _ in range(size - count):
            index.resolve(next(stream))
        start = process_time()
        for _ in range(_MEASURED):
            index.resolve(next(stream))
        cost = 1000 * (process_time() - start) / _MEASURED
        count = size + _MEASURED
        base = base or cost
        resident = _resident()
        events = len({index.event_of(key) for key in index.reports})
        print(f"{size:>10,}{len(index.reports):>10,}{events:>10,}{cost:>12.2f}{cost / base:>8.2f}{resident:>7,} MB")


def _resident() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1000


def articles(first: int, last: int) -> Iterator[Extraction]:
    """Yield made-up articles by their numbers: each is about the events of the days before it."""
    for number in range(first, last):
        rng = random.Random(number)
        article = Article.create(f"Article {number}.", identity=f"made-up/{number}")
        # About three articles tell of each event; an article tells of recent ones.
        recent = [number // 2 - rng.randrange(3) for _ in range(2)]
        told = [*(_report(max(0, n), rng) for n in dict.fromkeys(recent)), _report(10_000_000 + number, rng)]
        yield Extraction(
            article,
            reports=tuple(
                Report(f"{article.key}/report/{n}", kind, "met", (), who, where, when, *bounds(when))
                for n, (kind, who, where, when) in enumerate(told, 1)
            ),
        )


def _report(event: int, rng: random.Random) -> tuple[EventType, tuple[str, ...], tuple[str, ...], str]:
    """Return what an article tells of an event: all of it, or with a coarser date."""
    truth = random.Random(event)
    who = tuple(f"person/leader-{truth.randrange(400)}" for _ in range(2))
    where = (f"place/city-{truth.randrange(200)}",)
    day = date(1950, 1, 1) + timedelta(days=event % 10_000_000 // 4)
    return truth.choice(_TYPES), who, where, rng.choice([day.isoformat(), day.isoformat()[:7], day.isoformat()])


if __name__ == "__main__":
    main()
