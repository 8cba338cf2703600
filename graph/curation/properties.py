"""What a correction or an addition may change: the properties, the things that have them, and the values they take."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from graph.edtf import is_edtf
from graph.errors import InputError
from graph.extract.model import EventType, Outcome, PlaceKind, Status
from graph.vocabulary import EDTF, OWL, PLY, PREFIXES, RDF, RDFS, SCHEMA, SEM, XSD

__all__ = ["BY_IRI", "ENTITIES", "PROPERTIES", "Kind", "Property", "find", "kind_of"]


class Kind(StrEnum):
    """A kind of thing that can be curated, by its key."""

    EVENT = "event"
    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    REPORT = "report"
    CLAIM = "claim"
    ROLE = "role held"
    RECORD = "record"


ENTITIES = (Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE)
_PARTS = {"report": Kind.REPORT, "claim": Kind.CLAIM, "role": Kind.ROLE}

Value = ox.NamedNode | ox.Literal


def kind_of(key: str) -> Kind | None:
    """Return the kind of the thing with this key; None if it is of none that can be curated.

    >>> kind_of("person/ana-petrova"), kind_of("article/81c930f8a2b4/report/2"), kind_of("article/81c930f8a2b4")
    (<Kind.PERSON: 'person'>, <Kind.REPORT: 'report'>, None)
    """
    parts = key.split("/")
    if parts[0] == "article":
        return _PARTS.get(parts[2]) if len(parts) == 4 else None
    if parts[0] == "record":
        return Kind.RECORD if len(parts) == 3 else None
    simple = len(parts) == 2 and parts[0] in (Kind.EVENT, *ENTITIES)
    return Kind(parts[0]) if simple else None


@dataclass(frozen=True, slots=True)
class Property:
    """A property that a correction can replace.

    :param name: what the command line calls it.
    :param kinds: the things that have it.
    :param single: whether a thing has at most one value.
    :param things: kinds of things that are its values; empty if its values are no things of the dataset.
    :param read: makes a value of words, for those that are no things; raises ValueError, with what they should be.
    """

    name: str
    iri: ox.NamedNode
    kinds: tuple[Kind, ...]
    single: bool
    things: tuple[Kind, ...] = ()
    read: Callable[[str], Value] = ox.Literal


def _one_of(values: type[StrEnum]) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        found = {str(value).casefold(): str(value) for value in values}.get(text.removeprefix("ply:").casefold())
        if found is None:
            raise ValueError(f"one of {', '.join(values)}")
        return ox.NamedNode(str(PLY[found]))

    return read


def _edtf(text: str) -> Value:
    if not is_edtf(text):
        raise ValueError("an EDTF date, such as 2019-02-27, 2019-02 or 2019-02-27/2019-02-28")
    return ox.Literal(text, datatype=ox.NamedNode(str(EDTF)))


def _english(text: str) -> Value:
    return ox.Literal(_words(text).value, language="en")


def _words(text: str) -> ox.Literal:
    if not text.strip():
        raise ValueError("words")
    return ox.Literal(text.strip())


def _iri(text: str) -> Value:
    if not text.startswith(("http://", "https://")):
        raise ValueError("an IRI that starts with http:// or https://")
    return ox.NamedNode(text)


def _degrees(limit: int) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        wanted = f"degrees from -{limit} to {limit}, as in 46.05"
        try:
            degrees = float(text)
        except ValueError:
            raise ValueError(wanted) from None
        if not -limit <= degrees <= limit or "e" in text.casefold():
            raise ValueError(wanted)
        return ox.Literal(text, datatype=ox.NamedNode(str(XSD.decimal)))

    return read


_LABELLED = (Kind.EVENT, *ENTITIES)
#: All properties that may be corrected; an addition takes those that are not single, and single ones that are missing.
PROPERTIES = (
    Property("label", ox.NamedNode(str(RDFS.label)), _LABELLED, single=True, read=_english),
    Property("type", ox.NamedNode(str(RDF.type)), (Kind.EVENT,), single=True, read=_one_of(EventType)),
    Property("actor", ox.NamedNode(str(SEM.hasActor)), (Kind.EVENT,), single=False, things=ENTITIES),
    Property("place", ox.NamedNode(str(SEM.hasPlace)), (Kind.EVENT,), single=False, things=(Kind.PLACE,)),
    Property("time", ox.NamedNode(str(PLY.time)), (Kind.EVENT,), single=True, read=_edtf),
    Property("status", ox.NamedNode(str(PLY.status)), (Kind.EVENT,), single=True, read=_one_of(Status)),
    Property("outcome", ox.NamedNode(str(PLY.outcome)), (Kind.EVENT,), single=False, read=_one_of(Outcome)),
    Property("speaker", ox.NamedNode(str(SCHEMA.author)), (Kind.CLAIM,), single=False, things=ENTITIES),
    Property("alternate-name", ox.NamedNode(str(SCHEMA.alternateName)), ENTITIES, single=False, read=_words),
    Property("same-as", ox.NamedNode(str(OWL.sameAs)), ENTITIES, single=False, read=_iri),
    Property("kind", ox.NamedNode(str(PLY.placeKind)), (Kind.PLACE,), single=True, read=_one_of(PlaceKind)),
    Property("latitude", ox.NamedNode(str(SCHEMA.latitude)), (Kind.PLACE,), single=True, read=_degrees(90)),
    Property("longitude", ox.NamedNode(str(SCHEMA.longitude)), (Kind.PLACE,), single=True, read=_degrees(180)),
)
BY_IRI = {prop.iri.value: prop for prop in PROPERTIES}


def find(name: str) -> Property:
    """Return the property that a user names: ``actor``, ``sem:hasActor`` or its IRI.

    :raises InputError: if it is none that may be corrected.
    """
    prefix, colon, local = name.partition(":")
    iri = PREFIXES[prefix] + local if colon and prefix in PREFIXES else name
    for prop in PROPERTIES:
        if name == prop.name or iri == prop.iri.value:
            return prop
    names = ", ".join(prop.name for prop in PROPERTIES)
    raise InputError(f"{name}: no property that can be corrected", f"use one of {names}")
