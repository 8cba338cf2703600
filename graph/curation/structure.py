"""What there is: merges, splits and rejections, applied to a draft."""

import pyoxigraph as ox

from graph.curation.draft import Draft
from graph.curation.effect import Effect, name_of
from graph.curation.events import mark_of
from graph.curation.model import Action
from graph.curation.properties import ENTITIES, Kind, kind_of
from graph.curation.quotations import let_go
from graph.store.change import Triple
from graph.vocabulary import DCT, ORG, PLY, RDF, RDFS, SCHEMA, SEM

__all__ = ["Structure"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_REPLACED = _node(DCT.isReplacedBy)
_REPORT, _ON = _node(PLY.report), _node(PLY.reportsOn)
_SUB_EVENT = _node(SEM.hasSubEvent)
_ABOUT, _ABOUT_REPORT = _node(SCHEMA.about), _node(PLY.aboutReport)
_AUTHOR, _UNKNOWN = _node(SCHEMA.author), _node(PLY.unknownSpeaker)
_ENTITY, _MEMBER, _ROLE = _node(PLY.entity), _node(ORG.member), _node(ORG.role)
_STATED = _node(PLY.statedRole)
_TYPE, _CLAIM = _node(RDF.type), _node(SCHEMA.Claim)
_REPORTED = (_node(PLY.reportedActor), _node(PLY.reportedPlace))
_PART = (_node(SEM.hasActor), _node(SEM.hasPlace))
_LABEL, _NAME, _OTHER_NAME = _node(RDFS.label), _node(SCHEMA.name), _node(SCHEMA.alternateName)
#: Properties that a thing has once: the one that stays keeps its own.
_ONCE = (_LABEL, _NAME, _node(PLY.placeKind), _node(SCHEMA.latitude), _node(SCHEMA.longitude))


class Structure:
    """Applies merges, splits and rejections. Events that have other reports then are only noted here."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        #: Events that are to be made anew from their reports.
        self.touched: dict[ox.NamedNode, list[Effect]] = {}
        #: What was rejected.
        self.rejected: set[ox.NamedNode] = set()

    def apply(self, effect: Effect) -> None:
        """Apply a merge, split or rejection."""
        steps = {Action.MERGE: self._merge, Action.SPLIT: self._split, Action.REJECTION: self._reject}
        steps[effect.curation.action](effect)

    def touch(self, event: ox.NamedNode, effect: Effect) -> None:
        """Note that an event is to be made anew from its reports."""
        effect.influenced.add(event)
        self.touched.setdefault(event, []).append(effect)

    def touch_events_of(self, entity: ox.NamedNode, effect: Effect) -> None:
        """Note that the events of a person, organization or place are to be made anew."""
        draft = self._draft
        found = {event for predicate in _PART for event in draft.subjects(predicate, entity)}
        # Those that are to be made anew already may not have been described yet.
        reports = (report for predicate in _REPORTED for report in draft.subjects(predicate, entity))
        for event in found.union(*(draft.nodes(report, _ON) for report in reports)):
            self.touch(event, effect)

    # Merging

    def _merge(self, effect: Effect) -> None:
        draft, curation = self._draft, effect.curation
        into = effect.find(draft, curation.into, "the one that stays,") if curation.into else None
        others = [t for t in curation.targets if t != curation.into]
        found = {t for t in (effect.find(draft, target) for target in others) if t is not None}
        if into is not None:
            found.add(into)
        if len(found) < 2:
            return  # they are one already, or the others are not there, which is said
        stays = into or min(found, key=lambda t: (-len(draft.leading_to(t)), len(t.value), t.value))
        for gone in sorted(found - {stays}, key=str):
            if kind_of(name_of(draft, gone)) == Kind.EVENT:
                self._merge_event(gone, stays)
                self.touch(stays, effect)
            else:
                self.touch_events_of(gone, effect)
                self._merge_entity(gone, stays)
                effect.influenced.add(stays)
            # What was to be done with the one that goes is done with the one that stays.
            for other in self.touched.pop(gone, []):
                self.touch(stays, other)
            effect.influenced.add(gone)
            draft.add([Triple(gone, _REPLACED, stays)], draft.curations)

    def _merge_event(self, gone: ox.NamedNode, stays: ox.NamedNode) -> None:
        draft = self._draft
        # An event that a record describes keeps that description if it stays; all others are made anew from reports.
        old = {t for t in draft.about(gone) if t.predicate != _SUB_EVENT}
        draft.remove(old.union(*(draft.about(part) for part in draft.parts(gone))), draft.events)
        draft.remove({t for t in draft.about(gone, draft.records) if t.predicate != _REPORT}, draft.records)
        self._rename(gone, stays)

    def _merge_entity(self, gone: ox.NamedNode, stays: ox.NamedNode) -> None:
        draft = self._draft
        kept = {t for t in draft.about(stays) if t.predicate in (*_ONCE, _TYPE)}
        kept_names = {t.object.value for t in kept if isinstance(t.object, ox.Literal)}
        has = {t.predicate for t in kept}
        for graph in {quad.graph_name for quad in draft.everywhere(gone) if quad.subject == gone}:
            if not isinstance(graph, ox.NamedNode | ox.DefaultGraph):
                continue
            said = draft.about(gone, graph)
            new = set(kept)
            for triple in said:
                value = triple.object
                if triple.predicate in (_LABEL, _NAME) and isinstance(value, ox.Literal):
                    if value.value not in kept_names:
                        new.add(Triple(stays, _OTHER_NAME, ox.Literal(value.value)))
                elif triple.predicate not in _ONCE or triple.predicate not in has:
                    new.add(Triple(stays, triple.predicate, value))
            draft.replace(
                [ox.Quad(t.subject, t.predicate, t.object, graph) for t in said],
                [ox.Quad(t.subject, t.predicate, t.object, graph) for t in new],
            )
        self._rename(gone, stays)

    def _rename(self, gone: ox.NamedNode, stays: ox.NamedNode) -> None:
        # A chain of merges stays a chain.
        old = [quad for quad in self._draft.everywhere(gone) if quad.predicate != _REPLACED]
        renamed = [_swapped(quad, gone, stays) for quad in old]
        self._draft.replace(old, [quad for quad in renamed if quad.subject != quad.object])

    # Splitting

    def _split(self, effect: Effect) -> None:
        draft, curation = self._draft, effect.curation
        event = effect.find(draft, curation.targets[0])
        told = {r for r in (effect.find(draft, report, "report") for report in curation.reports) if r is not None}
        if event is None:
            return
        present = set(draft.subjects(_ON, event))
        for report in sorted(told - present, key=str):
            effect.reasons.append(f"report {name_of(draft, report)} is not on {name_of(draft, event)}")
        leaving = told & present
        if not leaving:
            return
        if leaving == present:
            effect.reasons.append(f"all reports of {name_of(draft, event)} would leave it")
            return
        new = curation.into or ox.NamedNode(f"{event.value}-{mark_of(curation.iri)}")
        if draft.about(new) or draft.leading_to(new):
            effect.reasons.append(f"there is an event {name_of(draft, new)} already")
            return
        for report in leaving:
            links = (q for q in draft.everywhere(report) if q.predicate in (_ON, _REPORT))
            old = [q for q in links if event in (q.subject, q.object)]
            draft.replace(old, [_swapped(quad, event, new) for quad in old])
        for claim in {c for report in leaving for c in draft.subjects(_ABOUT_REPORT, report)}:
            self._point(claim, event, new)
        self.touch(event, effect)
        self.touch(new, effect)

    def _point(self, claim: ox.NamedNode, event: ox.NamedNode, new: ox.NamedNode) -> None:
        """Let a claim be about the events that its reports are on."""
        draft = self._draft
        old = [q for q in draft.everywhere(claim) if (q.predicate, q.object) == (_ABOUT, event)]
        moved = [_swapped(quad, event, new) for quad in old]
        draft.replace([] if event in self._events_of(claim) else old, moved)

    def _events_of(self, claim: ox.NamedNode) -> set[ox.NamedNode]:
        draft = self._draft
        return {event for report in draft.nodes(claim, _ABOUT_REPORT) for event in draft.nodes(report, _ON)}

    # Rejecting

    def _reject(self, effect: Effect) -> None:
        draft = self._draft
        for target in effect.curation.targets:
            thing = effect.find(draft, target)
            if thing is None:
                continue
            kind = kind_of(name_of(draft, thing))
            if kind == Kind.EVENT:
                self._reject_event(thing, effect)
            elif kind in (Kind.REPORT, Kind.RECORD):
                self._reject_report(thing, effect)
            elif kind in ENTITIES:
                self._reject_entity(thing, effect)
            else:
                # Who held the office by that role alone does so no more.
                for report in draft.subjects(_STATED, thing):
                    for event in draft.nodes(report, _ON):
                        self.touch(event, effect)
                self._reject_finding(thing, effect)

    def _reject_finding(self, finding: ox.NamedNode, effect: Effect) -> None:
        draft = self._draft
        roles = draft.nodes(finding, _ROLE)
        let_go(draft, finding)
        draft.drop_finding(finding)
        for role in roles:
            if not draft.leading_to(role):
                draft.remove(draft.about(role))
        self.rejected.add(finding)
        effect.influenced.add(finding)

    def _reject_event(self, event: ox.NamedNode, effect: Effect) -> None:
        draft = self._draft
        for report in draft.subjects(_ON, event):
            if draft.nodes(report, _ON) == [event]:
                self._reject_report(report, effect)
            else:
                # A record that bears it out stays with the event that it describes.
                draft.remove([Triple(report, _ON, event), Triple(event, _REPORT, report)], draft.events)
        self.touch(event, effect)

    def _reject_report(self, report: ox.NamedNode, effect: Effect) -> None:
        draft = self._draft
        events, claims = draft.nodes(report, _ON), draft.subjects(_ABOUT_REPORT, report)
        self._reject_finding(report, effect)
        for claim in claims:
            left = self._events_of(claim)
            draft.remove([Triple(claim, _ABOUT, event) for event in events if event not in left], draft.events)
        for event in events:
            self.touch(event, effect)

    def _reject_entity(self, entity: ox.NamedNode, effect: Effect) -> None:
        draft = self._draft
        for predicate in (_ENTITY, _MEMBER):
            for finding in draft.subjects(predicate, entity):
                self._reject_finding(finding, effect)
        for claim in draft.subjects(_AUTHOR, entity):
            if Triple(claim, _TYPE, _CLAIM) in draft.about(claim) and len(draft.nodes(claim, _AUTHOR)) == 1:
                draft.add([Triple(claim, _AUTHOR, _UNKNOWN)], draft.curations)
                effect.influenced.add(claim)
        self.touch_events_of(entity, effect)
        draft.remove(draft.about(entity) | draft.leading_to(entity), draft.curations)
        self.rejected.add(entity)
        effect.influenced.add(entity)


def _swapped(quad: ox.Quad, old: ox.NamedNode, new: ox.NamedNode) -> ox.Quad:
    """Return a quad with another thing in the place of one."""
    subject = new if quad.subject == old else quad.subject
    value = new if quad.object == old else quad.object
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)
