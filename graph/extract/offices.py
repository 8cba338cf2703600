"""Roles as articles state them: their labels, their keys, and which are offices held at the time of an event."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from graph.extract.lexicon import read_sections
from graph.extract.model import Office, Person, Report, Span
from graph.extract.tagging import Tagged
from graph.iris import slugify

__all__ = ["is_office", "role_keys", "role_label", "with_offices"]

#: An article of that time: published so many days at most before or after the event.
_THEN = timedelta(days=183)
_DETERMINER = re.compile(r"\A(?:the|a|an|his|her|its|their|one|another)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_PART = re.compile(r"[\w'’-]+")


def role_label(words: str) -> str:
    """Return the label of the role that words of an article state: without determiner, titles in lower case.

    >>> role_label("the Egyptian Foreign Minister"), role_label("Secretary of State"), role_label("U.S. President")
    ('Egyptian foreign minister', 'secretary of state', 'US president')
    >>> role_label("envoy to China and the United Nations")
    'envoy to China and the United Nations'
    """
    text = _DETERMINER.sub("", " ".join(words.split()))
    text = _DOTTED.sub(lambda m: m[0].replace(".", ""), text)
    return _WORD.sub(lambda m: m[0].casefold() if m[0].casefold() in _common() else m[0], text) or words


def is_office(role: str) -> bool:
    """Tell whether a role is an office, and one that is held: by its noun (``data/lexicons/offices.txt``).

    >>> is_office("foreign minister of Zubrowka"), is_office("former president"), is_office("historian")
    (True, False, False)
    """
    words = _PART.findall(role.casefold())
    parts = {part for word in words for part in (word, *word.split("-"))}
    if not words or parts & _section("not held"):
        return False
    end = next((n for n, word in enumerate(words) if word in _section("of what") and n), len(words))
    return words[end - 1] in _section("office")


def role_keys(article: str, people: Iterable[Person]) -> Mapping[tuple[str, Span], str]:
    """Return the key of each role that an article states, by person and words: numbered in order of text.

    A role that is stated of a person twice has one key.

    :param article: the article's key.
    """
    stated = sorted((role.span, person.key) for person in people for role in person.roles)
    numbers: dict[tuple[str, str], str] = {}
    found = {}
    for span, person in stated:
        of = (person, slugify(role_label(span.text)))
        found[person, span] = numbers.setdefault(of, f"{article}/role/{len(numbers) + 1}")
    return found


def with_offices(tagged: Tagged, people: Sequence[Person], reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return reports with the offices that those who take part hold at the time of the event, as the article states.

    That are those of the sentences that name the event and, where the article came out within half a year of it, all.
    """
    article = tagged.document.article
    keys = role_keys(article.key, people)
    stated = {p.key: [r.span for r in p.roles if is_office(r.span.text)] for p in people}
    found = []
    for report in reports:
        sentences = {_sentence(tagged, mention) for mention in report.mentions}
        then = _is_near(tagged.document.section_at(report.mentions[0].start).published, report)
        offices = (
            Office(person, role_label(span.text), keys[person, span])
            for person in report.participants
            for span in stated.get(person, ())
            if then or _sentence(tagged, span) in sentences
        )
        found.append(replace(report, offices=tuple(sorted({(o.person, o.source): o for o in offices}.values()))))
    return tuple(found)


def _sentence(tagged: Tagged, span: Span) -> int:
    first, _ = tagged.cover(span)
    return tagged.words[min(first, len(tagged.words) - 1)].sentence


def _is_near(published: date | None, report: Report) -> bool:
    if published is None or report.earliest is None or report.latest is None:
        return False
    # Not by adding to days: there may be none before the first, or after the last.
    return report.earliest - published <= _THEN and published - report.latest <= _THEN


@cache
def _section(name: str) -> frozenset[str]:
    return frozenset(word for line in read_sections("offices.txt")[name] for word in line.split())


@cache
def _common() -> frozenset[str]:
    """Return the words of the lexicon of roles: titles of office, written with or without a capital."""
    sections = read_sections("roles.txt")
    entries = (*sections["title"], *sections["head"], *sections["modifier"])
    return frozenset(word.casefold() for entry in entries for word in _WORD.findall(entry))
