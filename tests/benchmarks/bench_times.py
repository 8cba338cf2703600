"""How well time expressions are found and resolved, measured as TempEval-3 did, and how long that takes.

Run ``python -m tests.benchmarks.bench_times FOLDER``. The folder holds TimeML files (``*.tml``: TimeBank, AQUAINT) or
WikiWars with inline annotation (``*.key.xml``); neither is part of this project.

As in TempEval-3 (UzZaman et al. 2013): only expressions inside ``TEXT`` count, so the creation time of a document is
given to the program and never scored; expressions without words (implied ones) are left out. A strict match has the
same words, a relaxed one some of them; a value counts where a relaxed match has the value of the gold standard, letter
by letter, and its F1 is over all expressions of either side. "Meaning" counts other spellings of a value too: ``198``
and ``198X``, ``PXE`` and ``PXDE``, ``2000-W7`` and ``2000-W07``, ``1949-XX`` and ``1949``.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from graph.article import Article
from graph.extract.model import TimeExpression
from graph.extract.text import segment
from graph.extract.times import find_times

__all__ = ["Timex", "main", "read", "same"]


@dataclass(frozen=True)
class Timex:
    """One annotated expression; the offsets count in the text of its document."""

    start: int
    end: int
    text: str
    value: str


def read(path: Path) -> tuple[str, date | None, list[Timex]]:
    """Return the text of a document, the day of its creation, and its annotated expressions."""
    # WikiWars has bare ampersands.
    root = ElementTree.fromstring(re.sub(r"&(?!\w+;)", "&amp;", path.read_text(encoding="utf-8").lstrip("\ufeff")))
    body = root.find("TEXT")
    created = root.find("DCT/TIMEX3")
    if created is None:
        created = root.find("DATETIME/TIMEX2")
    if body is None:
        raise ValueError(f"{path} has no TEXT")
    gold: list[Timex] = []
    text = _walk(body, gold, 0)
    written = created is not None and re.match(r"\d{4}-\d\d-\d\d", _value(created))
    return text, date.fromisoformat(written[0]) if written else None, gold


def _value(element: ElementTree.Element) -> str:
    return element.get("value") or element.get("val") or element.get("VAL") or ""


def _walk(element: ElementTree.Element, gold: list[Timex], start: int) -> str:
    """Return the text of an element that begins at an offset, noting the expressions in it."""
    text = element.text or ""
    for child in element:
        text += _walk(child, gold, start + len(text)) + (child.tail or "")
    if element.tag in ("TIMEX3", "TIMEX2") and text.strip():
        gold.append(Timex(start, start + len(text), text, _value(element)))
    return text


def same(one: str, other: str) -> bool:
    """Tell whether two values are spellings of one.

    >>> same("2000-W7", "2000-W07"), same("1949-XX", "1949"), same("198", "198X"), same("1949", "194X")
    (True, True, True, False)
    """

    def plain(value: str) -> str:
        value = re.sub(r"(-XX)+$", "", value.upper())
        value = re.sub(r"-W(\d)(?!\d)", r"-W0\1", value)
        return re.sub(r"^(P\w*)DE$", r"\1E", re.sub(r"^(\d{2,3})X{1,2}$", r"\1", value))

    return plain(one) == plain(other)


def _pairs(gold: list[Timex], found: tuple[TimeExpression, ...]) -> Iterator[tuple[Timex, TimeExpression]]:
    """Yield expressions that share words, each once, those with the most in common first."""
    common = {
        (g, f): min(gold[g].end, found[f].span.end) - max(gold[g].start, found[f].span.start)
        for g in range(len(gold))
        for f in range(len(found))
        if gold[g].start < found[f].span.end and found[f].span.start < gold[g].end
    }
    used: set[tuple[str, int]] = set()
    for (g, f), _ in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if ("g", g) not in used and ("f", f) not in used:
            used |= {("g", g), ("f", f)}
            yield gold[g], found[f]


def _f1(hits: int, gold: int, found: int) -> str:
    return f"{hits / found if found else 0:.3f} {hits / gold if gold else 0:.3f} {2 * hits / (gold + found or 1):.3f}"


def main() -> None:
    """Print strict, relaxed and value precision, recall and F1, and milliseconds per 1,000 words."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--undated", action="store_true", help="do not tell the program when a document was made")
    parser.add_argument("--misses", action="store_true", help="list what was missed, made up or given another value")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    seconds = 0.0
    for path in sorted([*options.folder.rglob("*.tml"), *options.folder.rglob("*.key.xml")]):
        text, created, gold = read(path)
        document = segment(Article(text=text, identity=path.name, published=None if options.undated else created))
        begun = time.process_time()
        found = find_times(document)
        seconds += time.process_time() - begun
        pairs = list(_pairs(gold, found))
        counts += Counter(
            documents=1,
            words=len(text.split()),
            gold=len(gold),
            found=len(found),
            relaxed=len(pairs),
            strict=sum(g.text.strip() == f.span.text.strip() for g, f in pairs),
            value=sum(g.value == f.value for g, f in pairs),
            meaning=sum(same(g.value, f.value) for g, f in pairs),
        )
        if options.misses:
            _print_misses(path.name, text, gold, found, pairs)
    print(f"{counts['documents']} documents, {counts['gold']} expressions, {counts['found']} found")
    for kind in ("strict", "relaxed", "value", "meaning"):
        print(f"{kind:8} P R F1  {_f1(counts[kind], counts['gold'], counts['found'])}")
    print(f"{1e6 * seconds / max(counts['words'], 1):.1f} ms per 1,000 words")


def _print_misses(
    name: str,
    text: str,
    gold: list[Timex],
    found: tuple[TimeExpression, ...],
    pairs: list[tuple[Timex, TimeExpression]],
) -> None:
    def around(start: int, end: int) -> str:
        return " ".join(f"{text[max(0, start - 50) : start]}[{text[start:end]}]{text[end : end + 40]}".split())

    matched, taken = {g for g, _ in pairs}, {f for _, f in pairs}
    for g, f in pairs:
        if not same(g.value, f.value):
            print(f"value\t{g.text}\t{g.value}\t{f.value}\t{f.span.text}\t{around(g.start, g.end)}\t{name}")
        if g.text.strip() != f.span.text.strip():
            print(f"span\t{g.text}\t{g.value}\t{f.value}\t{f.span.text}\t{around(g.start, g.end)}\t{name}")
    for g in gold:
        if g not in matched:
            print(f"missed\t{g.text}\t{g.value}\t\t\t{around(g.start, g.end)}\t{name}")
    for f in found:
        if f not in taken:
            print(f"spurious\t{f.span.text}\t\t{f.value}\t\t{around(f.span.start, f.span.end)}\t{name}")


if __name__ == "__main__":
    main()
