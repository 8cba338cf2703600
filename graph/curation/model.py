"""A curation: one thing that a person decided about the graph, as a plain value."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

__all__ = ["Action", "Curation"]


class Action(StrEnum):
    """What a curation does; the value is the name of its class in the ontology."""

    MERGE = "Merge"
    SPLIT = "Split"
    CORRECTION = "Correction"
    REJECTION = "Rejection"
    ADDITION = "Addition"


@dataclass(frozen=True)
class Curation:
    """What a person decided, when and why.

    :param file: where it stands.
    :param targets: the things that it is on, as they are written there, sorted.
    :param into: the thing that a merge leaves, or the event that a split makes; None if it is not said.
    :param reports: the reports that leave an event in a split.
    :param prop: the property of a correction or addition.
    :param values: the values that a correction or addition gives, sorted.
    :param quoted: numbered thing (report, claim, role held) -> words that it rests on, by which it is found again
        when a new extraction has numbered it otherwise.
    """

    iri: ox.NamedNode
    file: Path
    action: Action
    who: ox.NamedNode | ox.Literal
    when: datetime
    why: str
    targets: tuple[ox.NamedNode, ...]
    into: ox.NamedNode | None = None
    reports: tuple[ox.NamedNode, ...] = ()
    prop: ox.NamedNode | None = None
    values: tuple[ox.NamedNode | ox.Literal, ...] = ()
    quoted: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Its statements, as the file has them.
    triples: frozenset[ox.Triple] = frozenset()

    @property
    def order(self) -> tuple[datetime, str]:
        """Curations are applied in this order: by date, then by IRI."""
        return self.when, self.iri.value
