"""How well reports are resolved into events, and names into people, over all annotated articles.

::

    python -m tests.benchmarks.bench_resolution ../shared/gold [--gold] [--misses [N]]

The folder holds annotated articles (``NAME.md`` beside ``NAME.gold.json``), in it or in folders of it. They are
ingested into a new dataset with the official records, as ``parley demo`` does; then each report is read back with the
event that it is on. ``--gold`` puts the annotation itself in the place of what is extracted, so that resolution is
measured apart from the errors of extraction. What is truly one is said by hand (``tests/resolution``).

A report counts if it is an annotated event (one to one, by the largest share of common mentions), a person likewise.
"linked" are the figures over things that some other article tells of too: most are told of once, and those make B-cubed
look high.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from graph.extract.backends import load_backend
from graph.extract.runner import runner_here
from graph.facts.records import load_records
from graph.ingest.ingester import Ingester, Result
from graph.iris import Iris
from graph.settings import Settings
from graph.store import Dataset
from graph.training.material import Annotated
from tests.resolution.aligned import Recorder, annotated_articles, people_of, reports_of
from tests.resolution.links import true_event, true_person
from tests.resolution.measure import b_cubed, mixtures, pairwise
from tests.resolution.official import compare, events_of_articles
from tests.resolution.oracle import oracle

__all__ = ["main"]

#: Article and key of the annotation: what is put into clusters.
Item = tuple[str, str]
_SHOWN = 15
_ON = "SELECT ?report ?event WHERE { ?report <https://parley.example/ontology#reportsOn> ?event }"


def ingest(folder: Path, annotated: Sequence[Annotated], *, gold: bool) -> tuple[ox.Store, Iris, Recorder]:
    """Make a dataset of the annotated articles and the official records; return its published store."""
    settings = Settings(dataset=folder / "dataset", jobs=1)
    dataset = Dataset.create(settings.dataset)
    recorder = Recorder(oracle(annotated) if gold else runner_here(load_backend(settings)))
    with Ingester(dataset, settings) as ingester:
        ingester.load_records()
        outcomes = list(ingester.ingest([str(each.article.source) for each in annotated], runner=recorder))
    for outcome in outcomes:
        if outcome.result is not Result.ADDED:
            print(f"{outcome.source}: {outcome.result} {outcome.error or ''}")
    return dataset.publish().open(), dataset.iris, recorder


def events_by_report(store: ox.Store, iris: Iris) -> dict[str, str]:
    """Return the event that each report of an article is on, by keys."""
    rows = store.query(_ON)
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, str] = {}
    for row in sorted((row["report"].value, row["event"].value) for row in rows):
        report, event = iris.key(row[0]), iris.key(row[1])
        if report is not None and event is not None and report.startswith("article/"):
            assert report not in found, f"{report} is on two events"
            found[report] = event
    return found


def figures(title: str, true: Mapping[Item, Hashable], found: Mapping[Item, Hashable]) -> None:
    """Print how well found clusters agree with the true ones."""
    sizes = Counter(true.values())
    linked = [item for item in true if sizes[true[item]] > 1]
    print(f"{title}: {len(true):,} in {len(sizes):,} true clusters, {len(linked):,} of them linked")
    print(f"  {'':16}{'P':>7}{'R':>7}{'F1':>7}")
    for name, score in (
        ("pairwise", pairwise(true, found)),
        ("B-cubed", b_cubed(true, found)),
        ("B-cubed, linked", b_cubed(true, found, linked)),
    ):
        print(f"  {name:16}" + "".join(f"{100 * x:7.1f}" for x in (score.precision, score.recall, score.f1)))


def errors(
    true: Mapping[Item, Hashable], found: Mapping[Item, Hashable], labels: Mapping[Item, str], most: int
) -> None:
    """Print the clusters that put most together wrongly, and the true ones that are most apart."""
    for title, whole, parted in (("false merges", found, true), ("missed merges", true, found)):
        mixed = mixtures(whole, parted)
        print(f"\n{title}: {len(mixed)} clusters, {sum(m.pairs for m in mixed):,} pairs")
        for mixture in mixed[:most]:
            print(f"  {mixture.name} ({mixture.pairs} pairs)")
            for part in mixture.parts:
                print("    | " + "; ".join(f"{item[0][:34]}: {labels[item]} [{found[item]}]" for item in part[:6]))


def official(store: ox.Store, iris: Iris, most: int) -> None:
    """Print which official records the events of articles are joined with."""
    joined = compare(events_of_articles(store, iris), load_records())
    could = {record.key for record, _ in [*joined.carried, *joined.loose]}
    print(f"\nofficial records that an event of articles could be about: {len(could)}")
    print(f"  events that could be, and carry the record     {len(joined.carried):>6}")
    print(f"  events that could be, and do not               {len(joined.loose):>6}")
    print(f"  events that carry a record on wider grounds    {len(joined.odd):>6}")
    print(f"  who met whom, by those records                 {len(joined.pairs):>6}")
    print(f"    named by an event of articles of those days  {len(joined.named):>6}")
    print(f"    found: such an event carries the record      {len(joined.found):>6}")
    for title, rows in (("do not carry", joined.loose), ("carry on wider grounds", joined.odd)):
        for record, event in rows[:most]:
            print(f"  {title}: {record.key} {record.edtf} {record.country} {record.travellers[0].name} | {event.key}")
    for pair in sorted(joined.named - joined.found)[:most]:
        print(f"  not found: {' '.join(pair)}")


def main(folder: Path, *, gold: bool = False, misses: int = 0) -> None:
    """Run the benchmark on a folder of annotated articles and print it."""
    annotated = annotated_articles(folder)
    true: dict[Item, Hashable] = {}
    found: dict[Item, Hashable] = {}
    who: dict[Item, Hashable] = {}
    named: dict[Item, Hashable] = {}
    labels: dict[Item, str] = {}
    with tempfile.TemporaryDirectory() as where:
        store, iris, recorder = ingest(Path(where), annotated, gold=gold)
        on = events_by_report(store, iris)
        for each in annotated:
            extraction = recorder.extractions[each.article.key]
            labels |= {(each.name, e["key"]): _described(e) for e in each.gold["events"]}
            labels |= {(each.name, p["name"]): p["name"] for p in each.gold["people"]}
            for report, key in reports_of(each, extraction).items():
                # What the shapes refuse is not in the store.
                if report in on:
                    true[each.name, key], found[each.name, key] = true_event(each.name, key), on[report]
            for person, name in people_of(each, extraction).items():
                who[each.name, name], named[each.name, name] = true_person(each.name, name), person
        sizes = Counter(on.values())
        print(f"{len(annotated)} articles, {len(on):,} reports on {len(sizes):,} events; {len(true):,} are annotated")
        print("reports on an event: " + _distribution(sizes.values()))
        _reachable(annotated, true)
        figures("events", true, found)
        if not gold:
            # The annotation says itself who is who.
            figures("people", who, named)
        official(store, iris, misses)
    if misses:
        print("\n\nEVENTS")
        errors(true, found, labels, misses)
        if not gold:
            print("\n\nPEOPLE")
            errors(who, named, labels, misses)


def _described(event: Mapping[str, object]) -> str:
    return f"{event['type']} {event['label']} ({event['time'] or '-'}, {event['status']})"


def _distribution(sizes: Iterable[int]) -> str:
    return ", ".join(f"{count:,} with {size}" for size, count in sorted(Counter(sizes).items()))


def _reachable(annotated: Sequence[Annotated], true: Mapping[Item, Hashable]) -> None:
    """Print how many of the pairs linked by hand have a report on either side."""
    everything = Counter(true_event(each.name, e["key"]) for each in annotated for e in each.gold["events"])
    pairs, reached = (sum(n * (n - 1) // 2 for n in c.values()) for c in (everything, Counter(true.values())))
    print(f"pairs linked by hand: {pairs:,}; with a report of each: {reached:,}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gold", action="store_true", help="resolve the annotation itself")
    parser.add_argument("--misses", type=int, nargs="?", const=_SHOWN, default=0, help="list the largest errors")
    options = parser.parse_args()
    main(options.folder, gold=options.gold, misses=options.misses)
