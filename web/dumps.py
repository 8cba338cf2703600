"""The whole current generation to download, written and compressed as it is read."""

import gzip
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from graph.negotiation import FORMATS, Choice, Format
from graph.vocabulary import PREFIXES
from web.answers import DATA, HTML, answer, json_body, pick, urls
from web.published import snapshot

__all__ = ["DUMPS", "Dump", "blueprint"]

blueprint = Blueprint("dumps", __name__)

_T = TypeVar("_T")
_BATCH = 2000
_CHUNK = 256 * 1024


class Dump(NamedTuple):
    """A file to download.

    :param rdf_format: format of its content; those that know graphs hold every named graph, the others the merge.
    """

    format: Format
    rdf_format: ox.RdfFormat
    holds: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"dataset.{self.format.extension}.gz"


DUMPS = (
    Dump(FORMATS["nquads"], ox.RdfFormat.N_QUADS, "every named graph"),
    Dump(FORMATS["trig"], ox.RdfFormat.TRIG, "every named graph"),
    Dump(FORMATS["ntriples"], ox.RdfFormat.N_TRIPLES, "all graphs merged"),
)


@blueprint.get("/dumps")
def dumps() -> Response:
    """List the dumps."""
    choice = pick((HTML, DATA))

    def build() -> str | bytes:
        if choice.format is HTML:
            return render_template("dumps.html", dumps=DUMPS)
        listed = [{"url": urls().dumps(d.name), "format": d.format.label, "holds": d.holds} for d in DUMPS]
        return json_body({"generation": snapshot().number, "dumps": listed})

    return answer(choice, build)


@blueprint.get("/dumps/dataset.<any(nq, trig, nt):form>.gz")
def dump(form: str) -> Response:
    """Send the current generation."""
    wanted = next(d for d in DUMPS if d.format.extension == form)
    current = snapshot()

    def build() -> Response:
        # Nothing is read for a HEAD: only the headers go out.
        body = iter(()) if request.method == "HEAD" else _compressed(_written(current.store, wanted.rdf_format))
        response = Response(body, content_type="application/gzip")
        name = f"parley-{current.number}.{form}.gz"
        response.headers["Content-Disposition"] = f"attachment; filename={name}"
        return response

    return answer(Choice(wanted.format, wanted.format.media_type), build)


def _written(store: ox.Store, form: ox.RdfFormat) -> Iterator[bytes]:
    """Yield the statements of a store in pieces, so that memory stays the same whatever their number."""
    prefixes = dict(PREFIXES) if form == ox.RdfFormat.TRIG else {}
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()).encode()
    if form.supports_datasets:
        named = (quad for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph))
        for quads in _batches(named):
            yield _after_prefixes(ox.serialize(quads, format=form, prefixes=prefixes) or b"")
    else:
        merged = (quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        for triples in _batches(merged):
            yield ox.serialize(triples, format=form) or b""


def _after_prefixes(written: bytes) -> bytes:
    """Leave out the prefixes, which every piece begins with."""
    start = 0
    while written.startswith(b"@prefix ", start):
        start = written.index(b"\n", start) + 1
    return written[start:]


def _batches(values: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(values)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=5, mtime=0) as packed:
        for piece in pieces:
            packed.write(piece)
            if out.tell() >= _CHUNK:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()
