"""All curations, applied to the copy of the live store that becomes a generation.

First what there is (merges, splits, rejections), then what is said of people, organizations and places, then the events
that this touches are made anew from their reports, and last what is said of events and claims: so a correction of an
event stays when more reports come to it. Within each step, curations come in order of their dates.
"""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from graph.curation.draft import Draft
from graph.curation.effect import Effect
from graph.curation.events import remake
from graph.curation.model import Curation
from graph.curation.properties import ENTITIES, kind_of
from graph.curation.structure import Structure
from graph.curation.values import Values
from graph.iris import Iris, slugify
from graph.store.change import Triple, canonical
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import PLY, PROV, RDF, RDFS, XSD

__all__ = ["apply", "apply_to"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_TYPE, _LABEL = _node(RDF.type), _node(RDFS.label)


def apply(path: Path, iris: Iris, curations: Sequence[Curation], touched: set[str] | None = None) -> list[Effect]:
    """Apply curations to the store in a folder, and put it on disk.

    :param curations: in their order.
    :param touched: gets the IRIs of the things that this changes.
    :raises DatasetError: if the store cannot be written.
    """
    try:
        store = ox.Store(str(path))
        effects = apply_to(store, iris, curations, touched)
        store.flush()
    except STORE_ERRORS as error:
        raise trouble(path, error) from None
    return effects


def apply_to(
    store: ox.Store, iris: Iris, curations: Sequence[Curation], touched: set[str] | None = None
) -> list[Effect]:
    """Apply curations to a store that nobody else has open; return what became of each.

    :param curations: in their order.
    :param touched: gets the IRIs of the things that this changes.
    """
    draft = Draft(store, iris)
    effects = [Effect(curation) for curation in curations]
    structure, values = Structure(draft), Values(draft, effects)
    late = []
    for effect in effects:
        if effect.curation.prop is None:
            structure.apply(effect)
    for effect in effects:
        if effect.curation.prop is None:
            continue
        if kind_of(iris.key(effect.curation.targets[0].value) or "") not in ENTITIES:
            late.append(effect)
            continue
        thing = values.apply(effect)
        if thing is not None and effect.curation.prop == _LABEL:
            structure.touch_events_of(thing, effect)
    remake(draft, structure.touched, structure.rejected)
    for effect in late:
        values.apply(effect)
    for effect in effects:
        draft.add(_described(effect, iris), draft.curations)
    if touched is not None:
        touched |= draft.touched
    return effects


def _described(effect: Effect, iris: Iris) -> frozenset[Triple]:
    """Describe a curation: what its file says, what it used and changed, who is answerable for it, and when."""
    curation = effect.curation
    iri = curation.iri
    who = curation.who
    triples = {
        *curation.triples,
        *(Triple(iri, _TYPE, _node(kind)) for kind in (PLY.Curation, PROV.Activity)),
        Triple(iri, _node(PROV.endedAtTime), ox.Literal(curation.when.isoformat(), datatype=_node(XSD.dateTime))),
        *(Triple(iri, _node(PROV.used), thing) for thing in effect.used),
        *(Triple(iri, _node(PROV.influenced), thing) for thing in effect.influenced),
        *(Triple(iri, _node(PLY.unapplied), ox.Literal(reason, language="en")) for reason in effect.reasons),
    }
    if effect.overruled_by is not None:
        triples.add(Triple(iri, _node(PLY.overruledBy), effect.overruled_by))
    if isinstance(who, ox.Literal):
        person = ox.NamedNode(iris.thing(f"curator/{slugify(who.value)}"))
        triples |= {Triple(person, _TYPE, _node(PROV.Person)), Triple(person, _LABEL, ox.Literal(who.value))}
        who = person
    triples.add(Triple(iri, _node(PROV.wasAssociatedWith), who))
    return canonical(triples)
