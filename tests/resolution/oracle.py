"""An extraction made of the annotation itself, so that resolution is measured apart from the errors of extraction.

Type, participants, places, time and status of a report are those of the annotated event, and so is who a person is;
the label is words of the article, as a report's label always is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.article import Article
from graph.edtf import bounds, is_edtf, timex_to_edtf
from graph.extract.gazetteer import cities, places
from graph.extract.model import (
    EventType,
    Extraction,
    Organization,
    Person,
    Place,
    PlaceKind,
    Report,
    Span,
    Status,
)
from graph.extract.runner import Extracted, Runner
from graph.extract.tokens import words_of
from graph.iris import slugify
from graph.training.material import Annotated
from tests.resolution.links import person_links

__all__ = ["extraction_of", "oracle"]

_CAPITAL = re.compile(r"\b[A-Z]")


def oracle(annotated: Sequence[Annotated]) -> Runner:
    """Return a runner that returns the annotation of an article in place of extracting it."""
    by_key = {each.article.key: each for each in annotated}

    def run(articles: Iterator[Article]) -> Iterator[Extracted]:
        for article in articles:
            yield article.key, extraction_of(by_key[article.key], article)

    return run


def extraction_of(annotated: Annotated, article: Article) -> Extraction:
    """Return the extraction that the annotation of an article comes to."""
    gold = annotated.gold
    people = {p["name"]: _person(annotated.name, p) for p in gold["people"]}
    sites = {p["name"]: _place(p) for p in gold["places"]}
    bodies = {o["name"]: _organization(o) for o in gold["organizations"]}
    # Two annotated names can be one thing to the gazetteer.
    keys = {name: thing.key for things in (sites, bodies, people) for name, thing in things.items()}
    reports = [
        _report(f"{article.key}/report/{n}", event, keys, {p.key for p in sites.values()})
        for n, event in enumerate(gold["events"], start=1)
    ]
    return Extraction(
        article,
        people=tuple({p.key: p for p in people.values()}.values()),
        organizations=tuple({o.key: o for o in bodies.values()}.values()),
        places=tuple({p.key: p for p in sites.values()}.values()),
        reports=tuple(reports),
        extractor="annotation 0",
    )


def _spans(thing: Mapping[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(m["start"], m["end"], m["text"]) for m in thing["mentions"])


def _person(article: str, thing: Mapping[str, Any]) -> Person:
    name = person_links().get((article, thing["name"]), thing["name"])
    return Person(f"person/{slugify(name)}", thing["name"], _spans(thing), customary=name)


def _organization(thing: Mapping[str, Any]) -> Organization:
    return Organization(f"organization/{slugify(thing['name'])}", thing["name"], _spans(thing))


def _place(thing: Mapping[str, Any]) -> Place:
    name, kind = str(thing["name"]), PlaceKind(thing["kind"])
    words = words_of(name.replace("’", "'"))
    known = places().get(words) or cities().get(words)
    if known is None:
        return Place(f"place/{slugify(name)}", name, kind, _spans(thing))
    return Place(known.key, known.name, known.kind, _spans(thing))


def _report(key: str, event: Mapping[str, Any], keys: Mapping[str, str], sites: set[str]) -> Report:
    mentions = _spans(event)
    # A week is no EDTF, but some annotators wrote one.
    written = event["time"] or ""
    time = written if is_edtf(written) else timex_to_edtf(written)
    earliest, latest = bounds(time) if time else (None, None)
    where = [keys[name] for name in event["places"] if name in keys]
    return Report(
        key,
        EventType(event["type"]),
        _label(mentions),
        mentions,
        participants=tuple(dict.fromkeys(keys[name] for name in event["participants"] if name in keys)),
        places=tuple(dict.fromkeys(k for k in where if k in sites)),
        time=time,
        earliest=earliest,
        latest=latest,
        status=Status(event["status"]),
        confidence=1.0,
    )


def _label(mentions: Sequence[Span]) -> str:
    """Return the mention that is most of a name, or else the first one."""
    return " ".join(max(mentions, key=lambda m: len(_CAPITAL.findall(m.text))).text.split())
