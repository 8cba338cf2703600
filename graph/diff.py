"""What differs between two states of a dataset: in RDF, statement by statement, and in words, thing by thing.

The RDF is an RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html, the format of Apache Jena): one transaction
whose rows delete and add quads of named graphs. The default graph is not in it, since it follows from them.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from graph.errors import DatasetError, InputError
from graph.history import lines_of, things
from graph.iris import Iris
from graph.store import Dataset, Generation
from graph.store.dataset import iris_of
from graph.store.scratch import scratch_folder
from graph.store.trouble import STORE_ERRORS, trouble
from graph.vocabulary import DCT, PREFIXES, RDFS

__all__ = ["Difference", "State", "differences", "patch", "state"]

_LABEL = ox.NamedNode(str(RDFS.label))
_REPLACED = ox.NamedNode(str(DCT.isReplacedBy))
_DUMPS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}


@dataclass(frozen=True)
class State:
    """One state of a dataset.

    :param name: as the user named it.
    :param generation: keeps the files that the store reads, if it is a generation.
    """

    name: str
    store: ox.Store
    iris: Iris
    generation: Generation | None = None

    def label(self, iri: str) -> str:
        """Return the label of a thing or property; what stands for it where there is none."""
        for quad in self.store.quads_for_pattern(ox.NamedNode(iri), _LABEL, None, ox.DefaultGraph()):
            if isinstance(quad.object, ox.Literal):
                return quad.object.value
        return self.iris.key(iri) or _short(iri)


@dataclass(frozen=True)
class Difference:
    """What became of one event, person, organization or place.

    :param key: of the thing.
    :param change: ``new``, ``changed`` or ``gone``.
    :param label: the thing's name.
    :param before: property, in words -> values that are no more, in words.
    :param after: property, in words -> values that are new, in words.
    :param now: keys of what took the place of a thing that is gone.
    """

    key: str
    change: str
    label: str
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    now: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it in words, on one line."""
        words = f"{self.change}: {self.key} “{self.label}”"
        if self.now:
            return f"{words}, now {' and '.join(self.now)}"
        changes = []
        for name in sorted({*self.before, *self.after}) if self.change == "changed" else ():
            old, new = ", ".join(self.before.get(name, ())), ", ".join(self.after.get(name, ()))
            changes.append(f"{name}: {old or 'nothing'} → {new or 'nothing'}")
        return f"{words}; {'; '.join(changes)}" if changes else words


@contextmanager
def state(dataset: Path, name: str) -> Iterator[State]:
    """Open a state of a dataset: the number of a generation that is kept, a dataset's folder, or a dump.

    :param dataset: folder of the dataset whose generations are numbered.
    :param name: a number, or a path.
    :raises InputError: if there is no such state, or the dump cannot be read.
    :raises DatasetError: if nothing is published in the folder, or it is damaged.
    """
    if name.isascii() and name.isdigit():
        kept = Dataset.open(dataset).generations()
        found = next((each for each in kept if each.number == int(name)), None)
        if found is None:
            numbers = ", ".join(str(each.number) for each in kept) or "none"
            raise InputError(f"generation {name} is not kept", f"choose among those that are: {numbers}")
        yield _state(name, found.open(), found)
        return
    path = Path(name)
    if path.is_dir():
        current = Dataset.open(path).current()
        if current is None:
            raise DatasetError(f"{path}: nothing is published yet", "run `parley publish` first")
        yield _state(name, current.open(), current)
        return
    if path.suffix not in _DUMPS:
        raise InputError(f"{name}: neither a generation, a dataset nor a dump (.nq, .trig)", "check the path")
    # On disk and not in memory: a dump may be large.
    with scratch_folder("parley-diff-") as folder:
        yield _state(name, _load(path, folder))


def patch(old: State, new: State) -> Iterator[str]:
    """Yield the lines of an RDF Patch that makes the new state of the old one."""
    yield "TX ."
    for verb, quads, other in (("D", old.store, new.store), ("A", new.store, old.store)):
        for quad in quads:
            if quad.graph_name != ox.DefaultGraph() and quad not in other:
                yield f"{verb} {quad.subject} {quad.predicate} {quad.object} {quad.graph_name} ."
    yield "TC ."


def differences(old: State, new: State) -> Iterator[Difference]:
    """Yield what became of each thing, in the order of their keys."""
    before, after = things(old.store, old.iris), things(new.store, new.iris)
    for key in sorted({*before, *after}):
        if key not in before:
            yield Difference(key, "new", new.label(new.iris.thing(key)), after=_values(after[key], new))
        elif key not in after:
            label = old.label(old.iris.thing(key))
            yield Difference(key, "gone", label, before=_values(before[key], old), now=_heirs(new, key))
        elif before[key] != after[key]:
            was, now = lines_of(before[key]), lines_of(after[key])
            gone, come = was - now, now - was
            label = new.label(new.iris.thing(key))
            yield Difference(key, "changed", label, _values("".join(gone), old), _values("".join(come), new))


def _state(name: str, store: ox.Store, generation: Generation | None = None) -> State:
    iris = iris_of(store)
    if iris is None:
        raise InputError(f"{name}: it does not say what its base IRI is", "give a dump of a whole dataset")
    return State(name, store, iris, generation)


def _load(path: Path, folder: Path) -> ox.Store:
    def both() -> Iterator[ox.Quad]:
        for quad in ox.parse(path=str(path), format=_DUMPS[path.suffix]):
            yield quad
            yield ox.Quad(quad.subject, quad.predicate, quad.object)  # the merge, which dumps leave out

    try:
        store = ox.Store(str(folder))
        store.bulk_extend(both())
    except SyntaxError as error:
        raise InputError(f"{path}: it cannot be read as RDF ({error})", "check the file") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file", "check the path") from None
    except STORE_ERRORS as error:
        raise trouble(path, error) from None
    return store


def _heirs(new: State, key: str) -> tuple[str, ...]:
    thing = ox.NamedNode(new.iris.thing(key))
    found = new.store.quads_for_pattern(thing, _REPLACED, None, ox.DefaultGraph())
    return tuple(sorted(_key(new, quad.object) for quad in found))


def _key(where: State, node: object) -> str:
    iri = str(getattr(node, "value", node))
    return where.iris.key(iri) or iri


def _values(said: str, where: State) -> dict[str, list[str]]:
    """Return what lines of N-Triples say: property in words -> values in words, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(said, format=ox.RdfFormat.N_TRIPLES):
        value = quad.object
        words = where.label(value.value) if isinstance(value, ox.NamedNode) else str(getattr(value, "value", value))
        found[where.label(quad.predicate.value)].add(words)
    return {name: sorted(values) for name, values in sorted(found.items())}


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
