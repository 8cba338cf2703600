"""How far confidence can be trusted: of findings with a confidence, which share an annotation has as well.

    python -m tests.benchmarks.bench_confidence GOLD_DIR

GOLD_DIR holds NAME.md beside NAME.gold.json. A report is right if it shares a mention with an annotated event, one to
one; a claim, if the words of its content agree with those of an annotated one (F1 at least 0.5), one to one; a time, if
it overlaps an annotated one and has the same TIMEX3 value. ECE is the expected calibration error (Naeini, Cooper and
Hauskrecht 2015): the mean distance between confidence and share, weighed by how many findings there are.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from graph.extract.model import Extraction, Span
from graph.extract.pipeline import extract
from graph.training.material import read_annotated

__all__ = ["judge", "table"]

#: A finding's confidence, and whether it is right.
Judged = tuple[float, bool]
_BINS = 10
_AGREE = 0.5


def _pairs(scores: dict[tuple[int, int], float]) -> set[int]:
    """Match found things with annotated ones, one to one, best first; return which of the found are matched."""
    gold: set[int] = set()
    found: set[int] = set()
    for g, f in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if g not in gold and f not in found:
            gold.add(g)
            found.add(f)
    return found


def _overlap(span: Span, other: dict[str, Any]) -> bool:
    return bool(span.start < other["end"] and other["start"] < span.end)


def _reports(extraction: Extraction, gold: dict[str, Any]) -> Iterator[Judged]:
    scores = {}
    for g, event in enumerate(gold["events"]):
        for f, report in enumerate(extraction.reports):
            shared = sum(any(_overlap(span, m) for span in report.mentions) for m in event["mentions"])
            if shared:
                scores[g, f] = shared / (len(event["mentions"]) + len(report.mentions))
    matched = _pairs(scores)
    yield from ((report.confidence, f in matched) for f, report in enumerate(extraction.reports))


def _words(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    return {m.start() for start, end in spans for m in re.compile(r"\w+|[^\w\s]").finditer(text, start, end)}


def _claims(extraction: Extraction, gold: dict[str, Any]) -> Iterator[Judged]:
    text, scores = extraction.article.text, {}
    annotated = [_words(text, [(s["start"], s["end"]) for s in c["content"]]) for c in gold["claims"]]
    for f, claim in enumerate(extraction.claims):
        words = _words(text, [(s.start, s.end) for s in claim.content])
        for g, others in enumerate(annotated):
            agreement = 2 * len(words & others) / max(1, len(words) + len(others))
            if agreement >= _AGREE:
                scores[g, f] = agreement
    matched = _pairs(scores)
    yield from ((claim.confidence, f in matched) for f, claim in enumerate(extraction.claims))


def _times(extraction: Extraction, gold: dict[str, Any]) -> Iterator[Judged]:
    for time in extraction.times:
        same = [t for t in gold["times"] if _overlap(time.span, t.get("span", t))]
        yield time.confidence, any(str(t["value"]).upper() == time.value.upper() for t in same)


_KINDS: dict[str, Callable[[Extraction, dict[str, Any]], Iterator[Judged]]] = {
    "reports": _reports,
    "claims": _claims,
    "times": _times,
}


def judge(extraction: Extraction, gold: dict[str, Any], kind: str) -> list[Judged]:
    """Return confidence and rightness of each finding of a kind: ``reports``, ``claims`` or ``times``."""
    return list(_KINDS[kind](extraction, gold))


def table(judged: Sequence[Judged]) -> list[str]:
    """Return the reliability curve, one line for each tenth of confidence that has findings, and the ECE."""
    lines, error = [], 0.0
    for n in range(_BINS):
        here = [(c, r) for c, r in judged if min(_BINS - 1, int(c * _BINS)) == n]
        if here:
            mean, share = sum(c for c, _ in here) / len(here), sum(r for _, r in here) / len(here)
            error += abs(mean - share) * len(here) / len(judged)
            bounds = f"{n / _BINS:.1f}-{(n + 1) / _BINS:.1f}"
            lines.append(f"  {bounds}  {len(here):5}  {mean:.2f}  {share:.2f}  {'#' * round(40 * share)}")
    return [*lines, f"  ECE {error:.3f} over {len(judged)} findings"]


def main(folder: Path) -> None:
    """Print the reliability curves of all kinds of findings."""
    judged: dict[str, list[Judged]] = {kind: [] for kind in _KINDS}
    for annotated in read_annotated(folder):
        extraction = extract(annotated.article)
        for kind, rows in judged.items():
            rows += judge(extraction, annotated.gold, kind)
    for kind, rows in judged.items():
        print(f"{kind}: confidence, findings, mean confidence, share right")
        print("\n".join(table(rows)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
