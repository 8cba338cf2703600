"""How long queries take at Parley's endpoint and at others, over HTTP, with the same quads, in one run.

::

    python -m tests.benchmarks.bench_endpoint [--quads N] [--rounds N] [--peers FOLDER] [--only NAME]

The graph is made from a seed (``endpoint/timeline_graph.py``): articles with reports of events, people, places and
claims, each in its named graph, besides the merge of all as the default graph, as Parley keeps it. The queries are
twelve of timelines and nine after BSBM's explore mix (Bizer and Schultz 2009). Each is asked with other people,
places and events in each round, by one client and by eight at once, with a comment that is new each time, so that no
cache knows it; then, of Parley, the same questions twice, without. Parley and the engine's own server take turns, a
few rounds each. A ratio is Parley's median by the peer's; the geometric mean is over the queries. The rows of all
answers are compared too.
"""

import argparse
import math
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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
# Rounds of questions that a server is asked before it is another's turn.
_BLOCK = 3
_PARLEY, _ENGINE = "Parley", "oxigraph serve"


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


def measure(servers: Mapping[str, peers.Server], asked: Sequence[tuple[str, str]], clients: int) -> dict[str, Asked]:
    """Ask all servers the same: a round to warm up, then block by block in turn, so that what else the machine does
    meets them alike.
    """
    size = len(load_queries())
    for server in servers.values():
        ask(server, asked[:size], clients, mark=f"warm {clients}")
    found = {name: Asked() for name in servers}
    for start in range(0, len(asked), _BLOCK * size):
        block = asked[start : start + _BLOCK * size]
        for name, server in servers.items():
            found[name].add(ask(server, block, clients, mark=f"{clients} {start}"))
    return found


def medians(asked: Asked) -> dict[str, float]:
    """Return the median seconds of each query."""
    return {name: statistics.median(seconds) for name, seconds in sorted(asked.seconds.items())}


def mean_ratio(ours: Mapping[str, float], theirs: Mapping[str, float], names: Sequence[str]) -> str:
    """Return the geometric mean of our times by theirs."""
    if not names:
        return "-"
    return f"{math.exp(statistics.fmean(math.log(ours[name] / theirs[name]) for name in names)):.2f}"


def report(runs: Mapping[str, Mapping[int, Asked]], cached: Asked) -> None:
    """Print the medians of each query by one client, and the geometric means.

    :param runs: name of a server -> number of clients -> what they saw.
    :param cached: what one client saw of Parley when it asked the same again.
    """
    ours = runs[_PARLEY]
    print("| query | " + " | ".join(runs) + " | Parley, cached |")
    print("|---|" + "---:|" * (len(runs) + 1))
    for name in medians(ours[1]):
        times = [medians(c[1]).get(name, math.nan) for c in runs.values()] + [medians(cached)[name]]
        print(f"| {name} | " + " | ".join(f"{seconds * 1000:,.1f} ms" for seconds in times) + " |")
    print()
    print("| Parley by | clients | queries of 5 ms and more | below 5 ms | all |")
    print("|---|---:|---:|---:|---:|")
    slow = [name for name, seconds in medians(runs[_ENGINE][1]).items() if seconds >= SLOW]

    def row(title: str, clients: int, mine: Mapping[str, float], theirs: Mapping[str, float]) -> None:
        fast = [query for query in mine if query not in slow]
        cells = [mean_ratio(mine, theirs, names) for names in (slow, fast, list(mine))]
        print(f"| {title} | {clients} | " + " | ".join(cells) + " |")

    for name, by_clients in runs.items():
        for clients, run in by_clients.items():
            if name != _PARLEY:
                row(name, clients, medians(ours[clients]), medians(run))
    row(f"{_ENGINE}, Parley cached", 1, medians(cached), medians(runs[_ENGINE][1]))
    for name, by_clients in runs.items():
        for clients, run in by_clients.items():
            differing = sum(rows != ours[1].rows.get(text, rows) for text, rows in run.rows.items() if rows is not None)
            print(f"{name}, {clients} clients: {len(run.failed)} failed, {differing} answers with other rows")
            for line in sorted(set(run.failed))[:5]:
                print(f"  {line}")


def main() -> None:
    """Make the graph, ask all servers, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", type=Path, help="folder in which the peers are kept")
    parser.add_argument("--only", action="append", help="besides `oxigraph serve`, measure this peer only")
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
        few = asked[: 2 * len(load_queries())]
        # Some answers of the others take very long: two rounds are enough to see that.
        slower = {
            "Virtuoso 7": peers.virtuoso(parts, folder, kept),
            "rdflib-endpoint": peers.rdflib_endpoint(parts, kept),
        }
        runs: dict[str, dict[int, Asked]] = {_PARLEY: {}, _ENGINE: {}}
        with peers.parley(dataset.path, max(CLIENTS)) as server, peers.oxigraph(whole, folder, kept) as engine:
            for clients in CLIENTS:
                for name, run in measure({_PARLEY: server, _ENGINE: engine}, asked, clients).items():
                    runs[name][clients] = run
            ask(server, asked, 1)
            cached = ask(server, asked, 1)
        for name, started in slower.items():
            if options.only and name not in options.only:
                continue
            try:
                with started as other:
                    runs[name] = {1: ask(other, few, 1)}
            except UnavailableError as error:
                print(f"{name} is left out: {error}", flush=True)
        report(runs, cached)
        print(f"An answer that failed, or took longer, counts as {TIMEOUT:.0f} s.")


if __name__ == "__main__":
    main()
