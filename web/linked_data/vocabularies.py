"""The ontology and the shapes: as pages, and as the files that they are."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, render_template

from graph.files import data_path, shapes_path
from graph.gate.shapes import SHAPES
from graph.negotiation import GRAPHS, Format
from graph.phrase import Phrase
from web.answers import (
    DATA,
    HTML,
    NotFoundError,
    alternate_links,
    alternates,
    answer,
    json_body,
    pick,
    split_extension,
    urls,
)
from web.linked_data.documents import serialize
from web.linked_data.terms import read_graph, terms

__all__ = ["blueprint"]

blueprint = Blueprint("vocabularies", __name__)

_FORMATS = (HTML, *GRAPHS)
_LIST_FORMATS = (*_FORMATS, DATA)
_PREFIXES = {"sh": "http://www.w3.org/ns/shacl#", "shape": str(SHAPES)}


@blueprint.get("/ontology")
def ontology() -> Response:
    """Show the terms of the ontology, or send the ontology itself."""
    return _ontology(None)


@blueprint.get("/ontology.<any(ttl, nt, jsonld, rdf, html):form>")
def ontology_in(form: str) -> Response:
    """Send the ontology in one format."""
    return _ontology(next(f for f in _FORMATS if f.extension == form))


@blueprint.get("/shapes")
def shapes() -> Response:
    """List the shapes, which decide what enters the graph, or send all of them in one graph."""
    return _shapes(None)


@blueprint.get("/shapes.<any(ttl, nt, jsonld, rdf, html, json):form>")
def shapes_in(form: str) -> Response:
    """Send all shapes in one format."""
    return _shapes(next(f for f in _LIST_FORMATS if f.extension == form))


def _shapes(fixed: Format | None) -> Response:
    choice = pick(_LIST_FORMATS, fixed)

    def build() -> str | bytes:
        files = _shape_files()
        if choice.format is HTML:
            return render_template(
                "shapes.html",
                files=[(name, terms(path)) for name, path in files.items()],
                alternates=alternates(_LIST_FORMATS[1:], lambda form: urls().shapes(form=form.extension)),
            )
        if choice.format is DATA:
            return json_body({"shapes": [{"name": name, "url": urls().shapes(name)} for name in files]})
        return serialize([t for path in files.values() for t in read_graph(path)], choice.format, _PREFIXES)

    links = alternate_links(_LIST_FORMATS, choice.format, lambda form: urls().shapes(form=form.extension))
    return answer(choice, build, links=links, location=None if fixed else urls().shapes(form=choice.format.extension))


@blueprint.get("/shapes/<path:name>")
def shape(name: str) -> Response:
    """Show one file of shapes, or send it."""
    name, fixed = split_extension(name, _FORMATS)
    # Only what is listed: a name from outside never becomes a path.
    path = _shape_files().get(name)
    if path is None:
        raise NotFoundError(
            Phrase("there are no shapes called %(name)s", name=name[:80]), Phrase("choose one from /shapes")
        )
    return _file(path, fixed, "shape.html", lambda form: urls().shapes(name, form.extension), name=name)


def _shape_files() -> dict[str, Path]:
    """Return the files by name: those of the gate, then those of curations and of the stream, in their folders."""
    return {path.stem: path for path in (*sorted(shapes_path().glob("*.ttl")), *sorted(shapes_path().glob("*/*.ttl")))}


def _ontology(fixed: Format | None) -> Response:
    path = data_path("ontology", "parley.ttl")
    if not path.is_file():
        raise NotFoundError("the ontology is not installed", "install Parley again")
    return _file(path, fixed, "ontology.html", lambda form: urls().ontology(form.extension))


def _file(path: Path, fixed: Format | None, template: str, url: Callable[[Format], str], **values: str) -> Response:
    """Answer with a Turtle file of ours: a page of its terms, the file itself, or its triples in another format."""
    choice = pick(_FORMATS, fixed)

    def build() -> str | bytes:
        if choice.format is HTML:
            return render_template(
                template,
                terms=terms(path),
                source=path.read_text("utf-8"),
                alternates=alternates(GRAPHS, url),
                **values,
            )
        # The file as it was written, with its comments, is the best Turtle there is.
        return (
            path.read_bytes()
            if choice.format.name == "turtle"
            else serialize(read_graph(path), choice.format, _PREFIXES)
        )

    links = alternate_links(_FORMATS, choice.format, url)
    return answer(choice, build, links=links, location=None if fixed else url(choice.format))
