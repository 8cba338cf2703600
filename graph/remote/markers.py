"""Markers: what a remote store says of the generations that it has, in a named graph of their own.

::

    <{base}generation/000042-20261126T035543123456> a prov:Entity ;
        rdfs:label "generation 42" ;
        dct:issued "2026-11-26T03:55:43Z"^^xsd:dateTime ;      # when it was published
        prov:wasRevisionOf <{base}generation/000041-...> ;
        prov:wasGeneratedBy <urn:uuid:...> ;                    # the run that carried it over
        prov:generatedAtTime "..."^^xsd:dateTime ;              # when it was whole
        prov:invalidatedAtTime "..."^^xsd:dateTime .            # when the next one began to arrive

While a generation arrives, ``dct:extent`` says how many changes of it have; the update that carries changes over counts
them up from what it expects, so it happens once or not at all (PROV-O, https://www.w3.org/TR/prov-o/).
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from string import Template

from graph.errors import ServiceError
from graph.files import read_query
from graph.iris import Iris
from graph.remote.client import Client
from graph.remote.items import Item, data
from graph.store import Generation
from graph.vocabulary import DCT, PROV

__all__ = ["Arriving", "Markers", "State", "identity"]

#: More rows than there are about the markers of years.
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Arriving:
    """A generation that is on its way into the store.

    :param name: see :func:`identity`.
    :param run: IRI of what carries it over.
    :param base: name of the generation that the store had before; empty if it was filled from nothing.
    :param arrived: how many changes are there.
    """

    name: str
    run: str
    base: str = ""
    arrived: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What a store's markers say.

    :param whole: name of the generation that it has; empty if it has none, or another one is arriving.
    :param since: when that was whole.
    :param arriving: what is on its way.
    :param names: all generations that it has ever had.
    """

    whole: str = ""
    since: str = ""
    arriving: Arriving | None = None
    names: frozenset[str] = frozenset()


def identity(generation: Generation) -> str:
    """Return the name by which a store knows a generation: numbers begin anew where a dataset is made anew."""
    return f"{generation.number:06}-{generation.published.astimezone(UTC):%Y%m%dT%H%M%S%f}"


class Markers:
    """The markers of one dataset in a remote store.

    :param client: the store.
    """

    def __init__(self, client: Client, iris: Iris) -> None:
        self._client = client
        self._prefix = f"{iris.base}generation/"
        #: IRI of the graph that they are in.
        self.graph = f"{iris.base}graph/generations"

    def read(self) -> State:
        """Return what they say.

        :raises ServiceError: if the store cannot be asked.
        """
        query = _fill("content", where=f"GRAPH <{self.graph}>", limit=str(_ROWS), offset="0")
        found: dict[str, dict[str, str]] = {}
        extents: dict[str, int] = {}
        for row in self._client.select(query):
            subject, predicate, value = (str(row[name].value) for name in ("s", "p", "o"))
            if predicate == str(DCT.extent) and value.isdigit():
                # Where an update is no transaction, there can be two: the greater one is what has arrived.
                name = subject.removeprefix(self._prefix)
                extents[name] = max(extents.get(name, 0), int(value))
            if subject.startswith(self._prefix):
                found.setdefault(subject.removeprefix(self._prefix), {})[predicate] = value
        state = State(names=frozenset(found))
        for name, said in found.items():
            made, ended = said.get(str(PROV.generatedAtTime)), said.get(str(PROV.invalidatedAtTime))
            if name in extents:
                base = said.get(str(PROV.wasRevisionOf), "").removeprefix(self._prefix)
                arriving = Arriving(name, said.get(str(PROV.wasGeneratedBy), ""), base, extents[name])
                return State(arriving=arriving, names=state.names)
            if made and not ended:
                state = State(name, made, names=state.names)
        return state

    def begin(self, generation: str, published: datetime, base: str, *, anew: bool) -> Arriving:
        """Say that a generation is arriving.

        :param generation: its name.
        :param published: when it was published.
        :param base: name of what the store has, or had; empty for nothing.
        :param anew: whether the markers that there are count for nothing.
        :raises ServiceError: if the store cannot be asked, or another process is carrying something over.
        """
        run = uuid.uuid4().urn
        before = f"prov:wasRevisionOf <{self._prefix}{base}> ;" if base else ""
        number = int(generation.partition("-")[0])
        marker = _fill("marker", generation=self._prefix + generation, label=f"generation {number}", run=run,
                       issued=_time(published), base=before)  # fmt: skip
        marker = "\n".join(line for line in marker.splitlines() if not line.startswith("#"))
        if anew:
            self._client.update(_fill("forget", markers=self.graph))
            self._client.update(_fill("begin_anew", markers=self.graph, marker=marker))
        else:
            now = _time(datetime.now(UTC))
            text = _fill("begin", markers=self.graph, marker=marker, old=self._prefix + base, now=now)
            self._client.update(text)
        begun = Arriving(generation, run, base)
        if self.read().arriving != begun:
            raise self._disturbed()
        return begun

    def step(self, arriving: Arriving, sent: list[Item], *, loaded: bool = False) -> Arriving:
        """Carry changes over in one update, and count them.

        :param loaded: whether they are in the store already, so that only the count is missing.
        :raises ServiceError: if the store does not take it.
        """
        merge, arrived = self._client.address.merge, arriving.arrived + len(sent)
        gone, come = ([], []) if loaded else (data(sent, -1, merge), data(sent, 1, merge))
        before = ""
        if self._client.address.apart:
            each = [("DELETE", quads) for quads in gone] + [("INSERT", quads) for quads in come]
            before = "\n".join(_fill("apart", verb=verb, quads=quads) for verb, quads in each)
            gone, come = [], []
        values = {"then": str(arrived), "gone": "\n".join(gone), "come": "\n".join(come)}
        self._client.update(before + self._counting("step", arriving, **values))
        return Arriving(arriving.name, arriving.run, arriving.base, arrived)

    def end(self, arriving: Arriving) -> State:
        """Say that all of a generation is there; return what the store has now.

        :raises ServiceError: if the store cannot be asked, or something else happened to it meanwhile.
        """
        self._client.update(self._counting("end", arriving, now=_time(datetime.now(UTC))))
        state = self.read()
        if state.whole != arriving.name:
            raise self._disturbed()
        return state

    def _counting(self, query: str, arriving: Arriving, **values: str) -> str:
        return _fill(query, markers=self.graph, generation=self._prefix + arriving.name, run=arriving.run,
                     arrived=str(arriving.arrived), **values)  # fmt: skip

    def _disturbed(self) -> ServiceError:
        cause = f"{self._client.address.query}: something else has written to its markers meanwhile"
        return ServiceError(cause, "see that one dataset alone is carried over to it, and run `parley remote carry`")


def _fill(query: str, **values: str) -> str:
    return Template(read_query("remote", query)).substitute(values)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
