"""Made-up news of known truth: any number of articles, the same for the same seed, each made by its number alone.

The world grows with the number of articles, as the real one does: forty events a day, each the main matter of two
articles and the background of others; new people come and old ones go. One article in twenty is the copy of another
by a second publisher. People are made up of syllables, never of real names.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from graph.article import Article

__all__ = ["Happening", "News", "Person", "Story"]

_FIRST_DAY = date(1990, 1, 1)
_EVENTS_A_DAY = 40
_ARTICLES_AN_EVENT = 2
#: So many events pass before half of the people are new ones.
_ERA = 400
_PEOPLE = 200
#: Background is at most so many events back.
_BACK = 200
_COPY = 20


@cache
def _templates() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("templates.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up.

    :param key: the key that the name makes.
    """

    key: str
    name: str
    office: str

    @property
    def titled(self) -> str:
        """Office and name."""
        return f"{self.office} {self.name}"


@dataclass(frozen=True, slots=True)
class Happening:
    """A made-up event, as it was: the truth.

    :param told_as: the sentences that tell of it: those of a Meeting, a Call or an Agreement.
    :param city: None if it was nowhere in particular.
    """

    number: int
    told_as: str
    day: date
    people: tuple[Person, Person]
    city: str | None
    topic: str

    @property
    def type(self) -> str:
        """Local name of the event's type in the ontology: a meeting of heads of state or government is a summit."""
        heads = self.told_as == "Meeting" and all(p.office in _templates()["heads"] for p in self.people)
        return "Summit" if heads else self.told_as


@dataclass(frozen=True, slots=True)
class Story:
    """A made-up article with what is true of it.

    :param tells: numbers of the events that it tells of.
    :param copy_of: number of the article whose text it prints.
    """

    number: int
    article: Article
    tells: tuple[int, ...]
    copy_of: int | None


class News:
    """All made-up news of one seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def person(self, number: int) -> Person:
        """Return one of the people; no two have one name."""
        words = _templates()
        parts = [words[name] for name in ("starts", "middles", "middles", "seconds", "endings")]
        total = 1
        for part in parts:
            total *= len(part)
        # Neighbours are to be unlike: numbers are spread over all names, each used once (the factor is a prime).
        rest = number * 104_729 % total
        surname = ""
        for part in parts:
            rest, index = divmod(rest, len(part))
            surname += part[index]
        rng = self._random("person", number)
        first = rng.choice(words["first_names"])
        return Person(f"person/{first}-{surname}".lower(), f"{first} {surname}", rng.choice(words["offices"]))

    def happening(self, number: int) -> Happening:
        """Return one of the events."""
        rng = self._random("event", number)
        words = _templates()
        era = number // _ERA * (_PEOPLE // 2)
        one, other = rng.sample(range(era, era + _PEOPLE), 2)
        told_as = rng.choice(sorted(words["lead"]))
        return Happening(
            number,
            told_as,
            _FIRST_DAY + timedelta(days=number // _EVENTS_A_DAY),
            (self.person(one), self.person(other)),
            None if told_as == "Call" else rng.choice(words["cities"]),
            rng.choice(words["topics"]),
        )

    def story(self, number: int) -> Story:
        """Return one of the articles."""
        rng = self._random("article", number)
        words = _templates()
        publisher = words["publishers"][number % len(words["publishers"])]
        if number % _COPY == _COPY - 1:
            original = self.story(number - _ARTICLES_AN_EVENT)
            return Story(number, self._copy(original, publisher), original.tells, original.number)
        main = self.happening(number // _ARTICLES_AN_EVENT)
        back = main.number - rng.randint(1, _BACK)
        told = (main,) if back < 0 else (main, self.happening(back))
        topics = rng.sample(words["topics"], 12)
        filler = [
            text.format(topic=topics[2 * i], other=topics[2 * i + 1])
            for i, text in enumerate(rng.sample(words["filler"]["sentences"], 6))
        ]
        sentences = [_sentence(rng, "lead", main), *filler[:3]]
        if len(told) > 1:
            sentences.append(_sentence(rng, "background", told[1]))
        text = f"{' '.join(sentences)}\n\n{' '.join(filler[3:])}"
        a, b = main.people
        article = Article.create(
            text,
            title=f"{a.name} and {b.name}: {main.topic} ({number})",
            published=main.day + timedelta(days=1),
            publisher=publisher,
            url=f"https://news.zubrowka.example/{number}",
        )
        return Story(number, article, tuple(event.number for event in told), None)

    def stories(self, count: int, start: int = 0) -> Iterator[Story]:
        """Go through some articles in the order of their numbers."""
        return (self.story(number) for number in range(start, start + count))

    def lines(self, count: int) -> Iterator[str]:
        """Return articles as JSON Lines, which ``parley ingest`` reads."""
        for story in self.stories(count):
            values = story.article.to_dict()
            kept = {name: values[name] for name in ("text", "title", "url", "published", "publisher")}
            yield json.dumps(kept, ensure_ascii=False)

    def _copy(self, original: Story, publisher: str) -> Article:
        article = original.article
        return Article.create(
            article.text,
            title=article.title,
            published=article.published,
            publisher=f"{publisher} Evening Edition",
            url=f"{article.url}/copy",
        )

    def _random(self, kind: str, number: int) -> Random:
        return Random(f"{self._seed}/{kind}/{number}")


def _sentence(rng: Random, where: str, event: Happening) -> str:
    a, b = event.people
    text: str = rng.choice(_templates()[where][event.told_as])
    day = f"{event.day.day} {event.day:%B %Y}"
    return text.format(a=a.titled, b=b.titled, city=event.city, date=day, topic=event.topic)
