"""How well attributed statements are found in political news, and what the claims are found to be about.

Run ``python -m tests.benchmarks.bench_claims FOLDER``. The folder holds ``text/*.txt`` and ``attributions/*.ann`` (brat
standoff), as ``data/dev`` of PolNeAR does (https://github.com/networkdynamics/PolNeAR), which is no part of this
project. With ``--gold`` it holds articles annotated for this project instead: then it prints how well the reports are
found that a claim is on, of claims that are found.

An attribution has a cue, contents and perhaps a source; spans are compared as sets of words, signs left out. They are
matched one to one, those that share most first. Printed are precision, recall and F1 of: contents that share a word;
contents whose words in common are at least half of all their words (intersection over union); the same whose sources
share a word too, or neither has one; cues that share a word. PolNeAR takes a quotation that goes on in the next
sentence for a part of the attribution before it: a claim without a cue that directly follows another is joined to it.
"""

import argparse
import re
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.article import Article
from graph.extract.model import Claim, Extraction, Span
from graph.extract.pipeline import extract
from graph.training.material import Annotated, read_annotated

__all__ = ["Attributed", "main", "read"]

_WORD = re.compile(r"\w+")
#: Least share of words in common for a content to count as the same.
_SAME = 0.5
#: How many words further on a quotation begins at most that goes on.
_NEXT = 2
Words = frozenset[int]


@dataclass(frozen=True, slots=True)
class Attributed:
    """One statement: the numbers of the words of its parts, counted through the text."""

    content: Words
    source: Words
    cue: Words

    @property
    def every(self) -> Words:
        """All its words."""
        return self.content | self.source | self.cue


def read(text: Path, annotation: Path) -> tuple[str, list[Attributed]]:
    """Return a text and what is annotated in it, as far as it has a content."""
    plain = text.read_bytes().decode("utf-8")
    starts = [m.start() for m in _WORD.finditer(plain)]
    spans: dict[str, Words] = {}
    found: list[Attributed] = []
    for line in annotation.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if line.startswith("T") and not cells[1].startswith("Attribution"):
            pieces = [p.split() for p in cells[1].partition(" ")[2].split(";")]
            spans[cells[0]] = frozenset(n for a, b in pieces for n in _numbers(starts, int(a), int(b)))
        elif line.startswith("E"):
            parts: dict[str, Words] = {}
            for cell in cells[1].split():
                role, _, name = cell.partition(":")
                role = role.rstrip("0123456789")
                parts[role] = parts.get(role, frozenset()) | spans.get(name, frozenset())
            if parts.get("Content"):
                none: Words = frozenset()
                found.append(Attributed(parts["Content"], parts.get("Source", none), parts.get("Cue", none)))
    return plain, found


def _numbers(starts: Sequence[int], start: int, end: int) -> range:
    return range(bisect_left(starts, start), bisect_left(starts, end))


def _attributed(article: Article, claims: Iterable[Claim]) -> list[Attributed]:
    starts = [m.start() for m in _WORD.finditer(article.text)]
    found: list[Attributed] = []
    for claim in claims:
        content, source, cue = (
            _words(starts, spans)
            for spans in (claim.content, [s for s in [claim.speaker_span] if s], [s for s in [claim.cue] if s])
        )
        if (
            found
            and not cue
            and not source
            and content
            and any(0 <= min(content) - n <= _NEXT for n in found[-1].every)
        ):
            found[-1] = replace(found[-1], content=found[-1].content | content)
        else:
            found.append(Attributed(content, source, cue))
    return found


def _words(starts: Sequence[int], spans: Iterable[Span]) -> Words:
    return frozenset(n for s in spans for n in _numbers(starts, s.start, s.end))


def _pairs(gold: Sequence[Words], found: Sequence[Words], least: float) -> list[tuple[int, int]]:
    shares = [(-len(a & b) / len(a | b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found) if a & b]
    used: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for share, i, j in sorted(shares):
        if -share >= least and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


@dataclass
class _Tally:
    hits: int = 0
    gold: int = 0
    found: int = 0

    def add(self, hits: int, gold: int, found: int) -> None:
        self.hits, self.gold, self.found = self.hits + hits, self.gold + gold, self.found + found

    def __str__(self) -> str:
        p, r = self.hits / max(self.found, 1), self.hits / max(self.gold, 1)
        return f"{p:7.3f}{r:7.3f}{2 * p * r / max(p + r, 1e-9):7.3f}"


def _measure(tallies: dict[str, _Tally], gold: Sequence[Attributed], found: Sequence[Attributed]) -> None:
    contents = [a.content for a in gold], [a.content for a in found]
    same = _pairs(*contents, _SAME)
    sourced = [(i, j) for i, j in same if gold[i].source & found[j].source or not (gold[i].source or found[j].source)]
    figures = {
        "content overlap": _pairs(*contents, 0),
        "content IoU >= .5": same,
        "... and source": sourced,
        "cue": _pairs([a.cue for a in gold], [a.cue for a in found], 0),
    }
    for name, pairs in figures.items():
        tallies.setdefault(name, _Tally()).add(len(pairs), len(gold), len(found))


def _about(tally: _Tally, annotated: Annotated, found: Extraction) -> None:
    """Count the links to reports that were found, of claims that were found."""
    starts = [m.start() for m in _WORD.finditer(annotated.article.text)]

    def words(spans: Iterable[dict[str, Any]]) -> Words:
        return _words(starts, (Span(s["start"], s["end"], s["text"]) for s in spans))

    claims, events = annotated.gold["claims"], annotated.gold["events"]
    told = [_words(starts, r.mentions) for r in found.reports]
    same = {found.reports[j].key: events[i]["key"] for i, j in _pairs([words(e["mentions"]) for e in events], told, 0)}
    contents = [_words(starts, c.content) for c in found.claims]
    for i, j in _pairs([words(c["content"]) for c in claims], contents, _SAME):
        links, right = {same[key] for key in found.claims[j].about if key in same}, set(claims[i]["about"])
        tally.add(len(links & right), len(right & set(same.values())), len(links))


def main() -> None:
    """Print the figures of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gold", action="store_true", help="the folder holds articles annotated for this project")
    given = parser.parse_args()
    tallies: dict[str, _Tally] = {}
    words, start = 0, time.perf_counter()
    if given.gold:
        for annotated in read_annotated(given.folder):
            _about(tallies.setdefault("about", _Tally()), annotated, extract(annotated.article))
            words += len(annotated.article.text.split())
    else:
        for path in sorted((given.folder / "text").glob("*.txt")):
            # Where several people annotated an article, the first of them counts.
            annotations = sorted((given.folder / "attributions").glob(f"{path.stem}_????.ann"))
            if annotations:
                text, gold = read(path, annotations[0])
                article = Article.create(text)
                _measure(tallies, gold, _attributed(article, extract(article).claims))
                words += len(text.split())
    print(f"{'':20}{'P':>7}{'R':>7}{'F1':>7}")
    for name, tally in tallies.items():
        print(f"{name:20}{tally}")
    print(f"{words} words, {1e6 * (time.perf_counter() - start) / max(words, 1):.0f} ms per 1,000 for the extraction")


if __name__ == "__main__":
    main()
