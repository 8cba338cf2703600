"""``/ldes``: what each generation made, changed or took away, as a stream in pages.

(Linked Data Event Streams, https://w3id.org/ldes/specification; TREE hypermedia, https://w3id.org/tree/specification.)
"""

from collections.abc import Iterator
from datetime import datetime

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from graph.gate.shapes import SHAPES
from graph.history import PAGE_LENGTH, History, Version
from graph.negotiation import GRAPHS, Format
from graph.phrase import Phrase
from graph.store import Dataset
from graph.vocabulary import DCT, PROV, RDF, RDFS, SCHEMA, XSD
from web.answers import HTML, NotFoundError, alternate_links, alternates, answer, link, pick, split_extension, urls
from web.linked_data.documents import say, serialize
from web.published import Snapshot, published, snapshot
from web.views.shared import readable
from web.words import CHANGES

__all__ = ["blueprint", "label_of", "stream_of"]

blueprint = Blueprint("ldes", __name__)

_FORMATS = (HTML, *GRAPHS)
_LDES = "https://w3id.org/ldes#"
_TREE = "https://w3id.org/tree#"
_AS = "https://www.w3.org/ns/activitystreams#"
_PREFIXES = {"ldes": _LDES, "tree": _TREE, "as": _AS}
_TYPE, _LABEL = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))
_VERSION_OF, _TIME = ox.NamedNode(str(DCT.isVersionOf)), ox.NamedNode(str(PROV.generatedAtTime))
_NUMBER = ox.NamedNode(str(SCHEMA.version))
_CHANGES = {"created": f"{_AS}Create", "changed": f"{_AS}Update", "deleted": f"{_AS}Delete"}
#: Full pages may be kept for a week: a dataset that is made anew has other ones.
_FULL = "public, max-age=604800, immutable"


@blueprint.get("/ldes")
def stream() -> Response:
    """Describe the stream, with its pages."""
    return _stream(None)


@blueprint.get("/ldes.<any(ttl, nt, jsonld, rdf, html):form>")
def stream_in(form: str) -> Response:
    """Describe the stream in one format."""
    return _stream(next(f for f in _FORMATS if f.extension == form))


@blueprint.get("/ldes/<path:number>")
def page(number: str) -> Response:
    """Answer with a page of versions; full ones never change."""
    digits, fixed = split_extension(number, _FORMATS)
    history = stream_of(snapshot())
    pages = history.pages
    if not (digits.isascii() and digits.isdigit() and digits[0] != "0" and 0 < int(digits[:9]) <= pages):
        raise NotFoundError(
            Phrase("the stream has no page %(number)s: it has %(pages)s", number=digits[:20], pages=pages),
            Phrase("begin at /ldes"),
        )
    wanted, choice = int(digits), pick(_FORMATS, fixed)
    versions = history.page(wanted)
    full = len(versions) == PAGE_LENGTH
    # A full page changes only in that another follows it: that one is there as soon as there is something to put on it.
    closed = full and wanted < pages
    current = snapshot()

    def build() -> str | bytes:
        if choice.format is HTML:
            return render_template(
                "ldes.html",
                number=wanted,
                pages=pages,
                versions=[_shown(version) for version in versions],
                page_url=lambda n: urls().ldes(n),
                alternates=alternates(GRAPHS, lambda f: urls().ldes(wanted, f.extension)),
            )
        following = history.page(wanted + 1)[0].published if wanted < pages else None
        return serialize(_page(current, wanted, versions, following), choice.format, _PREFIXES)

    links = [
        *alternate_links(_FORMATS, choice.format, lambda form: urls().ldes(wanted, form.extension)),
        link(urls().ldes(), "collection"),
        *([link(urls().ldes(wanted - 1), "prev")] if wanted > 1 else []),
        *([link(urls().ldes(wanted + 1), "next")] if wanted < pages else []),
    ]
    tag = f"{current.iris.base} {wanted} {len(versions)} {closed} {versions[0].published}"
    if choice.format is HTML:  # has the generation in its foot
        tag += f" {current.identity} {pages}"
    location = None if fixed else urls().ldes(wanted, choice.format.extension)
    response = answer(choice, build, links=links, location=location, tag=tag)
    if closed and choice.format is not HTML:
        response.headers["Cache-Control"] = _FULL
    return response


def stream_of(current: Snapshot) -> History:
    """Return the history that the stream shows.

    :raises NotFoundError: if nothing is recorded, for the dataset was published by an older Parley.
    """
    history = History(Dataset(published().settings.dataset).history_path)
    if not history.pages:
        raise NotFoundError(
            f"no history is kept of what generation {current.number} changed", "run `parley publish`: it begins one"
        )
    return history


def label_of(version: Version) -> str:
    """Return the name of the thing that a version is of."""
    names = (t.object.value for t in version.triples() if t.predicate == _LABEL and isinstance(t.object, ox.Literal))
    return min(names, default=None) or readable(version.key)


def _stream(fixed: Format | None) -> Response:
    choice, current = pick(_FORMATS, fixed), snapshot()
    history = stream_of(current)
    pages = history.pages
    last = len(history.page(pages))

    def build() -> str | bytes:
        if choice.format is HTML:
            spans = [(n, _span(history.page(n))) for n in range(1, pages + 1)]
            return render_template(
                "ldes.html",
                number=None,
                total=(pages - 1) * PAGE_LENGTH + last,
                spans=spans,
                alternates=alternates(GRAPHS, lambda f: urls().ldes(form=f.extension)),
            )
        return serialize(_root(current, history, pages), choice.format, _PREFIXES)

    links = [
        *alternate_links(_FORMATS, choice.format, lambda form: urls().ldes(form=form.extension)),
        link(urls().ldes(1), "first"),
        link(urls().ldes(pages), "last"),
    ]
    location = None if fixed else urls().ldes(form=choice.format.extension)
    return answer(choice, build, links=links, location=location, tag=f"{current.identity} {pages} {last}")


def _span(versions: tuple[Version, ...]) -> tuple[datetime, datetime]:
    return versions[0].published, versions[-1].published


def _shown(version: Version) -> dict[str, object]:
    return {
        "name": label_of(version),
        "url": urls().document(version.key),
        "change": CHANGES[version.change],
        "generation": version.generation,
        "published": version.published,
        "id": f"{version.generation}/{version.key}",
    }


def _root(current: Snapshot, history: History, pages: int) -> Iterator[ox.Triple]:
    yield from _head(current)
    node = f"{current.iris.base}ldes"
    for number in range(1, pages + 1):
        first, last = _span(history.page(number))
        target = f"{node}/{number}"
        yield from _relation(node, f"{node}#page-{number}-from", "GreaterThanOrEqualToRelation", target, first)
        yield from _relation(node, f"{node}#page-{number}-to", "LessThanOrEqualToRelation", target, last)


def _page(
    current: Snapshot, number: int, versions: tuple[Version, ...], following: datetime | None
) -> Iterator[ox.Triple]:
    yield from _head(current)
    root = f"{current.iris.base}ldes"
    node = f"{root}/{number}"
    yield say(node, str(RDF.type), ox.NamedNode(f"{_TREE}Node"))
    yield say(node, str(RDFS.label), ox.Literal(f"Changes, page {number}", language="en"))
    if following is not None:
        yield from _relation(node, f"{node}#next", "GreaterThanOrEqualToRelation", f"{root}/{number + 1}", following)
    # In order of time, each with all that is said of it (TREE profile).
    for version in versions:
        member = ox.NamedNode(f"{node}#{version.generation}/{version.key}")
        yield say(f"{root}#stream", f"{_TREE}member", member)
        yield from _member(current, member, version)


def _head(current: Snapshot) -> Iterator[ox.Triple]:
    node = f"{current.iris.base}ldes"
    collection = f"{node}#stream"
    shape = str(SHAPES.VersionShape)
    for predicate, value in (
        (str(RDF.type), ox.NamedNode(f"{_LDES}EventStream")),
        (str(RDFS.label), ox.Literal("Changes of events, people, organizations, places and articles", language="en")),
        (f"{_LDES}timestampPath", _TIME),
        (f"{_LDES}versionOfPath", _VERSION_OF),
        (f"{_LDES}versionCreateObject", ox.NamedNode(_CHANGES["created"])),
        (f"{_LDES}versionUpdateObject", ox.NamedNode(_CHANGES["changed"])),
        (f"{_LDES}versionDeleteObject", ox.NamedNode(_CHANGES["deleted"])),
        (f"{_TREE}shape", ox.NamedNode(shape)),
        (f"{_TREE}view", ox.NamedNode(node)),
        (str(DCT.source), ox.NamedNode(current.iris.base)),
        (str(DCT.license), ox.NamedNode(published().settings.license)),
    ):
        yield say(collection, predicate, value)
    yield say(shape, str(RDFS.isDefinedBy), ox.NamedNode(f"{current.iris.base}shapes/version"))
    yield say(node, str(RDF.type), ox.NamedNode(f"{_TREE}Node"))
    yield say(node, str(RDFS.label), ox.Literal("Changes, all pages", language="en"))


def _relation(node: str, relation: str, kind: str, target: str, moment: datetime) -> Iterator[ox.Triple]:
    yield say(node, f"{_TREE}relation", ox.NamedNode(relation))
    yield say(relation, str(RDF.type), ox.NamedNode(f"{_TREE}{kind}"))
    yield say(relation, f"{_TREE}node", ox.NamedNode(target))
    yield say(relation, f"{_TREE}path", _TIME)
    yield say(relation, f"{_TREE}value", _moment(moment))


def _member(current: Snapshot, member: ox.NamedNode, version: Version) -> Iterator[ox.Triple]:
    thing = ox.NamedNode(current.iris.thing(version.key))
    yield ox.Triple(member, _TYPE, ox.NamedNode(_CHANGES[version.change]))
    yield ox.Triple(member, _VERSION_OF, thing)
    yield ox.Triple(member, _TIME, _moment(version.published))
    yield ox.Triple(member, _NUMBER, ox.Literal(version.generation))
    said = version.triples()
    if not any(triple.predicate == _LABEL for triple in said):
        yield ox.Triple(member, _LABEL, ox.Literal(label_of(version), language="en"))
    for triple in said:
        yield ox.Triple(member, triple.predicate, triple.object)


def _moment(moment: datetime) -> ox.Literal:
    return ox.Literal(moment.isoformat(), datatype=ox.NamedNode(str(XSD.dateTime)))
