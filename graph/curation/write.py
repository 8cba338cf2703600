"""Writes a curation into a file of its own, after looking whether the published graph has what it is on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from graph.curation.draft import Draft, Value
from graph.curation.events import mark_of, name_for, reading
from graph.curation.folder import files
from graph.curation.model import Action
from graph.curation.properties import Kind, Property, kind_of
from graph.errors import DatasetError, InputError
from graph.files import write_new
from graph.iris import Iris, slugify
from graph.store.change import Triple
from graph.vocabulary import DCT, PLY, PREFIXES, RDF, RDFS, XSD

__all__ = ["Writer"]


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


_ON, _QUOTED = _node(PLY.reportsOn), _node(PLY.quoted)
#: What a file has prefixes for.
_USED = ("ply", "schema", "sem", "dct", "owl", "rdf", "rdfs", "xsd", "edtf")
_ABBREVIATED = re.compile(r'("(?:[^"\\]|\\.)*")|<//')
_LOOK = "look its IRI up on its page or with `parley query`"


@dataclass
class Writer:
    """Writes curations of one dataset.

    :param store: the published generation; only read.
    :param folder: where the files go.
    :param who: name of the person who decides, or the IRI of the person or service.
    """

    store: ox.Store
    iris: Iris
    folder: Path
    who: str | ox.NamedNode

    def __post_init__(self) -> None:
        self._draft = Draft(self.store, self.iris)

    def thing(self, name: str, kinds: Iterable[Kind]) -> ox.NamedNode:
        """Return a thing that a user names by its IRI or key.

        :raises InputError: if it is not in the published graph, or of another kind than these.
        """
        key = self.iris.key(name) or name.removeprefix(self.iris.base).removeprefix("/")
        wanted, kind = tuple(kinds), kind_of(key)
        try:
            node = ox.NamedNode(self.iris.thing(key))
        except ValueError:
            raise InputError(f"{name}: no IRI can be made of it", _LOOK) from None
        if kind is None or kind not in wanted:
            raise InputError(f"{name} is no {' or '.join(wanted)}", "give the IRI, or what follows id/ in it")
        standing = self._draft.survivors(node)
        if node not in standing and standing and self._draft.has(standing[0]):
            names = " and ".join(self.iris.key(n.value) or n.value for n in standing)
            raise InputError(f"{key} is no more: it has become {names}", f"give {names} instead")
        if not self._draft.has(node):
            raise InputError(f"{key} is not in the published graph", _LOOK)
        return node

    def merge(self, things: Sequence[str], into: str | None, why: str) -> Path:
        """Write that things are one.

        :param into: the one that stays; the first if None.
        :raises InputError: if one is not in the published graph, or they are of several kinds.
        """
        kinds = (Kind.EVENT, Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE)
        nodes = list(dict.fromkeys(self.thing(name, kinds) for name in things))
        stays = self.thing(into, kinds) if into else nodes[0]
        if len({*nodes, stays}) < 2:
            raise InputError("a merge is of two things or more", "give the IRIs of all that are one")
        if len({kind_of(self.iris.key(n.value) or "") for n in (*nodes, stays)}) > 1:
            raise InputError("a merge joins things of one kind", "give events only, or people only")
        return self._write(Action.MERGE, stays, why, [(PLY.target, nodes), (PLY.into, [stays])])

    def split(self, event: str, reports: Sequence[str], why: str) -> Path:
        """Write that reports leave an event for one of their own.

        :raises InputError: if they are not on it, or are all of its reports.
        """
        node = self.thing(event, (Kind.EVENT,))
        leaving = [self.thing(name, (Kind.REPORT, Kind.RECORD)) for name in reports]
        told = self._draft.subjects(_ON, node)
        for report in leaving:
            if report not in told:
                raise InputError(f"{self.iris.key(report.value)} is not on {event}", "give reports of the event")
        if set(leaving) == set(told):
            raise InputError(f"these are all reports of {event}", "leave at least one of them with it")
        # Written down, so that it stays whatever a later extraction reads in the reports.
        mark = mark_of(_node(self.iris.thing(f"curation/{self._name(Action.SPLIT, node)}")))
        new = name_for([reading(self._draft, report) for report in leaving], mark)
        values = [(PLY.target, [node]), (PLY.leaving, leaving), (PLY.into, [_node(self.iris.thing(new))])]
        return self._write(Action.SPLIT, node, why, values)

    def reject(self, targets: Sequence[str], why: str) -> Path:
        """Write that things do not belong into the graph.

        :raises InputError: if one is not in the published graph.
        """
        nodes = [self.thing(name, Kind) for name in targets]
        return self._write(Action.REJECTION, nodes[0], why, [(PLY.target, nodes)])

    def say(
        self, action: Action, target: str, prop: Property, words: Sequence[str], why: str, source: str | None = None
    ) -> Path:
        """Write a correction or an addition.

        :param words: the values, as a user writes them.
        :raises InputError: if the target or a value is not in the published graph, or a value is malformed.
        """
        node = self.thing(target, prop.kinds)
        values = [self._value(prop, text) for text in words]
        if prop.single and len(set(values)) > 1:
            raise InputError(f"a thing has one {prop.name}", "give one value")
        said: list[tuple[object, Sequence[Value]]] = [
            (PLY.target, [node]),
            (PLY.property, [prop.iri]),
            (PLY.value, values),
        ]
        if source is not None:
            if not source.startswith(("http://", "https://")):
                raise InputError(
                    f"--source: {source} is no web address", "give one that starts with http:// or https://"
                )
            said.append((DCT.source, [_node(source)]))
        return self._write(action, node, why, said)

    def _value(self, prop: Property, text: str) -> Value:
        if text in ("unknownSpeaker", "ply:unknownSpeaker") and prop.name == "speaker":
            return _node(PLY.unknownSpeaker)
        if prop.things:
            return self.thing(text, prop.things)
        try:
            return prop.read(text)
        except ValueError as error:
            raise InputError(f"{text!r} is no {prop.name}", f"give {error}") from None

    def _name(self, action: Action, thing: ox.NamedNode) -> str:
        """Return a name that no file and no published curation has."""
        key = self.iris.key(thing.value) or ""
        base = f"{datetime.now(UTC):%Y-%m-%d}-{action.lower()}-{slugify(key.partition('/')[2], 60)}"
        taken = {path.stem for path in files(self.folder)}
        name, number = base, 2
        while name in taken or self._draft.has(_node(self.iris.thing(f"curation/{name}"))):
            name, number = f"{base}-{number}", number + 1
        return name

    def _write(
        self, action: Action, thing: ox.NamedNode, why: str, values: Sequence[tuple[object, Sequence[Value]]]
    ) -> Path:
        if not why.strip():
            raise InputError("--why is empty", "say in words why this is right")
        if isinstance(self.who, str) and not self.who.strip():
            raise InputError("nobody signs", "give --by or set PARLEY_CURATOR")
        while True:
            name = self._name(action, thing)
            path = self.folder / f"{name}.ttl"
            try:
                write_new(path, self._text(name, action, why, values).encode())
            except FileExistsError:
                continue  # another process took the name
            except OSError as error:
                raise DatasetError(
                    f"{path}: cannot be written ({error.strerror})", "check the setting `curation` and the disk"
                ) from None
            return path

    def _text(self, name: str, action: Action, why: str, values: Sequence[tuple[object, Sequence[Value]]]) -> str:
        iri = _node(self.iris.thing(f"curation/{name}"))
        # Of two that are made within a second, the later one counts.
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said: list[tuple[object, Sequence[Value]]] = [
            (RDF.type, [_node(PLY[action])]),
            *values,
            (DCT.creator, [ox.Literal(self.who.strip()) if isinstance(self.who, str) else self.who]),
            (DCT.created, [ox.Literal(now, datatype=_node(XSD.dateTime))]),
            (RDFS.comment, [ox.Literal(why.strip())]),
        ]
        triples = [Triple(iri, _node(predicate), value) for predicate, found in said for value in found]
        for node in {v for _, found in values for v in found if isinstance(v, ox.NamedNode)}:
            if kind_of(self.iris.key(node.value) or "") in (Kind.REPORT, Kind.CLAIM, Kind.ROLE):
                triples += [Triple(node, _QUOTED, ox.Literal(q)) for q in sorted(self._draft.quotes(node))]
        prefixes = {prefix: PREFIXES[prefix] for prefix in _USED if _any_in(PREFIXES[prefix], triples)}
        turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes, base_iri=self.iris.thing(""))
        head = "# Applied by every `parley publish`; without this file it is undone. See docs/curation.md.\n"
        # The engine leaves the scheme out of IRIs of other hosts, which is hard to read; what is quoted stays.
        start = f"<{self.iris.base.partition(':')[0]}://"
        return head + _ABBREVIATED.sub(lambda found: found[0] if found[1] else start, (turtle or b"").decode())


def _any_in(namespace: str, triples: Iterable[Triple]) -> bool:
    return any(namespace in str(triple) for triple in triples)
