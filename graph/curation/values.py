"""What is said of things: corrections and additions, applied to a draft."""

from collections.abc import Sequence

import pyoxigraph as ox

from graph.curation.draft import Draft, Value
from graph.curation.effect import Effect, name_of
from graph.curation.model import Action
from graph.curation.properties import BY_IRI, ENTITIES, Property, kind_of
from graph.edtf import bounds
from graph.extract.model import EventType
from graph.store.change import Triple, canonical
from graph.vocabulary import PLY, RDF, RDFS, SCHEMA, SEM, XSD

__all__ = ["Values"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_EARLIEST, _LATEST = _node(SEM.hasEarliestBeginTimeStamp), _node(SEM.hasLatestEndTimeStamp)
_ACTOR, _PARTICIPANT, _PARTICIPATION = _node(SEM.hasActor), _node(PLY.participant), _node(PLY.Participation)
_TIME, _TYPE, _LABEL, _NAME = _node(PLY.time), _node(RDF.type), _node(RDFS.label), _node(SCHEMA.name)
_AUTHOR, _UNKNOWN = _node(SCHEMA.author), _node(PLY.unknownSpeaker)
_DAY = _node(XSD.date)
_COORDINATES = (_node(SCHEMA.latitude), _node(SCHEMA.longitude))
#: Property -> those that follow from it.
_WITH = {_TIME: (_EARLIEST, _LATEST), _LABEL: (_NAME,)}
_EVENT_TYPES = frozenset(_node(PLY[kind]) for kind in EventType)


class Values:
    """Applies corrections and additions in their order; a later correction takes the place of an earlier one."""

    def __init__(self, draft: Draft, effects: Sequence[Effect]) -> None:
        self._draft = draft
        self._effects = [e for e in effects if e.curation.prop is not None]
        #: Statement -> the curation that made it last.
        self._made: dict[Triple, Effect] = {}

    def apply(self, effect: Effect) -> ox.NamedNode | None:
        """Apply a correction or addition; return the thing that it is on, None if it has no effect."""
        draft, curation = self._draft, effect.curation
        if curation.prop is None:
            return None
        prop = BY_IRI[curation.prop.value]
        thing = effect.find(draft, curation.targets[0])
        if thing is None:
            return None
        values = self._values(prop, effect)
        if not values:
            return None
        if prop.iri in _COORDINATES and not self._has_both(thing):
            effect.reasons.append(f"{name_of(draft, thing)} would have only one of latitude and longitude")
            return None
        old = {t for t in draft.about(thing) if _concerns(t, prop)}
        if curation.action is Action.ADDITION:
            if prop.single and old:
                effect.reasons.append(f"{name_of(draft, thing)} has a {prop.name} already: correct it instead")
                return None
            # A speaker who is known takes the place of one who is not.
            old = {t for t in old if t.object == _UNKNOWN}
        # Where sources differ on it, a person has decided.
        leaving = {(_PARTICIPANT, t.object) for t in old if prop.iri == _ACTOR and t.object not in values}
        for part in draft.parts(thing):
            about = draft.about(part)
            # Nor does anyone take part who is gone, or hold the office of another time.
            past = prop.iri == _TIME and any(t.object == _PARTICIPATION for t in about)
            if past or any(t.object == prop.iri or (t.predicate, t.object) in leaving for t in about):
                draft.remove(draft.about(part) | draft.leading_to(part), draft.events)
        new = canonical(_statements(thing, prop, values, named=kind_of(name_of(draft, thing)) in ENTITIES))
        draft.remove(old, draft.events, draft.curations)
        draft.add(new, draft.curations)
        before = {self._made.pop(triple) for triple in old if triple in self._made} - {effect}
        self._made |= dict.fromkeys(new, effect)
        for earlier in before:
            if earlier not in self._made.values():
                earlier.overruled_by = curation.iri
        effect.influenced.add(thing)
        return thing

    def _values(self, prop: Property, effect: Effect) -> list[Value]:
        if not prop.things:
            return list(effect.curation.values)
        found: list[Value] = []
        for value in effect.curation.values:
            if value == _UNKNOWN:
                found.append(value)
            elif isinstance(value, ox.NamedNode):
                thing = effect.find(self._draft, value, "value")
                if thing is not None:
                    found.append(thing)
        return found

    def _has_both(self, place: ox.NamedNode) -> bool:
        """Tell whether a place has both coordinates, or will have when all curations are applied."""
        given = {e.curation.prop for e in self._effects if place in self._draft.survivors(e.curation.targets[0])}
        return all(p in given or self._draft.values(place, p) for p in _COORDINATES)


def _concerns(triple: Triple, prop: Property) -> bool:
    """Tell whether a statement goes when a property gets other values."""
    if triple.predicate == prop.iri:
        return prop.iri != _TYPE or triple.object in _EVENT_TYPES
    # Bounds go with the time, the plain name with the label; events have no plain name.
    return triple.predicate in _WITH.get(prop.iri, ())


def _statements(thing: ox.NamedNode, prop: Property, values: Sequence[Value], *, named: bool) -> set[Triple]:
    new = {Triple(thing, prop.iri, value) for value in values}
    for value in values:
        if prop.iri == _TIME:
            first, last = bounds(value.value)
            days = ((_EARLIEST, first), (_LATEST, last))
            new |= {Triple(thing, p, ox.Literal(day.isoformat(), datatype=_DAY)) for p, day in days if day is not None}
        elif prop.iri == _LABEL and named:
            new.add(Triple(thing, _NAME, ox.Literal(value.value)))
    return new
