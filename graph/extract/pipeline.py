"""The whole way from an article to what is found in it: structure, names, times, reports, claims."""

from collections.abc import Iterable
from dataclasses import replace

import graph
from graph.article import Article
from graph.extract.claims import find_claims
from graph.extract.events import find_reports
from graph.extract.model import Claim, Extraction, Organization, Person, Place, Report
from graph.extract.names import find_entities
from graph.extract.tagging import tag
from graph.extract.text import segment
from graph.extract.times import find_times

__all__ = ["extract"]


def extract(article: Article) -> Extraction:
    """Find people, organizations, places, times, reports of events and claims in an article.

    A pure function of the article and this program's version: same input, same output. All keys that a report or a
    claim names are those of entities and reports of the same extraction.

    >>> found = extract(Article.create("Ana Petrova met Ivo Novak in Vienna. She said that the talks had been useful."))
    >>> [(r.type.value, [m.text for m in r.mentions]) for r in found.reports][0]
    ('Meeting', ['met'])
    >>> [(c.speakers, c.content[0].text) for c in found.claims]
    [(('person/ana-petrova',), 'the talks had been useful')]
    """
    document = segment(article)
    entities = find_entities(document)
    times = find_times(document)
    tagged = tag(document, [*entities.people, *entities.organizations, *entities.places], entities.demonyms, times)
    known = {key for kind in (entities.people, entities.organizations, entities.places) for key in _keys(kind)}
    reports = tuple(_report(r, known) for r in find_reports(tagged, entities.people))
    claims = tuple(_claim(c, known) for c in find_claims(tagged, entities.people, reports))
    return Extraction(
        article, entities.people, entities.organizations, entities.places, times, reports, claims, document.sections,
        f"parley-rules {graph.__version__}",
    )  # fmt: skip


def _keys(entities: Iterable[Person | Organization | Place]) -> Iterable[str]:
    return (entity.key for entity in entities)


def _report(report: Report, known: set[str]) -> Report:
    return replace(report, participants=_only(report.participants, known), places=_only(report.places, known))


def _claim(claim: Claim, known: set[str]) -> Claim:
    return replace(claim, speakers=_only(claim.speakers, known))


def _only(keys: Iterable[str], known: set[str]) -> tuple[str, ...]:
    """Leave out places that only a demonym stands for: nothing else in the article names them."""
    return tuple(k for k in keys if k in known)
