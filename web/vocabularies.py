"""The ontology and the shapes: as pages, and as the files that they are."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, render_template

from graph.files import data_path, shapes_path
from graph.negotiation import GRAPHS, Format
from web.answers import DATA, HTML, NotFoundError, alternates, answer, json_body, pick, split_extension, urls
from web.documents import serialize
from web.terms import read_graph, terms

__all__ = ["blueprint"]

blueprint = Blueprint("vocabularies", __name__)

_FORMATS = (HTML, *GRAPHS)


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
    """List the files of shapes, which decide what enters the graph."""
    choice = pick((HTML, DATA))

    def build() -> str | bytes:
        files = _shape_files()
        if choice.format is HTML:
            return render_template("shapes.html", files=[(name, terms(path)) for name, path in files.items()])
        return json_body({"shapes": [{"name": name, "url": urls().shapes(name)} for name in files]})

    return answer(choice, build)


@blueprint.get("/shapes/<path:name>")
def shape(name: str) -> Response:
    """Show one file of shapes, or send it."""
    name, fixed = split_extension(name, _FORMATS)
    # Only what is listed: a name from outside never becomes a path.
    path = _shape_files().get(name)
    if path is None:
        raise NotFoundError(f"there are no shapes called {name[:80]}", "choose one from /shapes")
    return _file(path, fixed, "shape.html", lambda form: urls().shapes(name, form.extension), name=name)


def _shape_files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(shapes_path().glob("*.ttl"))}


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
        return path.read_bytes() if choice.format.name == "turtle" else serialize(read_graph(path), choice.format)

    links = [
        f'<{url(form)}>; rel="alternate"; type="{form.media_type}"' for form in _FORMATS if form is not choice.format
    ]
    return answer(choice, build, links=links, location=None if fixed else url(choice.format))
