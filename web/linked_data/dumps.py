"""The whole of a generation to download: written and compressed once, with sizes and checksums, sent in ranges.

The files lie in a temporary folder of the server, as long as it serves the generation.
"""

import base64
import gzip
import hashlib
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from graph.negotiation import FORMATS, Format
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import PREFIXES
from web.answers import DATA, HTML, answer, cache_control, json_body, link, pick, urls
from web.language import N_
from web.published import Snapshot, snapshot

__all__ = ["DUMPS", "Dump", "DumpFile", "blueprint", "files", "files_in_time"]

blueprint = Blueprint("dumps", __name__)

#: How long the list of the dumps waits for their sizes and checksums, in seconds.
_PATIENCE = 5.0
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


class DumpFile(NamedTuple):
    """A dump as it was written.

    :param size: in bytes, compressed.
    :param sha256: digest of the compressed file, in hexadecimal digits.
    :param statements: how many it holds.
    """

    path: Path
    size: int
    sha256: str
    statements: int


DUMPS = (
    Dump(FORMATS["nquads"], ox.RdfFormat.N_QUADS, N_("every named graph")),
    Dump(FORMATS["trig"], ox.RdfFormat.TRIG, N_("every named graph")),
    Dump(FORMATS["ntriples"], ox.RdfFormat.N_TRIPLES, N_("all graphs merged")),
)


@blueprint.get("/dumps")
def dumps() -> Response:
    """List the dumps."""
    choice, current = pick((HTML, DATA)), snapshot()
    written = files_in_time(current, _PATIENCE) or {}

    def build() -> str | bytes:
        if choice.format is HTML:
            return render_template("dumps.html", dumps=[(dump, written.get(dump.name)) for dump in DUMPS])
        listed = []
        for dump in DUMPS:
            file = written.get(dump.name)
            sizes = {"bytes": file.size, "sha256": file.sha256, "statements": file.statements} if file else {}
            listed.append({"url": urls().dumps(dump.name), "format": dump.format.label, "holds": dump.holds, **sizes})
        return json_body({"generation": current.number, "dumps": listed})

    links = [link(urls().dumps(d.name), "item", d.format.media_type) for d in DUMPS]
    return answer(choice, build, links=links, tag=f"{current.identity} {len(written)}")


@blueprint.get("/dumps/sha256sums.txt")
def checksums() -> Response:
    """Send the checksums of all dumps, as ``sha256sum --check`` reads them."""
    text = FORMATS["text"]
    return answer(
        pick((text,), text),
        lambda: "".join(f"{written.sha256}  {name}\n" for name, written in files(snapshot()).items()),
    )


@blueprint.get("/dumps/dataset.<any(nq, trig, nt):form>.gz")
def dump(form: str) -> Response:
    """Send a dump, or a range of it (RFC 9110, section 14)."""
    wanted = next(d for d in DUMPS if d.format.extension == form)
    current = snapshot()
    written = files(current)[wanted.name]
    response = Response(_pieces(written.path), content_type="application/gzip")
    response.headers["Content-Disposition"] = f"attachment; filename=parley-{current.number}.{form}.gz"
    response.content_length = written.size
    response.last_modified = current.published_at
    # Strong, for the file is sent as it is: a download that broke off can be resumed.
    response.set_etag(written.sha256[:40])
    response.make_conditional(request, accept_ranges=True, complete_length=written.size)
    response.headers["Cache-Control"] = cache_control()
    response.vary.add("Accept")
    # RFC 9530, section 3: of the whole file, whatever range is sent.
    digest = base64.b64encode(bytes.fromhex(written.sha256)).decode("ascii")
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers.add("Link", link(urls().void(), "collection"))
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def files(current: Snapshot) -> Mapping[str, DumpFile]:
    """Return the dumps of a generation by name; they are written at the first call.

    :raises DatasetError: if they cannot be written.
    """
    return _making(current).result()


def files_in_time(current: Snapshot, seconds: float) -> Mapping[str, DumpFile] | None:
    """Return the dumps of a generation; None if they take longer to write: they then are written meanwhile.

    :raises DatasetError: if they cannot be written.
    """
    return _making(current).result_in(seconds)


def _making(current: Snapshot) -> "_Making":
    return current.keep("dumps", _Making)


class _Making:
    """The dumps of a generation in the making, by a thread of their own; their folder goes with this object."""

    def __init__(self, current: Snapshot) -> None:
        folder, store = Path(tempfile.mkdtemp(prefix="parley-dumps-")), current.store
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._done = threading.Event()
        self._files: dict[str, DumpFile] = {}
        self._error: Exception | None = None
        threading.Thread(target=self._write, args=(store, folder), daemon=True, name="dumps").start()

    def result(self) -> Mapping[str, DumpFile]:
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._files

    def result_in(self, seconds: float) -> Mapping[str, DumpFile] | None:
        return self.result() if self._done.wait(seconds) else None

    def _write(self, store: ox.Store, folder: Path) -> None:
        try:
            for each in DUMPS:
                file = _written(store, each, folder / each.name)
                # Turtle has no line for each statement; TriG holds those that the N-Quads hold.
                alike = next((f.statements for f in self._files.values()), 0)
                self._files[each.name] = file if file.statements else file._replace(statements=alike)
        except STORE_ERRORS as error:
            self._error = trouble(folder, error)
        except Exception as error:  # told to whoever waits
            self._error = error
        finally:
            self._done.set()


def _written(store: ox.Store, dump: Dump, path: Path) -> DumpFile:
    with path.open("wb") as out:
        seen = _Seen(out)
        with gzip.GzipFile(filename="", fileobj=cast("BinaryIO", seen), mode="wb", compresslevel=5, mtime=0) as packed:
            lines = _write(store, dump.rdf_format, cast("BinaryIO", packed))
    return DumpFile(path, path.stat().st_size, seen.digest.hexdigest(), lines)


def _write(store: ox.Store, form: ox.RdfFormat, out: BinaryIO) -> int:
    """Write the statements of a store, which the engine does graph by graph; return how many there are."""
    if form == ox.RdfFormat.N_TRIPLES:
        counted = _Lines(out)
        store.dump(cast("BinaryIO", counted), format=form, from_graph=ox.DefaultGraph())
        counted.close()
        return counted.lines
    total = 0
    graphs = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda g: g.value)
    if form == ox.RdfFormat.TRIG:
        out.write("".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()).encode())
    for graph in graphs:
        if form == ox.RdfFormat.N_QUADS:
            named = _Lines(out, f" {graph} .\n".encode())
            store.dump(cast("BinaryIO", named), format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            named.close()
            total += named.lines
        else:
            out.write(f"{graph} {{\n".encode())
            turtle = _Body(out)
            store.dump(cast("BinaryIO", turtle), format=ox.RdfFormat.TURTLE, from_graph=graph, prefixes=dict(PREFIXES))
            turtle.close()
            out.write(b"}\n")
    return total


class _Seen:
    """A file that keeps the digest of what is written to it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._out.write(data)

    def flush(self) -> None:
        self._out.flush()


class _Lines:
    """Passes lines of N-Triples on, counted, with another end: the name of their graph makes N-Quads of them.

    (A line feed within a literal is escaped, so each line is a statement: RDF 1.1 N-Triples, section 7.)
    """

    def __init__(self, out: BinaryIO, end: bytes = b" .\n") -> None:
        self._out, self._end = out, end
        self._rest = b""
        self.lines = 0

    def write(self, data: bytes) -> int:
        whole, feed, rest = (self._rest + data).rpartition(b"\n")
        self._rest = rest
        self._pass_on(whole + feed)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self._pass_on(self._rest)

    def _pass_on(self, text: bytes) -> None:
        self.lines += text.count(b" .\n")
        self._out.write(text.replace(b" .\n", self._end))


class _Body:
    """Passes Turtle on without the prefixes that it begins with."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._head = b""
        self._begun = False

    def write(self, data: bytes) -> int:
        if self._begun:
            return self._out.write(data)
        self._head += data
        while b"\n" in self._head and not self._begun:
            line, _, rest = self._head.partition(b"\n")
            if line.startswith(b"@prefix "):
                self._head = rest
            else:
                self._begun = True
                self._out.write(self._head)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        if not self._begun:
            self._out.write(self._head)
