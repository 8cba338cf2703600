"""Trains the event tagger (``events.crfsuite``) on annotated articles."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph.extract.learned.events import Features
from graph.extract.model import Span
from graph.extract.pipeline import prepare
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, find_triggers
from graph.training.crf import train_crf
from graph.training.material import Annotated, Material

__all__ = ["fit_tagger", "labels", "train"]


def train(material: Material, folder: Path) -> dict[str, float]:
    """Train on the annotated articles and write ``events.crfsuite``.

    :returns: how many articles, and mentions of events in them. :mod:`graph.training.links` measures the tagger.
    """
    examples = []
    for annotated in material.articles:
        _, _, tagged = prepare(annotated.article)
        examples.append((annotated, tagged, find_triggers(tagged)))
    fit_tagger(examples, folder / "events.crfsuite")
    mentions = sum(len(e["mentions"]) for a in material.articles for e in a.gold["events"])
    return {"articles": len(examples), "mentions": mentions}


def labels(tagged: Tagged, annotated: Annotated) -> list[str]:
    """Return the label of each word: ``B-TYPE`` begins a mention of an event, ``I-TYPE`` goes on, ``O`` is of none."""
    found = ["O"] * len(tagged.words)
    spans = [(m["end"] - m["start"], m["start"], m, e["type"]) for e in annotated.gold["events"] for m in e["mentions"]]
    for _, _, mention, kind in sorted(spans, key=lambda s: s[:2]):
        i, j = tagged.cover(Span(mention["start"], mention["end"], mention["text"]))
        if all(label == "O" for label in found[i:j]):
            found[i:j] = [f"{'I' if k else 'B'}-{kind}" for k in range(j - i)]
    return found


def fit_tagger(examples: Sequence[tuple[Annotated, Tagged, Sequence[Trigger]]], path: Path) -> None:
    """Train on articles, each with its words and what the lexicon of triggers finds in it, and write the model."""
    train_crf(_sequences(examples), path, l1=0.05, l2=0.3, minfreq=2, rounds=80)


def _sequences(
    examples: Sequence[tuple[Annotated, Tagged, Sequence[Trigger]]],
) -> Iterator[tuple[list[list[str]], list[str]]]:
    for annotated, tagged, triggers in examples:
        told, features = labels(tagged, annotated), Features(tagged, triggers)
        for first, end in tagged.bounds:
            if first < end:
                yield features(first, end), told[first:end]
