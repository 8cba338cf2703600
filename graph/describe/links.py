"""What resolution says of an article's reports and claims as RDF: which events they are on, which quote the same.

No article says so: these triples stand with the events, so that an article's graph is what the article says and stays
as it is when other articles come and go.
"""

from collections.abc import Iterable, Mapping

from rdflib import Graph

from graph.describe.node import Describer
from graph.event import Event
from graph.extract.model import Claim, Extraction
from graph.iris import Iris
from graph.resolve.claims import ClaimLink, Relation
from graph.vocabulary import PLY, PROV, SCHEMA, SEM

__all__ = ["describe_claim_links", "describe_event_links", "describe_links"]

_RELATIONS = {
    Relation.REPEATS: PLY.repeats,
    Relation.DERIVED: PROV.wasDerivedFrom,
    Relation.APPEARANCE: SCHEMA.appearance,
}


def describe_links(extraction: Extraction, links: Mapping[str, str], iris: Iris) -> Graph:
    """Describe which events the reports of an article are on, and which its claims are about.

    :param links: report key -> event key.
    """
    node = Describer(iris)
    for report in extraction.reports:
        if report.key in links:
            node.put(node.thing(report.key), PLY.reportsOn, node.thing(links[report.key]))
    for claim in extraction.claims:
        _about(node, claim, links)
    return node.graph


def _about(node: Describer, claim: Claim, links: Mapping[str, str]) -> None:
    for report in claim.about:
        if report in links:
            node.put(node.thing(claim.key), SCHEMA.about, node.thing(links[report]))


def describe_event_links(event: Event, claims: Iterable[str], iris: Iris) -> Graph:
    """Describe what leads to an event: its reports, the claims about it, and the events that it is a part of.

    :param claims: keys of the claims about its reports.
    """
    node = Describer(iris)
    subject = node.thing(event.key)
    for report in event.reports:
        node.put(node.thing(report), PLY.reportsOn, subject)
    for claim in claims:
        node.put(node.thing(claim), SCHEMA.about, subject)
    for whole in event.within:
        node.put(node.thing(whole), SEM.hasSubEvent, subject)
    return node.graph


def describe_claim_links(links: Iterable[ClaimLink], iris: Iris) -> Graph:
    """Describe which claims quote the same words as others, or nearly the same."""
    node = Describer(iris)
    for link in links:
        node.put(node.thing(link.claim), _RELATIONS[link.relation], node.thing(link.other))
    return node.graph
