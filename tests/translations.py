"""Bring the catalogs of translations up to date: ``python -m tests.translations``."""

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from graph.ontology import ontology_triples
from graph.vocabulary import PLY, RDF, RDFS, SEM
from web.sparql.examples import examples
from web.sparql.named import named_queries

__all__ = ["CATALOGS", "extracted", "main", "updated"]

GRAPH, WEB = (Path(__file__).parent.parent / name for name in ("graph", "web"))
CATALOGS = WEB / "translations"
#: Lines of a header that say who and when, which the repository knows better.
_UNSTABLE = (
    b"# FIRST",
    b"# Copyright",
    b'"POT-',
    b'"PO-',
    b'"Last-',
    b'"Language-Team',
    b'"Report',
    b'"Generated',
    b'"Project',
)
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "many": (2, 3), "Phrase": None}


def extracted() -> Catalog:
    """Return a catalog of all messages of templates and code; of what lies below the web, the phrases."""
    catalog = Catalog(project="Parley", charset="utf-8", fuzzy=False)
    for folder, keywords in ((GRAPH, {"Phrase": None}), (WEB, _KEYWORDS)):
        found = extract_from_dir(folder, _METHODS, _OPTIONS, keywords=keywords)
        for _name, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
            catalog.add(message, None, auto_comments=comments, context=context)
    for message in (*_kinds_of_event(), *_labels(PLY.Outcome), *_labels(PLY.PlaceKind), *_queries(), *_titles()):
        catalog.add(message)
    return catalog


def _kinds_of_event() -> list[str]:
    """Return the names of the kinds of event in the ontology, which pages show."""
    below, event = ox.NamedNode(str(RDFS.subClassOf)), ox.NamedNode(str(SEM.Event))
    kinds = (t.subject for t in ontology_triples() if t.predicate == below and t.object == event)
    return sorted(kind.value.rpartition("#")[2] for kind in kinds if isinstance(kind, ox.NamedNode))


def _labels(kind: str) -> list[str]:
    """Return what the ontology calls the things of a kind."""
    triples = list(ontology_triples())
    is_a, label = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))
    members = {t.subject for t in triples if t.predicate == is_a and t.object == ox.NamedNode(str(kind))}
    said = (t.object for t in triples if t.subject in members and t.predicate == label)
    return sorted(words.value for words in said if isinstance(words, ox.Literal))


def _queries() -> Iterator[str]:
    """Yield what the example queries and the named queries say of themselves."""
    for example in examples():
        yield from (example.title, example.description)
    for query in named_queries():
        yield from (query.title, query.description)
        for parameter in query.parameters:
            yield from (parameter.name.capitalize(), parameter.help)


def _titles() -> Iterator[str]:
    """Yield the titles of errors (RFC 9110, section 15.5 and 15.6)."""
    for status in (400, 403, 404, 405, 406, 408, 410, 413, 414, 415, 417, 422, 429, 431, 500, 501, 502, 503, 504):
        yield HTTPStatus(status).phrase


def updated(path: Path, template: Catalog) -> bytes:
    """Return the text of a catalog with the messages of today: old translations stay, what is gone goes."""
    language = path.parent.parent.name
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return _text(catalog)


def _text(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, omit_header=False, ignore_obsolete=True)
    # The day of the update would change every catalog each time.
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_UNSTABLE))


def main() -> None:
    """Write the template and each catalog."""
    template = extracted()
    (CATALOGS / "messages.pot").write_bytes(_text(template))
    for path in sorted(CATALOGS.glob("*/LC_MESSAGES/messages.po")):
        path.write_bytes(updated(path, template))


if __name__ == "__main__":
    main()
