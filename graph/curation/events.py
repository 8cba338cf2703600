"""Events made anew from the reports that they have after merges, splits and rejections."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import pyoxigraph as ox

from graph.curation.draft import Draft
from graph.describe import describe_event
from graph.extract.model import EventType, Outcome, Report, Status
from graph.iris import slugify
from graph.rdf import to_triples
from graph.resolve.merge import merge
from graph.store.change import Triple
from graph.vocabulary import DCT, PLY, RDFS, SEM

__all__ = ["mark_of", "name_for", "reading", "remake"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_REPORT, _ON, _SUB_EVENT = _node(PLY.report), _node(PLY.reportsOn), _node(SEM.hasSubEvent)
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
    return set(to_triples(describe_event(made, draft.iris)))


def reading(draft: Draft, report: ox.NamedNode) -> Report:
    """Return a report or record as it is in the merge."""
    said = {name: [v.value for v in draft.values(report, prop)] for name, prop in _REPORTED.items()}

    def one(name: str) -> str | None:
        return next(iter(said[name]), None)

    def day(name: str) -> date | None:
        text = one(name)
        return date.fromisoformat(text) if text else None

    def keys(name: str) -> tuple[str, ...]:
        return tuple(sorted(key for iri in said[name] if (key := draft.iris.key(iri)) is not None))

    status, confidence, ordinal = one("status"), one("confidence"), one("ordinal")
    return Report(
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
        within=next(iter(keys("within")), None),
        ordinal=int(ordinal) if ordinal else None,
        outcomes=tuple(sorted(Outcome(outcome.removeprefix(str(PLY))) for outcome in said["outcomes"])),
    )


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
