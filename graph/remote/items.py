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


def data(found: Iterable[Item], sign: int, merge: str) -> str:
    """Return the statements that come (1) or go (-1), as quads of an update; terms are escaped by the engine.

    :param merge: IRI of the named graph of the merge; empty for the default graph.
    """
    lines: list[str] = []
    merged: list[Triple] = []
    graph = None
    for item in found:
        if item.merged == sign:
            merged.append(item.triple)
        if item.named == sign:
            if item.graph != graph:
                lines.append(f"{'' if graph is None else '} '}GRAPH {ox.NamedNode(item.graph)} {{")
                graph = item.graph
            lines.append(f"{item.triple} .")
    if graph is not None:
        lines.append("}")
    if merged:
        # No statement twice: several graphs of one update may have it.
        rows = [f"{triple} ." for triple in dict.fromkeys(merged)]
        lines += [f"GRAPH {ox.NamedNode(merge)} {{", *rows, "}"] if merge else rows
    return "\n".join(lines)


def _merged(old: ox.Store, new: ox.Store, quad: ox.Quad) -> int:
    merged = ox.Quad(quad.subject, quad.predicate, quad.object)
    return int(merged in new) - int(merged in old)


def _has_graph(store: ox.Store, quad: ox.Quad) -> bool:
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(isinstance(each.graph_name, ox.NamedNode) for each in same)
