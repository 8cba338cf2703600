"""How long queries take at Parley's endpoint and at others, over HTTP, with the same quads, in one run.

::

    python -m tests.benchmarks.bench_endpoint [--quads N] [--rounds N] [--peers FOLDER] [--only NAME]

The graph is made from a seed (``endpoint/timeline_graph.py``): articles with reports of events, people, places and
claims, each in its named graph, besides the merge of all as the default graph, as Parley keeps it. The queries are
twelve of timelines and nine after BSBM's explore mix (Bizer and Schultz 2009). Each is asked with other people,
places and events in each round, by one client and by eight at once, with a comment that is new each time, so that no
cache knows it; then, of Parley, the same questions twice, without. A ratio is Parley's median by the peer's; the
geometric mean is over the queries. The rows of all answers are compared too.
"""

import argparse
import math
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox

from graph.store import Change, Dataset
from tests.benchmarks.endpoint import peers
from tests.benchmarks.endpoint.clients import TIMEOUT, Asked, ask, load_queries, questions
from tests.benchmarks.endpoint.timeline_graph import BASE, REPORTS, articles
from tests.peers import UnavailableError

__all__ = ["main"]

#: What the engine takes at least for a query to be called a slow one.
SLOW = 0.005
CLIENTS = (1, 8)
_BATCH = 100


def make_dataset(path: Path, quads: int) -> tuple[Dataset, int]:
    """Make and publish a dataset of about so many quads; return it and the number of its events."""
    dataset = Dataset.create(path, BASE)
    number, batch = 0, {}
    with dataset.writer(flush_every=10**9) as writer:
        for graph, triples in articles(quads):
            number += 1
            batch[graph] = triples
            if len(batch) == _BATCH:
                writer.commit(Change(replace=batch))
                batch = {}
        if batch:
            writer.commit(Change(replace=batch))
        writer.flush()
    dataset.publish()
    return dataset, number * REPORTS


def write_quads(dataset: Dataset, path: Path, *, merge: bool) -> int:
    """Write the published generation as N-Quads, with or without the default graph; return how many there are."""
    current = dataset.current()
    assert current is not None
    written = 0

    def quads() -> Iterator[ox.Quad]:
        nonlocal written
        for quad in current.open():
            if merge or not isinstance(quad.graph_name, ox.DefaultGraph):
                written += 1
                yield quad

    with path.open("wb") as file:
        ox.serialize(quads(), file, ox.RdfFormat.N_QUADS)
    return written


def measure(server: peers.Server, asked: Sequence[tuple[str, str]], clients: int, mark: str) -> Asked:
    """Ask a round to warm up, then all."""
    ask(server, asked[: len(load_queries())], clients, mark=f"warm {mark}")
    return ask(server, asked, clients, mark=mark)


def medians(asked: Asked) -> dict[str, float]:
    """Return the median seconds of each query."""
    return {name: statistics.median(seconds) for name, seconds in sorted(asked.seconds.items())}


def mean_ratio(ours: Mapping[str, float], theirs: Mapping[str, float], names: Sequence[str]) -> str:
    """Return the geometric mean of our times by theirs."""
    if not names:
        return "-"
    return f"{math.exp(statistics.fmean(math.log(ours[name] / theirs[name]) for name in names)):.2f}"


def report(ours: Mapping[int, Asked], cached: Asked, others: Mapping[str, Mapping[int, Asked]], engine: str) -> None:
    """Print the medians of each query by one client, and the geometric means."""
    columns = {"Parley": ours, **others}
    print("| query | " + " | ".join(columns) + " | Parley, cached |")
    print("|---|" + "---:|" * (len(columns) + 1))
    for name in medians(ours[1]):
        times = [medians(c[1]).get(name, math.nan) for c in columns.values()] + [medians(cached)[name]]
        print(f"| {name} | " + " | ".join(f"{seconds * 1000:,.1f} ms" for seconds in times) + " |")
    print()
    print("| Parley by | clients | queries of 5 ms and more | below 5 ms | all |")
    print("|---|---:|---:|---:|---:|")
    slow = [name for name, seconds in medians(others[engine][1]).items() if seconds >= SLOW] if engine in others else []
    for name, runs in others.items():
        for clients, run in runs.items():
            mine, theirs = medians(ours[clients]), medians(run)
            fast = [query for query in mine if query not in slow]
            cells = [mean_ratio(mine, theirs, names) for names in (slow, fast, list(mine))]
            print(f"| {name} | {clients} | " + " | ".join(cells) + " |")
    if engine in others:
        mine, theirs = medians(cached), medians(others[engine][1])
        cells = [mean_ratio(mine, theirs, names) for names in (slow, [q for q in mine if q not in slow], list(mine))]
        print(f"| {engine}, Parley cached | 1 | " + " | ".join(cells) + " |")
    for name, runs in columns.items():
        for clients, run in runs.items():
            differing = sum(rows != ours[1].rows.get(text, rows) for text, rows in run.rows.items() if rows is not None)
            print(f"{name}, {clients} clients: {len(run.failed)} failed, {differing} answers with other rows")
            for line in sorted(set(run.failed))[:5]:
                print(f"  {line}")


def main() -> None:
    """Make the graph, ask all servers in turn, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", type=Path, help="folder in which the peers are kept")
    parser.add_argument("--only", action="append", help="measure against this peer only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = options.peers or folder / "peers"
        dataset, events = make_dataset(folder / "dataset", options.quads)
        whole, parts = folder / "whole.nq", folder / "parts.nq"
        number = write_quads(dataset, whole, merge=True)
        write_quads(dataset, parts, merge=False)
        print(f"{number:,} quads, {options.rounds} rounds; median seconds of one client, over HTTP", flush=True)
        asked = questions(load_queries(), events, options.rounds)
        ours: dict[int, Asked] = {}
        with peers.parley(dataset.path, max(CLIENTS)) as server:
            for clients in CLIENTS:
                ours[clients] = measure(server, asked, clients, f"{clients}")
            ask(server, asked, 1)
            cached = ask(server, asked, 1)
        servers: dict[str, tuple[AbstractContextManager[peers.Server], Sequence[tuple[str, str]]]] = {
            "oxigraph serve": (peers.oxigraph(whole, folder, kept), asked),
            # Some of their answers take very long: two rounds are enough to see that.
            "Virtuoso 7": (peers.virtuoso(parts, folder, kept), asked[: 2 * len(load_queries())]),
            "rdflib-endpoint": (peers.rdflib_endpoint(parts, kept), asked[: 2 * len(load_queries())]),
        }
        others: dict[str, dict[int, Asked]] = {}
        for name, (started, part) in servers.items():
            if options.only and name not in options.only:
                continue
            try:
                with started as server:
                    if part is asked:
                        others[name] = {n: measure(server, part, n, f"{n}") for n in CLIENTS}
                    else:
                        others[name] = {1: ask(server, part, 1)}
            except UnavailableError as error:
                print(f"{name} is left out: {error}", flush=True)
        report(ours, cached, others, "oxigraph serve")
        print(f"An answer that failed, or took longer, counts as {TIMEOUT:.0f} s.")


if __name__ == "__main__":
    main()
