"""The folder of curations: Turtle files, read and checked against their shapes, all or none."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import rdflib

from graph.curation.draft import is_value
from graph.curation.model import Action, Curation
from graph.edtf import is_edtf
from graph.errors import InputError
from graph.files import shapes_path
from graph.gate.gate import Gate
from graph.gate.shapes import load_shapes
from graph.iris import Iris
from graph.rdf import to_graph
from graph.store.change import Triple, canonical
from graph.vocabulary import DCT, PLY, RDF, RDFS

__all__ = ["LIMIT", "Problem", "check", "digest", "files", "read"]

#: Largest file of curations, in bytes.
LIMIT = 1_000_000

_TYPE = str(RDF.type)
_ACTIONS = {str(PLY[action]): action for action in Action}
_CLASSES = {*_ACTIONS, str(PLY.Curation)}
_TIME, _PROPERTY, _VALUE = str(PLY.time), str(PLY.property), str(PLY.value)
_QUOTED = str(PLY.quoted)
_REMEDY = "mend or remove the file, then see `parley curate check`"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a file.

    :param cause: what is wrong; names no file.
    """

    file: Path
    cause: str

    def __str__(self) -> str:
        return f"{self.file}: {self.cause}"


def files(folder: Path) -> list[Path]:
    """Return the files of curations in a folder, sorted; none if there is no such folder.

    :raises InputError: if it cannot be listed.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".ttl" and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(
            f"{folder}: the folder of curations cannot be read ({error.strerror})", "check the setting `curation`"
        ) from None
    return found


def digest(folder: Path) -> str:
    """Return a word that is another one whenever the curations are others; empty if there are none.

    :raises InputError: if they cannot be read.
    """
    hashed = hashlib.sha256()
    found = files(folder)
    for path in found:
        content = _content(path)
        hashed.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()[:32] if found else ""


def read(folder: Path, iris: Iris) -> list[Curation]:
    """Read all curations, in the order in which they are applied.

    :raises InputError: if a file is broken; it names the file, and the line where there is one.
    """
    curations, problems = _read(files(folder), iris)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{problems[0]}{more}", _REMEDY)
    return curations


def check(folder: Path, iris: Iris) -> list[Problem]:
    """Return all that is wrong with the files of curations.

    :raises InputError: if the folder cannot be listed.
    """
    return _read(files(folder), iris)[1]


def _read(paths: Iterable[Path], iris: Iris) -> tuple[list[Curation], list[Problem]]:
    problems: list[Problem] = []
    stated: dict[str, dict[Path, set[Triple]]] = defaultdict(lambda: defaultdict(set))
    for path in paths:
        try:
            triples = _triples(path, iris)
        except (InputError, ValueError) as error:
            cause = error.cause if isinstance(error, InputError) else str(error)
            problems.append(Problem(path, cause.removeprefix(f"{path}: ")))
            continue
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                stated[triple.subject.value][path].add(triple)
    where = {subject: min(told) for subject, told in stated.items()}
    merged = rdflib.Graph(bind_namespaces="none")
    quoted: dict[str, frozenset[str]] = {}
    found: list[tuple[str, Path, frozenset[Triple]]] = []
    for subject, told in stated.items():
        triples = frozenset[Triple]().union(*told.values())
        if _objects(triples, _TYPE) & _CLASSES:
            if len(told) > 1:
                others = ", ".join(str(p.name) for p in sorted(told)[1:])
                problems.append(Problem(min(told), f"{_short(subject, iris)} stands in {others}, too"))
            found.append((subject, min(told), triples))
        elif any(t.predicate.value == _QUOTED for t in triples):
            quoted[subject] = frozenset(_objects(triples, _QUOTED))
        else:
            cause = f"{_short(subject, iris)} is no curation: it has no type such as ply:Merge"
            problems.append(Problem(min(told), cause))
    with _quiet():
        for told in stated.values():
            merged += to_graph(frozenset[Triple]().union(*told.values()))
        verdict = _gate().check(merged)
    problems += [Problem(where.get(str(v.focus), Path()), str(v)) for v in verdict.violations]
    for subject, path, triples in found:
        problems += [Problem(path, f"{_short(subject, iris)}: {cause}") for cause in _unreadable(triples, iris)]
    if problems:
        return [], sorted(problems, key=lambda p: (str(p.file), p.cause))
    curations = [_curation(subject, path, triples, quoted) for subject, path, triples in found]
    return sorted(curations, key=lambda c: c.order), []


def _unreadable(triples: frozenset[Triple], iris: Iris) -> Iterable[str]:
    """Return what no shape can see: dates by the calendar, and things of another dataset."""
    if _TIME in _objects(triples, _PROPERTY):
        for value in sorted(_objects(triples, _VALUE)):
            if not is_edtf(value):
                yield f"{value!r} is no EDTF date, such as 2019-02-27 or 2019-02"
    for value in _objects(triples, str(DCT.created)):
        try:
            datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            yield f"{value!r} is no date with a time, such as 2026-11-25T10:00:00Z"
    for triple in sorted(triples, key=str):
        if triple.predicate.value in (str(PLY.target), str(PLY.into), str(PLY.leaving)):
            iri = triple.object.value if is_value(triple.object) else ""
            if iris.key(iri) is None:
                yield f"{iri} is no thing of this dataset, whose things start with {iris.thing('')}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for each malformed literal: a shape says it in words."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _gate() -> Gate:
    source = rdflib.Graph(bind_namespaces="none")
    for path in sorted(shapes_path("curation").glob("*.ttl")):
        source.parse(path, format="turtle")
    return Gate(load_shapes(source))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", _REMEDY) from None
    if len(content) > LIMIT:
        raise InputError(f"{path}: it is larger than {LIMIT:,} bytes", "divide it into several files")
    return content


def _triples(path: Path, iris: Iris) -> frozenset[Triple]:
    """Read a file; relative IRIs in it are keys of things.

    :raises InputError: if it cannot be read, or is no Turtle.
    :raises ValueError: if a blank node or a quoted triple is in it.
    """
    content = _content(path)
    try:
        # The engine's own parser is strict, names the line, and fetches nothing.
        quads = list(ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=iris.thing("")))
    except SyntaxError as error:
        words = str(error.msg).removeprefix("Parser error at ")
        raise InputError(f"{path}: it is no Turtle ({words})", _REMEDY) from None
    try:
        return canonical(quad.triple for quad in quads)
    except ValueError:
        raise ValueError("everything in it needs an IRI: there are no blank nodes") from None


def _objects(triples: Iterable[Triple], predicate: str) -> set[str]:
    return {t.object.value for t in triples if t.predicate.value == predicate and is_value(t.object)}


def _short(iri: str, iris: Iris) -> str:
    return iris.key(iri) or f"<{iri}>"


def _curation(subject: str, path: Path, triples: frozenset[Triple], quoted: dict[str, frozenset[str]]) -> Curation:
    def values(predicate: object) -> list[ox.NamedNode | ox.Literal]:
        found = [t.object for t in triples if t.predicate.value == str(predicate)]
        return sorted((o for o in found if isinstance(o, ox.NamedNode | ox.Literal)), key=str)

    def nodes(predicate: object) -> tuple[ox.NamedNode, ...]:
        return tuple(value for value in values(predicate) if isinstance(value, ox.NamedNode))

    named = (*nodes(PLY.target), *nodes(PLY.leaving))
    moment = datetime.fromisoformat(values(DCT.created)[0].value)
    return Curation(
        iri=ox.NamedNode(subject),
        file=path,
        action=next(_ACTIONS[node.value] for node in nodes(RDF.type) if node.value in _ACTIONS),
        who=values(DCT.creator)[0],
        when=moment.astimezone(UTC),
        why=values(RDFS.comment)[0].value,
        targets=nodes(PLY.target),
        into=next(iter(nodes(PLY.into)), None),
        reports=nodes(PLY.leaving),
        prop=next(iter(nodes(PLY.property)), None),
        values=tuple(values(PLY.value)),
        quoted={node.value: quoted[node.value] for node in named if node.value in quoted},
        triples=triples,
    )
