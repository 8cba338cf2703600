"""The findings of an extraction as RDF: time expressions, reports, roles and claims, each with its evidence."""

from rdflib import Literal, URIRef

from graph.describe.node import Describer, confidence, day, edtf, english
from graph.extract.model import Claim, Extraction, Report, Span, TimeExpression
from graph.extract.offices import role_keys, role_label
from graph.iris import slugify
from graph.vocabulary import ORG, PLY, PROV, RDF, RDFS, SCHEMA, SKOS

__all__ = ["describe_findings"]

#: Joins the pieces of a discontinuous content.
_ELLIPSIS = " … "


def describe_findings(node: Describer, extraction: Extraction) -> None:
    """Add what was found in an article to its graph."""
    _Findings(node, extraction).describe()


def _time_key(article: str, span: Span) -> str:
    return f"{article}/time/{span.start}-{span.end}"


class _Findings:
    def __init__(self, node: Describer, extraction: Extraction) -> None:
        self._node = node
        self._extraction = extraction
        self._key = extraction.article.key
        self._article = node.thing(self._key)
        self._run = node.thing(f"{self._key}/run")
        self._known = {entity.key for entity in extraction.entities()}
        self._reports = {report.key for report in extraction.reports}
        self._times = {time.span for time in extraction.times}

    def describe(self) -> None:
        for time in self._extraction.times:
            self._time(time)
        for report in self._extraction.reports:
            self._report(report)
        self._roles()
        for claim in self._extraction.claims:
            self._claim(claim)

    def _time(self, time: TimeExpression) -> None:
        node, subject = self._node, self._node.thing(_time_key(self._key, time.span))
        node.put(subject, RDF.type, PLY.TimeExpression)
        node.put(subject, PLY.timexType, Literal(time.type.value))
        node.put(subject, PLY.timexValue, Literal(time.value))
        if time.edtf is not None and (time.earliest or time.latest):
            node.put(subject, PLY.edtf, edtf(time.edtf))
            node.put(subject, PLY.earliest, day(time.earliest))
            node.put(subject, PLY.latest, day(time.latest))
        node.put(subject, PLY.confidence, confidence(time.confidence))
        node.put(subject, PROV.wasDerivedFrom, self._article)
        node.evidence(subject, PLY.evidence, [time.span])

    def _report(self, report: Report) -> None:
        node, subject = self._node, self._node.thing(report.key)
        node.put(subject, RDF.type, PLY.Report, PROV.Entity)
        node.put(subject, RDFS.label, node.words(report.label))
        node.put(subject, PLY.reportedType, PLY[report.type])
        node.put(subject, PLY.reportedActor, *(node.thing(k) for k in report.participants if k in self._known))
        node.put(subject, PLY.reportedPlace, *(node.thing(k) for k in report.places if k in self._known))
        if report.time is not None and (report.earliest or report.latest):
            node.put(subject, PLY.reportedTime, edtf(report.time))
            node.put(subject, PLY.reportedEarliest, day(report.earliest))
            node.put(subject, PLY.reportedLatest, day(report.latest))
        node.put(subject, PLY.timeExpression, *(self._time_node(s) for s in report.time_spans if s in self._times))
        node.put(subject, PLY.status, PLY[report.status])
        node.put(subject, PLY.confidence, confidence(report.confidence))
        node.put(subject, PLY.within, node.thing(report.within) if report.within in self._reports else None)
        node.put(subject, PLY.ordinal, Literal(report.ordinal) if report.ordinal else None)
        node.put(subject, PLY.statedRole, *(node.thing(office.source) for office in report.offices))
        node.put(subject, PLY.outcome, *(PLY[outcome] for outcome in report.outcomes))
        node.put(subject, PROV.wasDerivedFrom, self._article)
        node.put(subject, PROV.wasGeneratedBy, self._run)
        node.evidence(subject, PLY.evidence, report.mentions)
        node.evidence(subject, PLY.outcomeEvidence, report.outcome_spans)

    def _time_node(self, span: Span) -> URIRef:
        return self._node.thing(_time_key(self._key, span))

    def _roles(self) -> None:
        """Describe the roles in order of text; a role stated of a person twice has two pieces of evidence."""
        node = self._node
        stated = sorted(
            ((role.span, person.key, role.organization) for person in self._extraction.people for role in person.roles),
            key=lambda row: row[0],
        )
        keys = role_keys(self._key, self._extraction.people)
        for span, person, organization in stated:
            label = role_label(span.text)
            role = node.thing(f"role/{slugify(label)}")
            held = node.thing(keys[person, span])
            if (held, RDF.type, ORG.Membership) not in node.graph:
                node.put(held, RDF.type, ORG.Membership)
                node.put(held, ORG.member, node.thing(person))
                node.put(held, ORG.role, role)
                node.put(held, PROV.wasDerivedFrom, self._article)
                if (role, RDF.type, ORG.Role) not in node.graph:
                    node.put(role, RDF.type, ORG.Role)
                    node.put(role, SKOS.prefLabel, english(label))
            if organization in self._known:
                node.put(held, ORG.organization, node.thing(str(organization)))
            node.evidence(held, PLY.evidence, [span])

    def _claim(self, claim: Claim) -> None:
        node, subject = self._node, self._node.thing(claim.key)
        speakers = [node.thing(key) for key in claim.speakers if key in self._known]
        node.put(subject, RDF.type, SCHEMA.Claim, PROV.Entity)
        node.put(subject, SCHEMA.author, *(speakers or [PLY.unknownSpeaker]))
        node.put(subject, PLY.speakerText, node.words(claim.speaker_span.text if claim.speaker_span else None))
        node.put(subject, PLY.cue, node.words(claim.cue.text if claim.cue else None))
        node.put(subject, PLY.manner, PLY[claim.manner])
        node.put(subject, SCHEMA.text, node.words(_ELLIPSIS.join(span.text for span in claim.content)))
        about = [key for key in claim.about if key in self._reports]
        node.put(subject, PLY.aboutReport, *map(node.thing, about))
        node.put(subject, SCHEMA.appearance, self._article)
        node.put(subject, PLY.confidence, confidence(claim.confidence))
        node.put(subject, PROV.wasQuotedFrom, self._article)
        node.put(subject, PROV.wasGeneratedBy, self._run)
        node.evidence(subject, PLY.evidence, claim.content)
        node.evidence(subject, PLY.cueEvidence, [claim.cue])
        node.evidence(subject, PLY.speakerEvidence, [claim.speaker_span])
