"""Annotated articles as the extractor sees them: words, names, and mentions of events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.extract.answers import Surroundings
from graph.extract.circumstances import Circumstances
from graph.extract.events import read_mentions
from graph.extract.happenings import Happening
from graph.extract.learned.events import find_mentions
from graph.extract.learned.folder import models_from
from graph.extract.names import Entities
from graph.extract.pipeline import prepare
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger, find_triggers
from graph.training.events import fit_tagger
from graph.training.material import Annotated

__all__ = ["FOLDS", "Example", "Reading", "fold_of", "happenings", "held_out_examples", "read_all"]

#: In so many parts articles are cut for cross-validation.
FOLDS = 5


def fold_of(number: int) -> int:
    """Return the part that an article is in, by its number in the order of names."""
    return number % FOLDS


@dataclass(frozen=True)
class Reading:
    """An annotated article with its words and names."""

    annotated: Annotated
    entities: Entities
    tagged: Tagged

    @cached_property
    def triggers(self) -> list[Trigger]:
        """What the lexicon of triggers finds."""
        return find_triggers(self.tagged)


@dataclass
class Example:
    """An annotated article with the mentions of events that were found in it."""

    reading: Reading
    mentions: Sequence[tuple[Trigger, Circumstances]]

    @property
    def tagged(self) -> Tagged:
        """The words of the article."""
        return self.reading.tagged

    @property
    def events(self) -> list[dict[str, Any]]:
        """The annotated events."""
        return list(self.reading.annotated.gold["events"])

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """The names of people, organizations and places, by key."""
        found = self.reading.entities
        return {e.key: {e.name, *e.aliases} for kind in (found.people, found.organizations, found.places) for e in kind}

    @cached_property
    def around(self) -> Surroundings:
        """What stands around the mentions, those of one annotated event together."""
        return Surroundings(self.tagged, [h for h, _ in happenings(self)])

    def event_of(self, trigger: Trigger) -> int | None:
        """Return the number of the annotated event that a mention is of: the one with most letters in common."""
        best, most = None, 0
        for number, event in enumerate(self.events):
            for span in event["mentions"]:
                common = min(span["end"], trigger.span.end) - max(span["start"], trigger.span.start)
                if common > most:
                    best, most = number, common
        return best

    def is_named(self, key: str, names: Iterable[str]) -> bool:
        """Tell whether a key is of something that an annotation names."""
        return any(_same_name(a, b) for a in self.names.get(key, ()) for b in names)


def _same_name(name: str, other: str) -> bool:
    a, b = name.casefold(), other.casefold()
    return a == b or (a.split()[-1:] == b.split()[-1:] and (a in b or b in a))


def happenings(example: Example) -> Iterator[tuple[Happening, dict[str, Any]]]:
    """Yield the mentions of each annotated event, as far as they were found, with its annotation."""
    groups: dict[int, Happening] = {}
    for trigger, around in example.mentions:
        event = example.event_of(trigger)
        if event is not None:
            groups.setdefault(event, Happening(trigger.type, 0)).add(trigger, around)
    for number, happening in groups.items():
        yield happening, example.events[number]


def read_all(articles: Sequence[Annotated]) -> list[Reading]:
    """Read annotated articles with the models in use."""
    readings = []
    for annotated in articles:
        entities, _, tagged = prepare(annotated.article)
        readings.append(Reading(annotated, entities, tagged))
    return readings


def held_out_examples(readings: Sequence[Reading]) -> list[Example]:
    """Find the mentions of events in each article with a tagger that learned from other articles only."""
    found: dict[int, Example] = {}
    for fold in range(FOLDS):
        with TemporaryDirectory() as folder:
            rest = [r for n, r in enumerate(readings) if fold_of(n) != fold]
            fit_tagger([(r.annotated, r.tagged, r.triggers) for r in rest], Path(folder, "events.crfsuite"))
            with models_from(Path(folder)):
                for n, reading in enumerate(readings):
                    if fold_of(n) == fold:
                        triggers = find_mentions(reading.tagged, reading.triggers)
                        found[n] = Example(reading, read_mentions(reading.tagged, triggers))
    return [found[n] for n in range(len(readings))]
