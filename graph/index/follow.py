"""The named nodes before and behind a node in the merge: how what is touched is followed to what is made of it."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

__all__ = ["leading_to", "resting_on", "said_of", "values_of"]

_DEFAULT = ox.DefaultGraph()


def said_of(
    store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode | None = None, value: ox.NamedNode | None = None
) -> Iterator[ox.Quad]:
    """Return what is said of a node, by one predicate or all, with one value or any."""
    return store.quads_for_pattern(node, predicate, value, _DEFAULT)


def leading_to(store: ox.Store, predicate: ox.NamedNode, node: ox.NamedNode) -> set[ox.NamedNode]:
    """Return the named nodes of which a node is a value."""
    return _nodes(quad.subject for quad in store.quads_for_pattern(None, predicate, node, _DEFAULT))


def values_of(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> set[ox.NamedNode]:
    """Return the named nodes that are values of a node."""
    return _nodes(quad.object for quad in said_of(store, node, predicate))


def resting_on(store: ox.Store, evidence: ox.NamedNode, words: ox.NamedNode, node: ox.NamedNode) -> set[ox.NamedNode]:
    """Return what has a node as its evidence, or as the words of it.

    :param evidence: the predicate that leads to evidence.
    :param words: the predicate that leads from there to the words.
    """
    return {found for each in (node, *leading_to(store, words, node)) for found in leading_to(store, evidence, each)}


def _nodes(terms: Iterable[object]) -> set[ox.NamedNode]:
    return {term for term in terms if isinstance(term, ox.NamedNode)}
