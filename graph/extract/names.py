"""Finds who and what an article names: people with their roles, organizations, places.

Rules over lexicons, in this order: organizations (the longest names), people (full names first, then every short
form of them), places in what is left. A name stands for one thing all through an article.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.extract.coreference import PersonMention, find_mentions
from graph.extract.customary import customary_name
from graph.extract.evidence import Evidence
from graph.extract.gazetteer import Entry, places
from graph.extract.incumbents import incumbent, namesake, years_of
from graph.extract.individuals import Individual, individuals
from graph.extract.learned.names import guess_names
from graph.extract.lexicon import given_names
from graph.extract.model import Organization, Person, Place, Role, Span
from graph.extract.organizations import find_organizations
from graph.extract.people import Run, find_namesakes, find_runs, runs_of
from graph.extract.places import PlaceMention, find_demonyms, find_places, find_sites
from graph.extract.roles import roles_at
from graph.extract.short_forms import Found
from graph.extract.text import Document
from graph.extract.tokens import Token, span_of, tokenize
from graph.iris import slugify

__all__ = ["Entities", "find_entities", "gather"]


@dataclass(frozen=True)
class Entities:
    """What an article names. Mentions of one kind do not overlap; keys are unique.

    :param demonyms: spans such as ``Israeli`` and ``North Koreans``, which are no mentions, with the key of the place
        that they stand for; the place itself need not be among ``places``.
    """

    people: tuple[Person, ...]
    organizations: tuple[Organization, ...]
    places: tuple[Place, ...]
    demonyms: tuple[tuple[Span, str], ...]


def find_entities(document: Document) -> Entities:
    """Find people, organizations and places in an article.

    >>> from graph.article import Article
    >>> from graph.extract.text import segment
    >>> found = find_entities(segment(Article.create("Foreign Minister Ana Petrova flew to Vienna. Petrova smiled.")))
    >>> [(p.name, [m.text for m in p.mentions], [r.span.text for r in p.roles]) for p in found.people]
    [('Ana Petrova', ['Ana Petrova', 'Petrova'], ['Foreign Minister'])]
    >>> [(p.key, p.kind.value) for p in found.places]
    [('place/vienna', 'city')]
    """
    tokens = tokenize(document)
    evidence = Evidence.of(tokens, guess_names(tokens, frozenset(s.start for s in document.sentences)))
    organizations = find_organizations(tokens, evidence.names["ORG"])
    in_organization = _covered(organizations)
    lower = frozenset(t.text for t in tokens if t.text.islower())
    sites = find_sites(tokens, in_organization)
    taken = in_organization | _long_places(tokens) | _covered(sites)
    runs = find_runs(tokens, taken, lower)
    runs += runs_of(tokens, evidence.names["PER"], taken | _covered(runs))
    people = individuals([*runs, *find_namesakes(tokens)])
    organizations = _without_people(tokens, organizations, people)
    mentions = find_mentions(tokens, people)
    in_person = _covered(mentions)
    found = find_places(tokens, in_organization | in_person, sites, evidence.names["LOC"])
    return gather(document, tokens, organizations, people, mentions, found)


def gather(
    document: Document,
    tokens: Sequence[Token],
    organizations: Sequence[Found],
    people: Sequence[Individual],
    mentions: Sequence[PersonMention],
    found: Sequence[PlaceMention],
) -> Entities:
    """Make entities of mentions, each with all its mentions; people with the roles stated beside them.

    :param mentions: of the people, by their number.
    :param found: the mentions of places.
    """
    made_organizations = _organizations(document, tokens, organizations)
    made_places = _places(document, tokens, found)
    owners: list[tuple[Found | PlaceMention, str]] = [(m, f"organization/{slugify(m.name)}") for m in organizations]
    named = [*owners, *((m, m.entry.key) for m in found)]
    return Entities(
        _people(document, tokens, people, mentions, named),
        made_organizations,
        made_places,
        tuple((span_of(document, tokens, i, j), key) for i, j, key in find_demonyms(tokens)),
    )


def _without_people(tokens: Sequence[Token], found: Sequence[Found], people: Sequence[Individual]) -> list[Found]:
    """Leave out "House" where the article has an Edward House: an organization of that name has an article."""
    families = {p.words[-1] for p in people if p.named}
    return [
        m for m in found
        if m.end - m.start > 1 or tokens[m.start].text not in families or (m.start and tokens[m.start - 1].low == "the")
    ]  # fmt: skip


def _covered(mentions: Iterable[Found | PersonMention | PlaceMention | Run]) -> set[int]:
    return {k for m in mentions for k in range(m.start, m.end)}


def _long_places(tokens: Sequence[Token]) -> set[int]:
    found: set[int] = set()
    for i, token in enumerate(tokens):
        hit = places().match(tokens, i) if token.cap else None
        if hit and hit[0] - i > 1:
            found.update(range(i, hit[0]))
    return found


def _aliases(name: str, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(sorted({" ".join(s.text.split()) for s in spans} - {name}))


def _people(
    document: Document,
    tokens: Sequence[Token],
    people: Sequence[Individual],
    mentions: Sequence[PersonMention],
    named: Sequence[tuple[Found | PlaceMention, str]],
) -> tuple[Person, ...]:
    spans: dict[int, list[Span]] = defaultdict(list)
    roles: dict[int, list[Role]] = defaultdict(list)
    starts = {m.start: (m, key) for m, key in reversed(named)}
    stated = [roles_at(tokens, mention.start, mention.end) for mention in mentions]
    titled = {i for mention, found in zip(mentions, stated, strict=True) for i, _ in found if i < mention.start}
    for mention, found in zip(mentions, stated, strict=True):
        spans[mention.individual].append(span_of(document, tokens, mention.start, mention.end))
        for i, j in found:
            if i >= mention.end and i in titled:
                continue  # what follows is the next one of a list, with a title: "A, President B and C"
            inside = (starts[k] for k in range(i, j) if k in starts and starts[k][0].end <= j)
            role = Role(span_of(document, tokens, i, j), next((key for _, key in inside), None))
            if all(not role.span.overlaps(other.span) for other in roles[mention.individual][-3:]):
                roles[mention.individual].append(role)
    merged: dict[str, Person] = {}
    years = years_of(document.text, document.article.published)
    for number in sorted(spans):
        name = _fullest(spans[number])
        name = name.title() if name.isupper() and len(name) > 3 else name
        # One person has one key, in articles and in the official records, however the name is printed.
        customary = customary_name(name)
        if " " not in name and name not in given_names():
            titles = [r.span.text for r in roles[number]]
            customary = incumbent(name, years, titles) or customary
        other = namesake(customary, years) if " " in customary else None
        key = f"person/{slugify(customary)}{f'-{other}' if other else ''}"
        made = Person(
            key, name, tuple(spans[number]), tuple(roles[number]), _aliases(name, spans[number]),
            customary=customary if customary != name else None,
        )  # fmt: skip
        if made.key in merged:
            old = merged[made.key]
            joined = tuple(sorted({*old.mentions, *made.mentions}))
            all_roles = tuple(sorted({*old.roles, *made.roles}, key=lambda r: r.span))
            made = replace(old, mentions=joined, roles=all_roles, aliases=_aliases(old.name, joined))
        merged[made.key] = made
    return tuple(merged.values())


def _fullest(spans: Sequence[Span]) -> str:
    """Return the fullest form of a name as the article prints it."""
    best = max(
        spans, key=lambda s: (len(s.text.replace("-", " ").split()), not s.text.isupper(), len(s.text), -s.start)
    )
    return " ".join(best.text.split())


def _organizations(document: Document, tokens: Sequence[Token], found: Sequence[Found]) -> tuple[Organization, ...]:
    spans: dict[str, list[Span]] = defaultdict(list)
    names: dict[str, str] = {}
    for mention in found:
        key = f"organization/{slugify(mention.name)}"
        names.setdefault(key, mention.name)
        spans[key].append(span_of(document, tokens, mention.start, mention.end))
    made = []
    for key, own in spans.items():
        name = _fullest(own)
        customary = names[key] if names[key] != name else None
        made.append(Organization(key, name, tuple(own), _aliases(name, own), customary=customary))
    return tuple(made)


def _places(document: Document, tokens: Sequence[Token], found: Sequence[PlaceMention]) -> tuple[Place, ...]:
    spans: dict[str, list[Span]] = defaultdict(list)
    entries: dict[str, Entry] = {}
    for mention in found:
        entry = entries.setdefault(mention.entry.key, mention.entry)
        spans[entry.key].append(span_of(document, tokens, mention.start, mention.end))
    return tuple(
        Place(key, e.name, e.kind, tuple(spans[key]), _aliases(e.name, spans[key]), e.latitude, e.longitude, e.same_as)
        for key, e in entries.items()
    )
