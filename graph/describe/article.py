"""What one article says, as RDF: the content of its named graph."""

import re
from datetime import datetime
from functools import cache

from rdflib import Graph, Literal, URIRef

from graph.article import Article
from graph.describe.findings import describe_findings
from graph.describe.node import Describer, english
from graph.extract.lexicon import read_table
from graph.extract.model import Extraction, Organization, Person, Place
from graph.iris import Iris, slugify
from graph.vocabulary import DCT, OWL, PLY, PROV, RDF, RDFS, SCHEMA, XSD

__all__ = ["describe_article"]

_LONGEST_HEADLINE = 90


def describe_article(extraction: Extraction, iris: Iris, *, extracted_at: datetime) -> Graph:
    """Describe an article with all that was found in it, as ``docs/model.md`` says under "What an article says".

    :param extracted_at: when the extraction ended; with a time zone.
    """
    article = extraction.article
    node = Describer(iris, article.key, article.text, article.language)
    subject = node.thing(article.key)
    _article(node, subject, article)
    _run(node, subject, extraction, extracted_at)
    for number, entity in enumerate(extraction.entities(), 1):
        _entity(node, entity)
        _mention(node, subject, f"{article.key}/mention/{number}", entity)
    describe_findings(node, extraction)
    # After the entities of the text, which may be the same and then have a better name.
    _makers(node, subject, article)
    return node.graph


def _article(node: Describer, subject: URIRef, article: Article) -> None:
    genre = _classes().get((article.genre or "").casefold(), "NewsArticle")
    node.put(subject, RDF.type, SCHEMA[genre], PROV.Entity)
    node.put(subject, SCHEMA.headline, node.words(headline(article)))
    node.put(subject, SCHEMA.inLanguage, Literal(article.language.lower()))
    node.put(subject, SCHEMA.datePublished, Literal(article.published) if article.published else None)
    node.put(subject, SCHEMA.url, URIRef(article.url) if article.url else None)
    node.put(subject, DCT.rights, Literal(article.license) if article.license else None)
    node.put(subject, SCHEMA.genre, Literal(article.genre) if article.genre else None)
    node.put(subject, SCHEMA.keywords, *map(Literal, article.keywords))
    node.put(subject, SCHEMA.abstract, node.words(article.abstract))
    node.put(subject, DCT.identifier, Literal(article.digest))
    node.put(subject, DCT.extent, Literal(len(article.text.split())))
    node.put(subject, DCT.relation, *map(node.thing, article.related))
    node.put(subject, DCT.isVersionOf, node.thing(article.version_of) if article.version_of else None)


def headline(article: Article) -> str:
    """Return the article's title, or where it has none the first words of its text.

    >>> headline(Article.create("They met in Vienna. More follows."))
    'They met in Vienna. More follows.'
    """
    if article.title:
        return article.title
    line = article.text.partition("\n")[0]
    if len(line) <= _LONGEST_HEADLINE:
        return line
    return line[:_LONGEST_HEADLINE].rpartition(" ")[0].rstrip(",;:") + " …"


@cache
def _classes() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("genres.tsv", 2)}


def _makers(node: Describer, subject: URIRef, article: Article) -> None:
    makers = [(SCHEMA.author, "person", SCHEMA.Person, name) for name in article.authors]
    if article.publisher:
        makers.append((SCHEMA.publisher, "organization", SCHEMA.Organization, article.publisher))
    for predicate, kind, class_, name in makers:
        maker = node.thing(f"{kind}/{slugify(name)}")
        node.put(subject, predicate, maker)
        if (maker, RDF.type, class_) not in node.graph:
            _name(node, maker, class_, name)


def _name(node: Describer, thing: URIRef, class_: URIRef, name: str) -> None:
    node.put(thing, RDF.type, class_)
    node.put(thing, RDFS.label, english(name))
    node.put(thing, SCHEMA.name, Literal(name))


def _run(node: Describer, subject: URIRef, extraction: Extraction, extracted_at: datetime) -> None:
    run = node.thing(f"{extraction.article.key}/run")
    agent = node.thing(f"agent/{re.sub(r'[^A-Za-z0-9._-]+', '-', extraction.extractor).strip('-')}")
    node.put(run, RDF.type, PROV.Activity, PLY.Extraction)
    node.put(run, PROV.used, subject)
    node.put(run, PROV.wasAssociatedWith, agent)
    node.put(run, PROV.endedAtTime, Literal(extracted_at))
    if (service := extraction.service) is not None:
        node.put(run, PLY.model, Literal(service.model))
        node.put(run, PLY.service, URIRef(service.url))
        node.put(run, PLY.tokens, Literal(service.tokens) if service.tokens is not None else None)
        node.put(run, PLY.unverified, Literal(service.unverified) if service.unverified is not None else None)
    node.put(agent, RDF.type, PROV.SoftwareAgent)
    node.put(agent, RDFS.label, Literal(extraction.extractor))


def _entity(node: Describer, entity: Person | Organization | Place) -> None:
    thing = node.thing(entity.key)
    kinds = {Person: SCHEMA.Person, Organization: SCHEMA.Organization, Place: SCHEMA.Place}
    _name(node, thing, kinds[type(entity)], entity.label)
    aliases = dict.fromkeys((entity.name, *entity.aliases))
    node.put(thing, SCHEMA.alternateName, *(Literal(alias) for alias in aliases if alias != entity.label))
    node.put(thing, OWL.sameAs, *map(URIRef, entity.same_as))
    if isinstance(entity, Place):
        node.put(thing, PLY.placeKind, PLY[entity.kind])
        node.put(thing, SCHEMA.latitude, _degrees(entity.latitude))
        node.put(thing, SCHEMA.longitude, _degrees(entity.longitude))


def _degrees(value: float | None) -> Literal | None:
    return None if value is None else Literal(f"{value:.5f}".rstrip("0").rstrip("."), datatype=XSD.decimal)


def _mention(node: Describer, article: URIRef, key: str, entity: Person | Organization | Place) -> None:
    mention, thing = node.thing(key), node.thing(entity.key)
    node.put(article, SCHEMA.mentions, thing)
    node.put(mention, RDF.type, PLY.Mention)
    node.put(mention, PLY.entity, thing)
    node.put(mention, PLY.mentionCount, Literal(len(entity.mentions)))
    node.put(mention, PROV.wasDerivedFrom, article)
    fullest = max(entity.mentions, key=lambda m: (m.text == entity.name, len(m.text), -m.start))
    node.evidence(mention, PLY.evidence, [fullest])
