"""The values that a reader gives to a named query: names, dates and words, as terms of the dataset."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.index import folded
from graph.vocabulary import XSD
from web.language import gettext as _
from web.language import number as as_written
from web.sparql.named import NamedQuery, Parameter
from web.timeline.filters import bound
from web.views.listing import entity_list
from web.views.shared import View
from web.words import AMBIGUOUS, UNKNOWN

__all__ = ["Given", "Offer", "offers", "read_values"]

#: Longest value that is read.
_LONGEST = 1000
_OFFERS = 200
_ALIKE = 8
#: Words of a text that events are looked up by, and events that are looked at for each.
_WORDS = 10
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A thing that a value can name: the last part of its IRI, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader gave.

    :param texts: what the form shows, by parameter: the name of a thing that is found, else what was typed.
    :param terms: what it stands for; whole only if nothing is missing and there are no problems.
    :param pairs: the same as the pairs of an address that lasts: things by the last part of their IRI.
    :param problems: what could not be understood, in words, by parameter.
    :param alike: things that a value may have meant, by parameter.
    :param missing: parameters that need a value and have none.
    """

    texts: dict[str, str] = field(default_factory=dict)
    terms: dict[str, ox.NamedNode | ox.Literal] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    alike: dict[str, list[Offer]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def read_values(query: NamedQuery, values: Mapping[str, str], view: View) -> Given:
    """Read what a reader gave for the parameters of a query. What else the address has is passed over."""
    given = Given()
    for parameter in query.parameters:
        name, text = parameter.name, " ".join(values.get(parameter.name, "").split())
        given.texts[name] = text
        if len(text) > _LONGEST:
            given.problems[name] = _("this is longer than %(most)s characters", most=as_written(_LONGEST))
        elif text:
            _read(parameter, text, view, given)
            if parameter.name in given.terms and not parameter.is_thing:
                given.pairs[name] = text
        elif parameter.default is None:
            given.missing.append(name)
        else:
            given.terms[name] = _literal(parameter, parameter.default)
    return given


def offers(parameter: Parameter, view: View) -> list[Offer]:
    """Return what the form offers for a parameter: the things in most events. Whatever else there is may be typed."""
    if not parameter.is_thing or parameter.kind == "event":
        return []
    return [_offer(item["key"], item["name"]) for item in entity_list(view, parameter.kind)[:_OFFERS]]


def _read(parameter: Parameter, text: str, view: View, given: Given) -> None:
    name = parameter.name
    if not parameter.is_thing:
        try:
            given.terms[name] = _literal(parameter, text)
        except ValueError as error:
            given.problems[name] = str(error)
        return
    names = _names(parameter.kind, text, view)
    key = _find(parameter.kind, text, names, view)
    if key is not None:
        given.terms[name] = ox.NamedNode(view.iris.thing(key))
        given.pairs[name] = key.partition("/")[2]
        # The form shows a name, where no other has it, whatever the address has.
        given.texts[name] = names[key] if len(_called(names[key], names)) == 1 else given.pairs[name]
        return
    alike = _called(text, names)
    told = (AMBIGUOUS if len(alike) > 1 else UNKNOWN)[parameter.kind]
    given.problems[name] = _(told, text=text[:80])
    given.alike[name] = [_offer(key, names[key]) for key in alike or _alike(text, names)]


def _literal(parameter: Parameter, text: str) -> ox.Literal:
    """Return the term of a date or of words.

    :raises ValueError: with words for the reader, if it is no date.
    """
    if parameter.kind == "text":
        return ox.Literal(text)
    day = bound(text, last=parameter.last)
    return ox.Literal("" if day is None else day.isoformat(), datatype=ox.NamedNode(str(XSD.date)))


def _names(kind: str, text: str, view: View) -> Mapping[str, str]:
    """Return the names of all things of a kind, by key; of events, the labels of those that a text may mean."""
    if kind == "event":
        return _labels(text, view)
    return view.snapshot.keep(
        f"names {kind}", lambda _snapshot: {item["key"]: item["name"] for item in entity_list(view, kind)}
    )


def _labels(text: str, view: View) -> dict[str, str]:
    key = view.iris.key(text) or text
    entry = view.timeline.entry(key if key.startswith("event/") else f"event/{key}")
    words = folded(text if entry is None else entry.label)
    found = view.timeline.labelled(words, _LOOKED_AT)
    # A wrong word must not hide what the other ones say.
    some = [] if found else [one for word in words[:_WORDS] for one in view.timeline.labelled([word], _LOOKED_AT)]
    return {one.key: one.label for one in (*found, *some, *([entry] if entry else []))}


def _find(kind: str, text: str, names: Mapping[str, str], view: View) -> str | None:
    """Return the key of the thing that a value names: by its IRI, by the last part of it, or by a name of its own."""
    last = (view.iris.key(text) or text).removeprefix(f"{kind}/")
    if f"{kind}/{last}" in names:
        return f"{kind}/{last}"
    called = _called(text, names)
    return called[0] if len(called) == 1 else None


def _called(text: str, names: Mapping[str, str]) -> list[str]:
    return [key for key, name in names.items() if name.casefold() == text.casefold()]


def _alike(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the keys of a few things whose names have all the words, or else look alike."""
    words = text.casefold().split()
    found = [key for key, name in names.items() if all(word in name.casefold() for word in words)]
    if not found:
        by_name: dict[str, str] = {}
        for key, name in names.items():
            by_name.setdefault(name.casefold(), key)
        found = [by_name[name] for name in difflib.get_close_matches(text.casefold()[:100], by_name, _ALIKE)]
    return found[:_ALIKE]


def _offer(key: str, name: str) -> Offer:
    return Offer(key.partition("/")[2], name)
