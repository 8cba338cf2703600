"""What ingest costs as the number of articles grows, and how well events are found, on made-up news of known truth.

::

    python -m tests.benchmarks.bench_scale [--articles N] [--steps S] [--jobs J] [--cluster ADDRESS]
        [--shards DIR] [--bulk] [--dataset DIR] [--prepare]

Ingests N made-up articles (:mod:`tests.synthetic`) into a new dataset in S steps, and publishes after each. Prints for
each step the articles a second, the processor time of the writer by stage, memory, disk and publication; at the end how
the last step compares with the first, and precision and recall of the events against the truth. The writer and its
stages are measured by the clock of the thread that writes; what other threads take meanwhile, in which the engine
compacts, is told by itself ("background"). Each step is a run of its own: what it reads back of the steps before
("load") is not counted to the articles of the step. With ``--bulk`` the first step is a first build
(:mod:`graph.ingest.bulk`). With ``--shards`` what one run has extracted is not extracted by the next: what is left is
what the writer does; there is a folder for each step, and ``--prepare`` only fills them, before or beside a run that
writes. With ``--dataset`` the dataset is kept, and the next run goes on with the first step that it lacks: a long
measurement can be made in parts. In the end one more article comes, and a last publication looks at it only.
"""

import argparse
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

import graph.ingest.ingester as stages
import graph.ingest.resolver as resolving
import graph.publish as publishing
from graph.archive.archive import Archive
from graph.cluster import chosen_runner
from graph.gate.gate import Gate
from graph.history import History
from graph.ingest.copies import Copies
from graph.ingest.intake import Intake
from graph.iris import Iris
from graph.resolve import ClaimIndex, EventIndex, PersonIndex
from graph.settings import Settings
from graph.sources import Overrides, Reading, expand
from graph.store import Dataset, EmbeddedStore
from tests.benchmarks.stages import Stage, measuring
from tests.synthetic import News

__all__ = ["main"]

_STAGES: list[Stage] = [
    (Archive, "put", "archive"),
    (Copies, "put", "copies"),
    (PersonIndex, "put", "people"),
    (EventIndex, "resolve", "events"),
    (ClaimIndex, "put", "claims"),
    (Gate, "check_resolved", "validate"),
    (EmbeddedStore, "commit", "store"),
    (EmbeddedStore, "load", "store"),
    (resolving, "load_index", "load"),
    (resolving, "load_claims", "load"),
    (resolving, "load_people", "load"),
]
_PUBLICATION: list[Stage] = [(publishing, "build", "index"), (History, "record", "history")]


def _size(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _resident() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def _publish(dataset: Dataset, settings: Settings) -> tuple[float, dict[str, float]]:
    """Publish; return how many seconds it took, and which of its parts took how many."""
    started, parts = time.perf_counter(), defaultdict[str, float](float)
    with measuring(parts, _PUBLICATION):
        publishing.publish(dataset, settings)
    return time.perf_counter() - started, parts


def _step(number: int, size: int, lines: Iterator[str], folder: Path) -> Path:
    """Write the articles of a step; return the file.

    An article is known by its file, too: with shards, the next run finds it at the same place.
    """
    file = folder / f"{number}.jsonl"
    written = file.with_suffix(".part")
    written.write_text("".join(f"{next(lines)}\n" for _ in range(size)), "utf-8")
    written.replace(file)  # a run beside this one may be reading it
    return file


def _prepare(options: argparse.Namespace, step: int, lines: Iterator[str]) -> None:
    """Fill the folders of shards, and print how many articles a second that takes."""
    settings = Settings(jobs=options.jobs)
    for number in range(options.steps):
        file = _step(number, step, lines, options.shards)
        started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        own = time.process_time()
        with (
            tempfile.TemporaryDirectory() as where,
            chosen_runner(settings, Iris(settings.base), options.cluster, options.shards / f"{number}") as runner,
        ):
            readings = Intake(settings, Archive(Path(where)), Overrides(), False).read(expand([str(file)], settings))
            count = sum(1 for _ in runner(r.article for r in readings if isinstance(r, Reading)))
        took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        row = {
            "prepared": (number + 1) * step,
            "articles a second": count / took,
            "this process s": time.process_time() - own,
            "workers s": after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime,
        }
        print(json.dumps({name: round(value, 2) for name, value in row.items()}), flush=True)


def _score(dataset: Dataset, news: News, count: int) -> None:
    """Print precision and recall of events: same type and day, and both people take part."""
    generation = dataset.current()
    assert generation is not None
    rows = generation.open().query(Path(__file__).with_name("scale_events.rq").read_text("utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for name in ("type", "time", "who", "place"):
            if (term := row[name]) is not None:
                found[row["event"].value][name].add(term.value)
    told = {number for story in news.stories(count) for number in story.tells}
    wanted: dict[tuple[str, str, frozenset[str]], str | None] = {}
    for number in told:
        event = news.happening(number)
        people = frozenset(person.key for person in event.people)
        wanted[event.type, event.day.isoformat(), people] = event.city
    matched: dict[tuple[str, str, frozenset[str]], int] = defaultdict(int)
    placed = placeable = wrong = 0
    for values in found.values():
        who = frozenset(key for iri in values["who"] if (key := iri.partition("/id/")[2]).startswith("person/"))
        hits = [
            told_as
            for t in values["type"]
            for day in values["time"]
            if (told_as := (t.rpartition("#")[2], day, who)) in wanted
        ]
        if not hits:
            wrong += 1
            continue
        matched[hits[0]] += 1
        if (city := wanted[hits[0]]) is not None:
            placeable += 1
            placed += any(place.endswith(f"/{city.lower()}") for place in values["place"])
    right = sum(matched.values())
    print(f"events told            {len(wanted):>12,}")
    print(f"events in the graph    {len(found):>12,}")
    print(f"precision              {right / max(1, right + wrong):>12.3f}   type, day and people right")
    print(f"recall                 {len(matched) / max(1, len(wanted)):>12.3f}")
    print(f"told apart though one  {right - len(matched):>12,}")
    print(f"place right            {placed / max(1, placeable):>12.3f}   of those matched that have one")


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--cluster")
    parser.add_argument("--shards", type=Path)
    parser.add_argument("--bulk", action="store_true")
    parser.add_argument("--dataset", type=Path)
    parser.add_argument("--prepare", action="store_true")
    options = parser.parse_args(arguments)
    if options.prepare and not options.shards:
        parser.error("--prepare needs --shards")
    news = News()
    step = options.articles // options.steps
    if options.prepare:
        options.shards.mkdir(parents=True, exist_ok=True)
        _prepare(options, step, news.lines(options.articles))
        return
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as where:
        settings = Settings(dataset=options.dataset or Path(where) / "dataset", jobs=options.jobs)
        dataset = Dataset.open_or_create(settings.dataset)
        there = sum(1 for _ in Archive(dataset.archive_path).items()) // step
        lines = news.lines(options.articles + 1)
        for number in range(options.steps):
            file = _step(number, step, lines, options.shards or Path(where))
            if number < there:
                continue
            seconds: dict[str, float] = defaultdict(float)
            folder = options.shards and options.shards / f"{number}"
            with (
                chosen_runner(settings, dataset.iris, options.cluster, folder) as runner,
                stages.Ingester(dataset, settings) as ingester,
            ):
                started, own, used = time.perf_counter(), time.thread_time(), time.process_time()
                with measuring(seconds, _STAGES, time.thread_time):
                    sources = expand([str(file)], settings)
                    outcomes = list(ingester.ingest(sources, runner=runner, bulk=options.bulk))
                ingester.flush()
                took, own = time.perf_counter() - started, time.thread_time() - own
                background = time.process_time() - used - own
                assert len(outcomes) == step, len(outcomes)
                failed = sum(outcome.error is not None for outcome in outcomes)
                load, resident = seconds.pop("load", 0.0), _resident()
                published, parts = _publish(dataset, settings)
            row = {
                "articles": (number + 1) * step,
                "articles a second": step / took,
                "writer ms": (own - load) / step * 1000,
                "background ms": background / step * 1000,
                **{f"{stage} ms": value / step * 1000 for stage, value in seconds.items()},
                "resident MB": resident / 1e6,
                "after publication MB": _resident() / 1e6,
                "disk KB an article": _size(settings.dataset / "store") / ((number + 1) * step) / 1000,
                "load s": load,
                "publish s": published,
                **{f"{part} s": value for part, value in parts.items()},
                "failed": failed,
            }
            rows.append(row)
            print(json.dumps({name: round(value, 2) for name, value in row.items()}), flush=True)
        one = Path(where) / "one.jsonl"
        one.write_text(f"{next(lines)}\n", "utf-8")
        with (
            chosen_runner(settings, dataset.iris) as runner,
            stages.Ingester(dataset, settings) as ingester,
        ):
            list(ingester.ingest(expand([str(one)], settings), runner=runner))
            published, parts = _publish(dataset, settings)
        words = ", ".join(f"{name} {value:.2f} s" for name, value in parts.items())
        print(f"one more article       {published:>12.2f} s to publish: {words}")
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        for name in rows[0] if rows else ():
            if name not in ("articles", "failed") and rows[0][name]:
                print(f"{name:<22} {rows[-1][name]:>12,.2f}   {rows[-1][name] / rows[0][name]:.2f} of the first step")
        print(f"largest worker MB      {children.ru_maxrss / 1000:>12,.0f}   of those that have ended")
        _score(dataset, news, options.articles + 1)


if __name__ == "__main__":
    main()
