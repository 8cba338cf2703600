"""Parts an extraction into the article itself and the related items printed below it, each an article of its own.

What a teaser tells is told by the item that it announces, never by the article that prints it; so each item has a key,
a text (its stretch of the page), and reports and claims of its own, with offsets that count in that text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from graph.article import Article
from graph.extract.model import (
    Claim,
    Extraction,
    Organization,
    Person,
    Place,
    Report,
    Section,
    Service,
    Span,
)
from graph.extract.offices import role_keys

__all__ = ["detach_related", "related_article"]

_Entity = TypeVar("_Entity", Person, Organization, Place)
#: Moves a span into the part's text; None if it does not lie in the part.
_Move = Callable[[Span], Span | None]


def related_article(section: Section, printed_by: Article) -> Article:
    """Return the article that a related item announces: what the item says of it, its teaser as abstract.

    Its identity follows from title, publisher and date, as that of a whole article without an address does.
    """
    return Article.create(
        section.span.text,
        title=section.title,
        published=section.published,
        publisher=printed_by.publisher,
        license=printed_by.license,
        language=printed_by.language,
        genre=section.genre,
        keywords=section.keywords,
        abstract=section.abstract,
        source=printed_by.source,
    )


def detach_related(extraction: Extraction) -> list[Extraction]:
    """Return the extraction without its related items, and after it one extraction for each of them.

    The keys of the first one's reports and claims stay as they are; its article's ``related`` names the items.
    """
    sections = [s for s in extraction.sections if s.kind == "related"]
    if not sections:
        return [extraction]
    items: dict[str, Extraction] = {}
    for section in sections:
        article = related_article(section, extraction.article)
        if article.key != extraction.article.key and article.key not in items:
            items[article.key] = _part(extraction, article, _into(section, article))
    main = replace(extraction.article, related=tuple(sorted(items)))
    spans = [s.span for s in sections]

    def stay(span: Span) -> Span | None:
        return None if any(span.overlaps(other) for other in spans) else span

    body = replace(_part(extraction, main, stay), sections=tuple(s for s in extraction.sections if s.kind != "related"))
    return [body, *items.values()]


def _into(section: Section, article: Article) -> _Move:
    # Storing the slice as a text may trim its start.
    start = section.span.start + section.span.text.index(article.text[:1])

    def move(span: Span) -> Span | None:
        if not section.span.contains(span):
            return None
        moved = Span(span.start - start, span.end - start, span.text)
        return moved if article.text[moved.start : moved.end] == span.text else None

    return move


def _part(extraction: Extraction, article: Article, move: _Move) -> Extraction:
    people = tuple(
        replace(p, roles=tuple(replace(r, span=s) for r in p.roles if (s := move(r.span))))
        for p in _entities(extraction.people, move)
    )
    organizations = tuple(_entities(extraction.organizations, move))
    places = tuple(_entities(extraction.places, move))
    known = {e.key for kind in (people, organizations, places) for e in kind}
    own = article.key == extraction.article.key
    roles = _role_keys(extraction, article, people, move)
    reports: list[Report] = []
    report_keys: dict[str, str] = {}
    for report in extraction.reports:
        if mentions := _spans(report.mentions, move):
            key = report.key if own else f"{article.key}/report/{len(reports) + 1}"
            report_keys[report.key] = key
            reports.append(_report(report, key, mentions, known, roles, move))
    claims: list[Claim] = []
    for claim in extraction.claims:
        content = _spans(claim.content, move)
        if len(content) == len(claim.content):
            key = claim.key if own else f"{article.key}/claim/{len(claims) + 1}"
            about = tuple(report_keys[k] for k in claim.about if k in report_keys)
            claims.append(_claim(claim, key, content, about, known, move))
    return Extraction(
        article=article,
        people=people,
        organizations=organizations,
        places=places,
        times=tuple(replace(t, span=s) for t in extraction.times if (s := move(t.span))),
        reports=tuple(reports),
        claims=tuple(claims),
        sections=(Section("body", Span.of(article.text, 0, len(article.text)), article.title, article.published),),
        extractor=extraction.extractor,
        # What it cost is told once, of the article that was read.
        service=extraction.service if own or not extraction.service else _uncounted(extraction.service),
    )


def _uncounted(service: Service) -> Service:
    return replace(service, tokens=None, unverified=None)


def _spans(spans: Iterable[Span], move: _Move) -> tuple[Span, ...]:
    return tuple(moved for span in spans if (moved := move(span)))


def _maybe(span: Span | None, move: _Move) -> Span | None:
    return move(span) if span is not None else None


def _entities(entities: Iterable[_Entity], move: _Move) -> Iterable[_Entity]:
    for entity in entities:
        if mentions := _spans(entity.mentions, move):
            words = {m.text for m in mentions}
            yield replace(entity, mentions=mentions, aliases=tuple(a for a in entity.aliases if a in words))


def _role_keys(extraction: Extraction, article: Article, people: Sequence[Person], move: _Move) -> dict[str, str]:
    """Return the keys that the roles of a part have in its article, by those that they had."""
    new = role_keys(article.key, people)
    return {
        key: new[person, moved]
        for (person, span), key in role_keys(extraction.article.key, extraction.people).items()
        if (moved := move(span)) and (person, moved) in new
    }


def _report(
    report: Report, key: str, mentions: tuple[Span, ...], known: set[str], roles: Mapping[str, str], move: _Move
) -> Report:
    outcome_spans = _spans(report.outcome_spans, move)
    return replace(
        report,
        key=key,
        mentions=mentions,
        participants=tuple(k for k in report.participants if k in known),
        places=tuple(k for k in report.places if k in known),
        time_spans=_spans(report.time_spans, move),
        outcomes=report.outcomes if len(outcome_spans) == len(report.outcome_spans) else (),
        outcome_spans=outcome_spans if len(outcome_spans) == len(report.outcome_spans) else (),
        offices=tuple(replace(o, source=roles[o.source]) for o in report.offices if o.source in roles),
    )


def _claim(
    claim: Claim, key: str, content: tuple[Span, ...], about: tuple[str, ...], known: set[str], move: _Move
) -> Claim:
    return replace(
        claim,
        key=key,
        content=content,
        speakers=tuple(k for k in claim.speakers if k in known),
        speaker_span=_maybe(claim.speaker_span, move),
        cue=_maybe(claim.cue, move),
        about=about,
    )
