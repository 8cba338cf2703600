"""Events made anew from the reports that they have after merges, splits and rejections."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pyoxigraph as ox

from graph.curation.draft import Draft
from graph.describe import describe_event
from graph.extract.model import EventType, Office, Outcome, Report, Status
from graph.facts.records import load_records
from graph.iris import slugify
from graph.rdf import to_triples
from graph.resolve.merge import merge
from graph.resolve.offices import Offices
from graph.resolve.profile import in_order
from graph.store.change import Triple
from graph.vocabulary import DCT, ORG, PLY, RDFS, SCHEMA, SEM, SKOS

__all__ = ["mark_of", "name_for", "reading", "remake"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_REPORT, _ON, _SUB_EVENT = _node(PLY.report), _node(PLY.reportsOn), _node(SEM.hasSubEvent)
_STATED, _MEMBER, _ROLE = _node(PLY.statedRole), _node(ORG.member), _node(ORG.role)
_PREF_LABEL, _PUBLISHED = _node(SKOS.prefLabel), _node(SCHEMA.datePublished)
_REPLACED, _LABEL = _node(DCT.isReplacedBy), _node(RDFS.label)
_REPORTED = {
    "type": _node(PLY.reportedType),
    "label": _LABEL,
    "participants": _node(PLY.reportedActor),
    "places": _node(PLY.reportedPlace),
    "time": _node(PLY.reportedTime),
    "earliest": _node(PLY.reportedEarliest),
    "latest": _node(PLY.reportedLatest),
    "status": _node(PLY.status),
    "confidence": _node(PLY.confidence),
    "within": _node(PLY.within),
    "ordinal": _node(PLY.ordinal),
    "outcomes": _node(PLY.outcome),
}
#: What an event keeps when it is described anew: it does not follow from its reports.
_KEPT = (_REPLACED, _SUB_EVENT)


def remake(draft: Draft, events: Iterable[ox.NamedNode], rejected: Iterable[ox.NamedNode]) -> None:
    """Describe events anew, as resolution would from the reports that are in the merge; those without reports go.

    :param rejected: things that no description may lead to.
    """
    unwanted = set(rejected)
    for event in sorted(events, key=str):
        told = draft.subjects(_ON, event)
        recorded = {t for t in draft.about(event, draft.records) if t.predicate != _REPORT}
        old = {t for t in draft.about(event) if t.predicate not in _KEPT}
        draft.remove(old.union(*(draft.about(part) for part in draft.parts(event))), draft.events)
        if not recorded:
            # A record may bear out an event that articles tell of; alone, it tells of the one that it describes.
            if all(_is_record(draft, report) and len(draft.nodes(report, _ON)) > 1 for report in told):
                told = []
        elif not any(_is_record(draft, report) for report in told):
            recorded = set()
        if not told:
            draft.remove(draft.leading_to(event) | draft.about(event), draft.events, draft.curations)
            continue
        links = {Triple(event, _REPORT, report) for report in told}
        if recorded:
            # What an official record says of its event is not weighed against what articles say.
            draft.add({t for t in recorded if t.object not in unwanted})
            draft.add(links, draft.events)
        else:
            draft.add(_merged(draft, event, told) | links, draft.events)


def _is_record(draft: Draft, report: ox.NamedNode) -> bool:
    return (draft.iris.key(report.value) or "").startswith("record/")


def _merged(draft: Draft, event: ox.NamedNode, told: Sequence[ox.NamedNode]) -> set[Triple]:
    """Describe an event by its reports: the only place that depends on how resolution does it."""
    reports = [reading(draft, report) for report in told]
    names: dict[str, str] = {}
    for key in {key for report in reports for key in (*report.participants, *report.places)}:
        labels = draft.values(_node(draft.iris.thing(key)), _LABEL)
        if labels:
            names[key] = labels[0].value
    made = merge(draft.iris.key(event.value) or "", reports, names)
    recorded = any(draft.store.quads_for_pattern(None, None, None, draft.records))
    offices = (_offices() if recorded else Offices()).at(made, reports, _published(draft, reports))
    made = replace(made, participations=offices)
    return set(to_triples(describe_event(made, draft.iris)))


@cache
def _offices() -> Offices:
    return Offices.of(load_records())


def _published(draft: Draft, reports: Iterable[Report]) -> dict[str, date]:
    """Return when the articles of reports came out, by the articles' keys."""
    articles = {report.key.partition("/report/")[0] for report in reports}
    days = ((key, draft.values(_node(draft.iris.thing(key)), _PUBLISHED)) for key in articles)
    return {key: date.fromisoformat(values[0].value[:10]) for key, values in days if values}


def _stated(draft: Draft, report: ox.NamedNode) -> tuple[Office, ...]:
    """Return the offices that a report states of those who take part."""
    found = []
    for role in draft.nodes(report, _STATED):
        person = next((key for n in draft.nodes(role, _MEMBER) if (key := draft.iris.key(n.value))), None)
        words = next((v.value for n in draft.nodes(role, _ROLE) for v in draft.values(n, _PREF_LABEL)), None)
        if person is not None and words is not None:
            found.append(Office(person, words, draft.iris.key(role.value) or ""))
    return tuple(sorted(found))


def reading(draft: Draft, report: ox.NamedNode) -> Report:
    """Return a report or record as it is in the merge, in the order that resolution reads it in."""
    said = {name: [v.value for v in draft.values(report, prop)] for name, prop in _REPORTED.items()}

    def one(name: str) -> str | None:
        return next(iter(said[name]), None)

    def day(name: str) -> date | None:
        text = one(name)
        return date.fromisoformat(text) if text else None

    def keys(name: str) -> tuple[str, ...]:
        return tuple(key for iri in said[name] if (key := draft.iris.key(iri)) is not None)

    status, confidence, ordinal = one("status"), one("confidence"), one("ordinal")
    found = Report(
        key=draft.iris.key(report.value) or "",
        type=EventType((one("type") or "").removeprefix(str(PLY))),
        label=one("label") or "",
        mentions=(),
        participants=keys("participants"),
        places=keys("places"),
        time=one("time"),
        earliest=day("earliest"),
        latest=day("latest"),
        status=Status(status.removeprefix(str(PLY))) if status else Status.OCCURRED,
        confidence=float(confidence) if confidence else 1.0,
        within=min(keys("within"), default=None),
        ordinal=int(ordinal) if ordinal else None,
        outcomes=tuple(Outcome(outcome.removeprefix(str(PLY))) for outcome in said["outcomes"]),
        offices=_stated(draft, report),
    )
    return in_order(found)


def name_for(reports: Sequence[Report], mark: str) -> str:
    """Return a key that a person can read for a new event with these reports: when, where or who, what.

    :param mark: letters that tell it from every key that resolution gives.
    """
    best = max(reports, key=lambda r: (bool(r.time) + bool(r.places) + bool(r.participants), r.key))
    when = (best.time or "").split("/")[0].strip("~?%") if best.earliest else ""
    core = [key.partition("/")[2] for key in (best.places[:1] or best.participants[:2])]
    return "event/" + slugify("-".join(part for part in (when, *core, str(best.type), mark) if part), 100)


def mark_of(curation: ox.NamedNode) -> str:
    """Return letters for the key of an event that a curation makes, the same for the same curation."""
    return f"c{hashlib.sha256(curation.value.encode()).hexdigest()[:6]}"
