"""An event as RDF: what is known of the one happening that reports tell of."""

from rdflib import Graph, Literal, URIRef

from graph.describe.node import Describer, confidence, day, edtf, english
from graph.event import Aspect, Disagreement, Event, Participation
from graph.iris import Iris
from graph.vocabulary import PLY, PROV, RDF, RDFS, SEM

__all__ = ["describe_event"]

#: The property of an event that reports differ on.
_ASPECTS = {
    Aspect.TIME: PLY.time,
    Aspect.PLACE: SEM.hasPlace,
    Aspect.ACTOR: SEM.hasActor,
    Aspect.STATUS: PLY.status,
    Aspect.OUTCOME: PLY.outcome,
}


def describe_event(event: Event, iris: Iris) -> Graph:
    """Describe an event, as ``docs/model.md`` says under "Events"."""
    node = Describer(iris)
    subject = node.thing(event.key)
    node.put(subject, RDF.type, SEM.Event, PLY[event.type])
    node.put(subject, RDFS.label, english(event.label))
    node.put(subject, SEM.hasActor, *map(node.thing, event.actors))
    node.put(subject, SEM.hasPlace, *map(node.thing, event.places))
    node.put(subject, PLY.time, edtf(event.time) if event.time else None)
    node.put(subject, SEM.hasEarliestBeginTimeStamp, day(event.earliest))
    node.put(subject, SEM.hasLatestEndTimeStamp, day(event.latest))
    node.put(subject, PLY.status, PLY[event.status])
    node.put(subject, PLY.outcome, *(PLY[outcome] for outcome in event.outcomes))
    node.put(subject, PLY.ordinal, Literal(event.ordinal) if event.ordinal else None)
    node.put(subject, PLY.confidence, confidence(event.confidence))
    node.put(subject, PLY.report, *map(node.thing, event.reports))
    for disagreement in event.disagreements:
        _disagreement(node, subject, event.key, disagreement)
    for participation in event.participations:
        _participation(node, subject, event.key, participation)
    return node.graph


def _participation(node: Describer, event: URIRef, key: str, participation: Participation) -> None:
    subject = node.thing(f"{key}/participation/{participation.person.partition('/')[2]}")
    node.put(event, PLY.participation, subject)
    node.put(subject, RDF.type, PLY.Participation)
    node.put(subject, PLY.participant, node.thing(participation.person))
    node.put(subject, PLY.officeHeld, english(participation.office))
    node.put(subject, PLY.rule, PLY[participation.rule])
    node.put(subject, PROV.wasDerivedFrom, *map(node.thing, participation.sources))


def _disagreement(node: Describer, event: URIRef, key: str, disagreement: Disagreement) -> None:
    subject = node.thing(f"{key}/disagreement/{disagreement.aspect}")
    node.put(event, PLY.disagreement, subject)
    node.put(subject, RDF.type, PLY.Disagreement)
    node.put(subject, PLY.aspect, _ASPECTS[disagreement.aspect])
    node.put(subject, PLY.rule, PLY[disagreement.rule])
    node.put(subject, PLY.taken, *map(node.thing, disagreement.taken))
    node.put(subject, PLY.differing, *map(node.thing, disagreement.other))
