"""Trains what belongs to which event: its date, place and participants; and how sure each event is.

Mentions are found by taggers that did not see the article, and an event's confidence is learned from what such models
make of articles that they did not see, so that it holds for new ones (cross-fitting).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.extract.answers import Surroundings, answer, time_by_rule
from graph.extract.grouping import group
from graph.extract.learned import when, where, who
from graph.extract.learned.folder import models_from
from graph.extract.learned.loglinear import LogLinear, write_models
from graph.training.examples import FOLDS, Example, fold_of, happenings, held_out_examples, read_all
from graph.training.loglinear import Choice, fit
from graph.training.material import Material

__all__ = ["fit_links", "train"]

#: Strength of the prior of each choice, chosen by cross-validation.
_PRIOR = {"when": 12.0, "where": 10.0, "who": 10.0, "told": 5.0}
_FILE = "links.json.gz"


def train(material: Material, folder: Path) -> dict[str, float]:
    """Train on the annotated articles and write ``links.json.gz``.

    :returns: cross-validated: how many happenings were judged (``events``), the share of them that are annotated events
        (``right``), and the mean squared error of the confidence (``brier``, Brier 1950).
    """
    examples = held_out_examples(read_all(material.articles))
    judged = _judged(examples)
    told = fit([c for rows in judged for c in rows], prior=_PRIOR["told"])
    write_models({**fit_links(examples), "told": told}, folder / _FILE)
    errors = []
    for fold in range(FOLDS):
        model = fit([c for n, rows in enumerate(judged) if fold_of(n) != fold for c in rows], prior=_PRIOR["told"])
        for n, rows in enumerate(judged):
            if fold_of(n) == fold:
                errors += [(model.probability(c.candidates[0]) - (0 in c.right)) ** 2 for c in rows]
    right = sum(0 in c.right for rows in judged for c in rows)
    return {"events": len(errors), "right": right / len(errors), "brier": sum(errors) / len(errors)}


def _judged(examples: Sequence[Example]) -> list[list[Choice]]:
    """Return what the models make of articles that they did not learn from: each happening of each, right or not."""
    found: dict[int, list[Choice]] = {}
    for fold in range(FOLDS):
        with TemporaryDirectory() as folder:
            write_models(fit_links([e for n, e in enumerate(examples) if fold_of(n) != fold]), Path(folder, _FILE))
            with models_from(Path(folder)):
                for n, example in enumerate(examples):
                    if fold_of(n) == fold:
                        found[n] = list(_told(example))
    return [found[n] for n in range(len(examples))]


def _told(example: Example) -> Iterator[Choice]:
    grouped = group(example.tagged, example.mentions)
    around = Surroundings(example.tagged, grouped)
    events = [{e for t, _ in h.mentions if (e := example.event_of(t)) is not None} for h in grouped]
    # As the scorer matches them: one to one, first those with the largest share of mentions in common.
    shares = []
    for n, happening in enumerate(grouped):
        for e in events[n]:
            common = sum(example.event_of(t) == e for t, _ in happening.mentions)
            shares.append((-common / (len(happening.mentions) + len(example.events[e]["mentions"])), n, e))
    right: dict[int, int] = {}
    for _, n, e in sorted(shares):
        if n not in right and e not in right.values():
            right[n] = e
    for n, happening in enumerate(grouped):
        features = answer(around, happening).features
        yield Choice([features, ()], [0 if n in right else 1])


def fit_links(examples: Sequence[Example]) -> dict[str, LogLinear]:
    """Fit the choices of dates, places and participants."""
    return {
        "when": fit([c for e in examples for c in _when(e)], prior=_PRIOR["when"]),
        "where": fit([c for e in examples for c in _where(e)], prior=_PRIOR["where"]),
        "who": fit([c for e in examples for c in _who(e)], prior=_PRIOR["who"]),
    }


def _when(example: Example) -> Iterator[Choice]:
    dates = example.around.dates
    for happening, event in happenings(example):
        moment = time_by_rule(happening)
        rule = moment.edtf if moment else None
        candidates, published = dates.near(happening), example.around.published(happening)
        told = [when.features(dates, happening, c, rule, published) for c in candidates]
        right = [n for n, c in enumerate(candidates, 1) if c.edtf == event.get("time")]
        yield Choice([when.no_date(dates, happening, rule), *told], right or [0])


def _where(example: Example) -> Iterator[Choice]:
    names = example.around.names
    for happening, event in happenings(example):
        ruled = example.around.ruled_places(happening)
        among = where.candidates(names, happening, ruled)
        if not among:
            continue
        told = [where.features(names, happening, key, among, ruled) for key in among]
        right = [n for n, key in enumerate(among, 1) if example.is_named(key, event["places"])]
        yield Choice([where.no_place(names, happening, among, ruled), *told], right or [0])


def _who(example: Example) -> Iterator[Choice]:
    names = example.around.names
    for happening, event in happenings(example):
        rules = {key: rank for rank, key in enumerate(happening.actors())}
        for key, spots in who.candidates(names, happening).items():
            right = example.is_named(key, event["participants"])
            yield Choice([who.features(names, happening, key, spots, rules, "actor"), ()], [0 if right else 1])
