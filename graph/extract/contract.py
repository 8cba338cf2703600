"""What ``parley extract --format json`` prints: an extraction as JSON values, with IRIs and offsets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.extract.model import Claim, Extraction, Organization, Person, Place, Report, Section, Span
from graph.iris import Iris

__all__ = ["to_json"]


def to_json(extraction: Extraction, iris: Iris) -> dict[str, Any]:
    """Return an extraction as JSON values, in the form that scorers and other programs rely on.

    Each span is ``{"start", "end", "text"}`` in code points of ``text``. ``speaker`` of a claim is an IRI, or the names
    of several as a reader writes them ("A, B and C"), or None if it is unknown; ``speakers`` has the IRIs of all.

    :param iris: builds the IRIs of the keys.
    """
    article = extraction.article
    names = {entity.key: entity.name for entity in extraction.entities()}
    return {
        "article": {
            "iri": iris.thing(article.key),
            "title": article.title,
            "url": article.url,
            "published": article.published.isoformat() if article.published else None,
            "publisher": article.publisher,
            "license": article.license,
            "authors": list(article.authors),
            "language": article.language,
            "genre": article.genre,
            "keywords": list(article.keywords),
            "abstract": article.abstract,
        },
        "text": article.text,
        "people": [_person(p, iris) for p in extraction.people],
        "organizations": [_entity(o, iris) for o in extraction.organizations],
        "places": [_place(p, iris) for p in extraction.places],
        "times": [
            {
                **_span(t.span),
                "type": t.type.value,
                "value": t.value,
                "edtf": t.edtf,
                "earliest": t.earliest.isoformat() if t.earliest else None,
                "latest": t.latest.isoformat() if t.latest else None,
                "confidence": t.confidence,
            }
            for t in extraction.times
        ],
        "events": [_report(r, iris) for r in extraction.reports],
        "claims": [_claim(c, iris, names) for c in extraction.claims],
        "sections": [_section(s) for s in extraction.sections],
        "extractor": extraction.extractor,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _maybe(span: Span | None) -> dict[str, Any] | None:
    return _span(span) if span is not None else None


def _spans(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [_span(s) for s in spans]


def _entity(entity: Person | Organization | Place, iris: Iris) -> dict[str, Any]:
    return {
        "iri": iris.thing(entity.key),
        "name": entity.name,
        "mentions": _spans(entity.mentions),
        "aliases": list(entity.aliases),
        "same_as": list(entity.same_as),
    }


def _person(person: Person, iris: Iris) -> dict[str, Any]:
    roles = [
        {**_span(r.span), "organization": iris.thing(r.organization) if r.organization else None} for r in person.roles
    ]
    return {**_entity(person, iris), "roles": roles}


def _place(place: Place, iris: Iris) -> dict[str, Any]:
    return {
        **_entity(place, iris),
        "kind": place.kind.value,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _report(report: Report, iris: Iris) -> dict[str, Any]:
    return {
        "iri": iris.thing(report.key),
        "type": report.type.value,
        "label": report.label,
        "participants": [iris.thing(k) for k in report.participants],
        "places": [iris.thing(k) for k in report.places],
        "time": report.time,
        "earliest": report.earliest.isoformat() if report.earliest else None,
        "latest": report.latest.isoformat() if report.latest else None,
        "time_spans": _spans(report.time_spans),
        "status": report.status.value,
        "within": iris.thing(report.within) if report.within else None,
        "ordinal": report.ordinal,
        "outcomes": [outcome.value for outcome in report.outcomes],
        "outcome_spans": _spans(report.outcome_spans),
        "mentions": _spans(report.mentions),
        "confidence": report.confidence,
    }


def _claim(claim: Claim, iris: Iris, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "iri": iris.thing(claim.key),
        "speaker": _speaker(claim.speakers, iris, names),
        "speakers": [iris.thing(k) for k in claim.speakers],
        "speaker_span": _maybe(claim.speaker_span),
        "cue": _maybe(claim.cue),
        "content": _spans(claim.content),
        "manner": claim.manner.value,
        "about": [iris.thing(k) for k in claim.about],
        "confidence": claim.confidence,
    }


def _speaker(keys: Sequence[str], iris: Iris, names: Mapping[str, str]) -> str | None:
    """Return the IRI of one speaker; the names of several, joined: no IRI stands for all of them."""
    if len(keys) < 2:
        return iris.thing(keys[0]) if keys else None
    *most, last = (names[key] for key in keys)
    return f"{', '.join(most)} and {last}"


def _section(section: Section) -> dict[str, Any]:
    return {
        **_span(section.span),
        "kind": section.kind,
        "title": section.title,
        "published": section.published.isoformat() if section.published else None,
        "genre": section.genre,
        "keywords": list(section.keywords),
        "abstract": section.abstract,
    }
