"""The whole way from an article to what is found in it: structure, names, times, reports, claims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import graph
from graph.article import Article
from graph.extract.claims import find_claims
from graph.extract.events import find_reports
from graph.extract.learned.folder import model_version
from graph.extract.model import Claim, Extraction, Organization, Person, Place, Report, TimeExpression
from graph.extract.names import Entities, find_entities
from graph.extract.offices import with_offices
from graph.extract.tagging import Parser, Tagged, parse_words, tag
from graph.extract.text import Document, segment
from graph.extract.times import find_times, unmodified

__all__ = ["Steps", "extract", "extract_by", "extractor_name", "prepare"]


@dataclass(frozen=True)
class Steps:
    """The steps of an extraction, in their order; a back-end replaces those that it does in another way."""

    structure: Callable[[Article], Document] = segment
    names: Callable[[Document], Entities] = find_entities
    times: Callable[[Document], tuple[TimeExpression, ...]] = find_times
    #: Asked for by the steps after it, and only where they need a parse.
    parse: Parser = parse_words
    events: Callable[[Tagged, Sequence[Person]], tuple[Report, ...]] = find_reports
    claims: Callable[[Tagged, Sequence[Person], Sequence[Report]], tuple[Claim, ...]] = find_claims


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
    return extract_by(Steps(), article, extractor_name())


def extractor_name() -> str:
    """Return the name of the extraction that ships, its version and that of its models, as recorded in PROV."""
    return f"parley-embedded {graph.__version__}+{model_version()}"


def extract_by(steps: Steps, article: Article, extractor: str) -> Extraction:
    """Extract an article by these steps.

    :param extractor: name and version of what the steps belong to.
    """
    entities, times, tagged = prepare(article, steps)
    known = {e.key for kind in (entities.people, entities.organizations, entities.places) for e in kind}
    reports = tuple(_report(r, known) for r in steps.events(tagged, entities.people))
    reports = with_offices(tagged, entities.people, reports)
    claims = tuple(_claim(c, known) for c in steps.claims(tagged, entities.people, reports))
    sections = tagged.document.sections
    return Extraction(
        article, entities.people, entities.organizations, entities.places, times, reports, claims, sections, extractor
    )


def prepare(article: Article, steps: Steps | None = None) -> tuple[Entities, tuple[TimeExpression, ...], Tagged]:
    """Find names and times, and lay them on the words: what finding events and claims begins with."""
    steps = steps or Steps()
    document = steps.structure(article)
    entities = steps.names(document)
    times = steps.times(document)
    everything: list[Person | Organization | Place] = [*entities.people, *entities.organizations, *entities.places]
    return entities, times, tag(document, everything, entities.demonyms, [unmodified(t) for t in times], steps.parse)


def _report(report: Report, known: set[str]) -> Report:
    return replace(report, participants=_only(report.participants, known), places=_only(report.places, known))


def _claim(claim: Claim, known: set[str]) -> Claim:
    return replace(claim, speakers=_only(claim.speakers, known))


def _only(keys: Iterable[str], known: set[str]) -> tuple[str, ...]:
    """Leave out places that only a demonym stands for: nothing else in the article names them."""
    return tuple(k for k in keys if k in known)
