"""How well people, organizations and places are found, with the names as printed and with names that nobody has.

Run ``python -m tests.benchmarks.bench_names FOLDER`` on annotated articles (``NAME.md`` beside ``NAME.gold.json``).
In the second table every telling word of the people and organizations of an article is replaced, everywhere alike, by
an invented one: no list knows it, and only its shape and the words around it show what it is. A mention counts where
one of the same kind shares a word with it.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from graph.extract.learned.crf import spans_of
from graph.extract.model import Organization, Person, Place
from graph.extract.names import Entities, find_entities
from graph.extract.text import segment
from graph.extract.tokens import Token
from graph.training.material import Annotated, read_annotated
from graph.training.names import labelled_words, rename

__all__ = ["count", "main", "print_as"]


def print_as(text: str, old: Sequence[Token], new: Sequence[Token]) -> tuple[str, list[int]]:
    """Return a text with its words replaced, and the offset at which each word then begins."""
    made, starts, at = "", [], 0
    for before, after in zip(old, new, strict=True):
        same = after.text == before.text
        made += text[at : before.start]
        starts.append(len(made))
        made += text[before.start : before.end] if same else after.text
        at = before.end
    return made + text[at:], starts


def count(articles: Iterable[Annotated], chance: Random | None) -> Counter[str]:
    """Count the mentions of each kind that are annotated, found, and both; also words and milliseconds.

    :param chance: invents names; None for those that are printed.
    """
    counts = Counter[str]()
    for annotated in articles:
        tokens, labels = labelled_words(annotated, segment(annotated.article))
        shown = tokens if chance is None else rename(tokens, labels, chance)
        text, starts = print_as(annotated.article.text, tokens, shown)
        document = segment(replace(annotated.article, text=text))
        begun = time.process_time()
        entities = find_entities(document)
        counts["ms"] += round(1000 * (time.process_time() - begun))
        counts["words"] += len(text.split())
        gold = [(starts[i], starts[j - 1] + len(shown[j - 1].text), kind) for i, j, kind in spans_of(labels)]
        found = _spans(entities)
        for one, other, name in ((gold, found, "recalled"), (found, gold, "right")):
            counts.update(f"{name} {k}" for s, e, k in one if any(k == x and s < b and a < e for a, b, x in other))
        counts.update(f"gold {kind}" for _, _, kind in gold)
        counts.update(f"found {kind}" for _, _, kind in found)
    return counts


def _spans(entities: Entities) -> list[tuple[int, int, str]]:
    kinds: tuple[tuple[Iterable[Person | Organization | Place], str], ...] = (
        (entities.people, "PER"), (entities.organizations, "ORG"), (entities.places, "LOC"),
    )  # fmt: skip
    return [(m.start, m.end, kind) for group, kind in kinds for entity in group for m in entity.mentions]


def main() -> None:
    """Print precision, recall and F1 of mentions by kind, and milliseconds per 1,000 words."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    articles = read_annotated(parser.parse_args().folder)
    count(articles[:1], None)  # reads lists and models, which is no part of the time
    for title, chance in (("as printed", None), ("invented", Random(0))):
        counts = count(articles, chance)
        for kind in ("PER", "ORG", "LOC"):
            precision = counts[f"right {kind}"] / max(1, counts[f"found {kind}"])
            recall = counts[f"recalled {kind}"] / max(1, counts[f"gold {kind}"])
            f1 = 2 * precision * recall / max(precision + recall, 1e-9)
            print(
                f"{title:12}{kind:5}{100 * precision:6.1f}{100 * recall:6.1f}{100 * f1:6.1f}{counts[f'gold {kind}']:7}"
            )
        print(f"{title:12}{1000 * counts['ms'] / counts['words']:6.1f} ms per 1,000 words")


if __name__ == "__main__":
    main()
