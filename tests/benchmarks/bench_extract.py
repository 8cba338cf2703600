"""What extraction costs, by stage and in all.

Run ``python -m tests.benchmarks.bench_extract FOLDER``. Prints milliseconds of one core per 1,000 words for each stage,
articles a second and core, the time from the start of a process to its first result and the memory it takes, and how
the time grows with the length of an article: the longest one of the folder, repeated.

Stages are timed from outside, by steps (:class:`graph.extract.pipeline.Steps`) that take the time of the embedded ones.
The parse is asked for by the stages after it; its time is counted as its own. Medians of three runs, after one that
loads models and lexicons.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from graph.article import Article
from graph.extract.pipeline import Steps, extract, extract_by
from graph.files import data_path
from graph.sources import discover, read

__all__ = ["Stopwatch", "main"]

_RUNS = 3
_TIMES = (1, 2, 4, 8, 16)
#: The article of the first result is the one whose length is nearest to so many words.
_WORDS = 1_000


class Stopwatch:
    """Counts the processor time of each step, without that of the steps that it calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def steps(self) -> Steps:
        """Return the embedded steps, timed."""
        plain = Steps()
        return Steps(**{name: self.timed(name, step) for name, step in vars(plain).items()})

    def timed(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with its time counted under a name."""

        def run(*arguments: Any) -> Any:
            self._inner.append(0.0)
            begun = time.process_time()
            try:
                return step(*arguments)
            finally:
                took = time.process_time() - begun
                self.seconds[name] += took - self._inner.pop()
                self._inner[-1] += took

        return run


def stages(articles: Sequence[Article]) -> dict[str, float]:
    """Return the seconds of each stage over all articles."""
    runs = []
    for _ in range(_RUNS):
        watch = Stopwatch()
        steps = watch.steps()
        whole = watch.timed("the rest", lambda article, steps=steps: extract_by(steps, article, "benchmark 0"))
        for article in articles:
            whole(article)
        runs.append(watch.seconds)
    return {name: median(run[name] for run in runs) for name in runs[0]}


def growth(article: Article) -> list[tuple[int, float]]:
    """Return words and seconds of an article that is repeated."""
    found = []
    for times in _TIMES:
        longer = Article.create("\n\n".join([article.text] * times), published=article.published)
        seconds = []
        for _ in range(_RUNS):
            begun = time.process_time()
            extract(longer)
            seconds.append(time.process_time() - begun)
        found.append((len(longer.text.split()), median(seconds)))
    return found


def first_result(source: Path) -> tuple[float, float, float]:
    """Return seconds from the start of ``parley extract`` to its end, those of a processor, and the most megabytes."""
    seconds, busy, memory = [], [], 0.0
    for _ in range(_RUNS):
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "graph.cli", "extract", str(source)], stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - begun)
        busy.append(usage.ru_utime + usage.ru_stime)
        assert status == 0, "it failed"
        memory = max(memory, usage.ru_maxrss / 1024)
    return median(seconds), median(busy), memory


def main(folder: Path, limit: int | None = None) -> None:
    """Print all figures."""
    sources = list(discover([str(folder)]))[:limit]
    articles = [read(source).article for source in sources]
    words = [len(article.text.split()) for article in articles]
    for article in articles[:_RUNS]:
        extract(article)
    print(f"{len(articles)} articles, {sum(words):,} words")
    took = stages(articles)
    for name, seconds in took.items():
        print(f"  {name:<12}{1e6 * seconds / sum(words):>8.1f} ms per 1,000 words")
    alone = sum(took.values())
    print(f"  {'all':<12}{1e6 * alone / sum(words):>8.1f} ms per 1,000 words")
    print(f"{len(articles) / alone:.1f} articles a second and core")
    usual = min(range(len(articles)), key=lambda n: abs(words[n] - _WORDS))
    seconds, busy, memory = first_result(Path(sources[usual]))
    print(f"start to first result ({words[usual]:,} words): {seconds:.2f} s ({busy:.2f} s of a processor)")
    print(f"most memory resident meanwhile: {memory:,.0f} MB")
    print(f"  {'words':>8}{'ms':>9}{'ms per 1,000 words':>20}{'ratio':>8}")
    longest = articles[max(range(len(articles)), key=lambda n: words[n])]
    base = 0.0
    for count, seconds in growth(longest):
        each = 1e6 * seconds / count
        base = base or each
        print(f"  {count:>8,}{1000 * seconds:>9.0f}{each:>20.1f}{each / base:>8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=data_path("articles"))
    parser.add_argument("--limit", type=int, help="only the first so many articles")
    options = parser.parse_args()
    main(options.folder, options.limit)
