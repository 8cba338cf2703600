"""How often each basis of a time expression's value is right: the table behind the confidence of times.

Nothing is fitted but one share a basis, and the rules that it judges do not learn, so the shares are counted on all of
the annotated articles.
"""

import json
from collections import Counter
from pathlib import Path

from graph.extract.text import segment
from graph.extract.times.basis import Basis
from graph.extract.times.resolve import resolve
from graph.files import write_whole
from graph.training.material import Annotated, Material

__all__ = ["times_table", "train"]


def train(material: Material, folder: Path) -> dict[str, float]:
    """Write ``times.json``; return the shares in it."""
    table = times_table(material)
    write_whole(folder / "times.json", (json.dumps(table, indent=1) + "\n").encode())
    return table


def times_table(material: Material) -> dict[str, float]:
    """Return for each basis how often what was found on it is a time expression of that value.

    Shares are smoothed (Laplace): a basis that never occurs is right half of the time.
    """
    right: Counter[Basis] = Counter()
    found: Counter[Basis] = Counter()
    for article in material.articles:
        for basis, is_right in _judged(article):
            found[basis] += 1
            right[basis] += is_right
    return {basis.value: round((right[basis] + 1) / (found[basis] + 2), 3) for basis in Basis}


def _judged(annotated: Annotated) -> list[tuple[Basis, bool]]:
    """Return the basis of each expression found in an article, and whether one of the gold standard has its value."""
    gold = [(t["start"], t["end"], _plain(str(t["value"]))) for t in annotated.gold["times"]]
    return [
        (
            time.meaning.basis,
            any(
                start < time.end and time.start < end and value == _plain(time.meaning.value)
                for start, end, value in gold
            ),
        )
        for time in resolve(segment(annotated.article))
    ]


def _plain(value: str) -> str:
    """Return a value without the marks of what is not said in it: ``198X`` and ``198`` are one decade."""
    return value.rstrip("X") if value[:1].isdigit() else value
