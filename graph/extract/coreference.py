"""Finds every mention of the people of an article: by full name, family name, or another part of the name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract.gazetteer import places
from graph.extract.individuals import Individual
from graph.extract.lexicon import capitalised_stop_words, given_names, name_particles, reporting_verbs
from graph.extract.organizations import known_organizations
from graph.extract.people import title_before
from graph.extract.tokens import Phrases, Token, words_of

__all__ = ["PersonMention", "find_mentions"]

_SUFFIXES = frozenset(("Jr", "Sr"))
_FEMALE = frozenset(("mrs", "ms", "miss", "madame", "first lady", "lady", "queen", "princess"))
_MALE = frozenset(("mr", "sir", "king", "prince", "lord", "monsieur", "herr"))


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Tokens ``[start, end)`` that name the individual with this number."""

    start: int
    end: int
    individual: int


def _aliases(people: Sequence[Individual]) -> Phrases[tuple[int, ...]]:
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    givens: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        for printed in sorted(person.printed - {()}):
            if len(printed) > 1:
                by_words[printed].append(number)
        for form in sorted({*person.forms, person.words}):
            form = tuple(w for w in form if w not in _SUFFIXES) or form
            parts = [words_of(part) for part in form]
            whole = _written(form)
            by_words[whole].append(number)
            family = person.family
            by_words[words_of(" ".join(family))].append(number)
            last = parts[-1]
            if len(last) > 2 and last[0].casefold() in name_particles():
                by_words[last[2:]].append(number)
            for k in range(1, len(form)):
                # "Lopez Obrador" of "Andres Manuel Lopez Obrador", "von Bismarck" of "Otto von Bismarck".
                tail = form[k:]
                if family == person.words[-1:] and (len(tail) > 1 or family[0] == tail[-1]):
                    by_words[_written(tail)].append(number)
            if len(form) > 1 and form[0] in given_names() and family != form[:1] and len(form[0]) > 2:
                givens[(form[0],)].append(number)
    for words, numbers in givens.items():
        if words not in by_words and len(set(numbers)) == 1:
            by_words[words] = numbers
    return Phrases((" ".join(words), tuple(sorted(set(numbers)))) for words, numbers in by_words.items() if words)


def _written(form: tuple[str, ...]) -> tuple[str, ...]:
    words: list[str] = []
    for part in form:
        words += words_of(part)
        if len(part) == 1 and part.isupper():
            words.append(".")
    return tuple(words)


def find_mentions(tokens: Sequence[Token], people: Sequence[Individual]) -> list[PersonMention]:
    """Find all mentions of the people.

    A name that several share goes to whom the title fits, else to whom the article is more about.
    """
    aliases = _aliases(people)
    found: list[PersonMention] = []
    last: dict[int, int] = {}
    i = 0
    while i < len(tokens):
        hit = aliases.match(tokens, i) if tokens[i].cap or tokens[i].text in name_particles() else None
        if hit is None or not _means_person(tokens, i, hit[0], people, hit[1]):
            i += 1
            continue
        number = _choose(tokens, i, hit[1], people, last)
        last[number] = i
        found.append(PersonMention(i, hit[0], number))
        i = hit[0]
    return found


def _means_person(
    tokens: Sequence[Token], i: int, j: int, people: Sequence[Individual], numbers: Sequence[int]
) -> bool:
    if j - i > 1 and not (j - i == 2 and tokens[j - 1].text == "."):
        return True
    word = tokens[i].text
    before = tokens[i - 1] if i and tokens[i - 1].line == tokens[i].line else None
    following = tokens[j] if j < len(tokens) and tokens[j].line == tokens[i].line else None
    titled = title_before(tokens, i) is not None
    if word in given_names() and all(people[n].family != (word,) for n in numbers):
        # A given name alone: not before another name ("John Major"), not after one.
        return not (following and following.cap) and not (before and before.cap and not titled)
    if word in capitalised_stop_words():
        return titled or (following is not None and following.low in reporting_verbs() and not tokens[i].first)
    if j + 1 < len(tokens) and tokens[j].text == "," and not titled and places().match(tokens, j + 1):
        return False
    place = places().match(tokens, i)
    if place and not titled:
        return False
    known = known_organizations().match(tokens, i)
    body = known is not None and (known[0] > j or (known[0] == j and before is not None and before.low == "the"))
    if (place and place[0] > j) or body:
        return titled and not (place and place[0] > j)
    # Another person's full name: "Bill Clinton" is no mention of Hillary Clinton.
    return not (before and before.cap and before.text in given_names() and not titled and not before.first
                and not any(before.text in form for n in numbers for form in people[n].forms)
                and not before.headline)  # fmt: skip


def _choose(
    tokens: Sequence[Token], i: int, numbers: Sequence[int], people: Sequence[Individual], last: dict[int, int]
) -> int:
    if len(numbers) == 1:
        return numbers[0]
    title = title_before(tokens, i)
    if title:
        fits = [n for n in numbers if title[1] in people[n].titles]
        if not fits and title[1] in _FEMALE:
            fits = [n for n in numbers if people[n].titles & _FEMALE]
        if not fits and title[1] in _MALE:
            fits = [n for n in numbers if not people[n].titles & _FEMALE]
        numbers = fits or numbers
    # Writers call the person whom an article is about by the family name, and relatives by their full names.
    return max(numbers, key=lambda n: (people[n].named, last.get(n, -people[n].first - 1)))
