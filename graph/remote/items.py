"""What differs between two states of a dataset, one statement after the other, and in which updates it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph.store import Triple

__all__ = ["Item", "batches", "data", "items"]

_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Item:
    """A statement that comes or goes.

    :param graph: IRI of the named graph; empty if it is in none.
    :param named: 1 if it comes into that graph, -1 if it goes, 0 if it stays.
    :param merged: the same for the merge.
    """

    graph: str
    triple: Triple
    named: int
    merged: int

    @property
    def weight(self) -> int:
        """How many statements of an update it takes."""
        return abs(self.named) + abs(self.merged)


def items(old: ox.Store, new: ox.Store, *, foreign: bool = False) -> Iterator[Item]:
    """Yield what makes the new state of the old one, always in the same order: articles first, then what joins them.

    The order is that of the graphs' IRIs, and within one that of the engine, which follows from the terms alone.
    A statement may leave or enter the merge several times, once for each graph that has it; that does no harm.

    :param foreign: whether the old merge may have statements that are in none of its named graphs.
    """
    named = {g.value for store in (old, new) for g in store.named_graphs() if isinstance(g, ox.NamedNode)}
    for iri in sorted(named):
        graph = ox.NamedNode(iri)
        for quad in old.quads_for_pattern(None, None, None, graph):
            if quad not in new:
                yield Item(iri, quad.triple, -1, _merged(old, new, quad))
        for quad in new.quads_for_pattern(None, None, None, graph):
            come, merged = quad not in old, _merged(old, new, quad)
            if come or merged:  # a curation takes a statement out of the merge and leaves it in its graph
                yield Item(iri, quad.triple, int(come), merged)
    if foreign:
        for quad in old.quads_for_pattern(None, None, None, _DEFAULT):
            if quad not in new and not _has_graph(old, quad):
                yield Item("", quad.triple, 0, -1)


def batches(found: Iterable[Item], batch: int, most: int) -> Iterator[list[Item]]:
    """Gather items for one update each: graphs stay whole as long as they may.

    :param batch: statements that are gathered; a graph that has more is an update of its own.
    :param most: statements of one update at most; a graph that has more is cut.
    """
    gathered: list[Item] = []
    weight = begun = 0  # begun: where the last graph begins
    for item in found:
        if gathered and item.graph != gathered[-1].graph:
            begun = len(gathered)
        over = weight + item.weight
        if over > batch and begun:
            yield gathered[:begun]
            gathered = gathered[begun:]
            weight, begun = sum(each.weight for each in gathered), 0
            over = weight + item.weight
        if over > most and gathered:
            yield gathered
            gathered, weight = [], 0
        gathered.append(item)
        weight += item.weight
    if gathered:
        yield gathered


def data(found: Iterable[Item], sign: int, merge: str) -> list[str]:
    """Return the statements that come (1) or go (-1), as quads of an update, a graph each; the engine escapes terms.

    :param merge: IRI of the named graph of the merge; empty for the default graph.
    """
    graphs: dict[str, dict[Triple, None]] = {}  # no statement twice: several graphs of one update may have it
    for item in found:
        if item.named == sign:
            graphs.setdefault(item.graph, {})[item.triple] = None
        if item.merged == sign:
            graphs.setdefault(merge, {})[item.triple] = None
    texts = {iri: "\n".join(f"{triple} ." for triple in triples) for iri, triples in graphs.items()}
    return [f"GRAPH {ox.NamedNode(iri)} {{\n{text}\n}}" if iri else text for iri, text in texts.items()]


def _merged(old: ox.Store, new: ox.Store, quad: ox.Quad) -> int:
    merged = ox.Quad(quad.subject, quad.predicate, quad.object)
    return int(merged in new) - int(merged in old)


def _has_graph(store: ox.Store, quad: ox.Quad) -> bool:
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(isinstance(each.graph_name, ox.NamedNode) for each in same)
