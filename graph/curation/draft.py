"""A draft: the copy of the live store that becomes a generation, while curations are applied to it.

The default graph of a draft is no longer the merge of its named graphs: what is rejected or corrected stays in the
graph of the article that said it, and leaves the default graph. So each change says for itself which graphs it is on.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

import pyoxigraph as ox

from graph.files import read_query
from graph.iris import Iris
from graph.store.change import Triple
from graph.vocabulary import DCT, OA, PLY

__all__ = ["Draft", "Subject", "Value", "is_value"]

Subject = ox.NamedNode
Value = ox.NamedNode | ox.Literal
_DEFAULT = ox.DefaultGraph()
_Graph = ox.NamedNode | ox.DefaultGraph

_REPLACED = ox.NamedNode(str(DCT.isReplacedBy))
_SELECTOR = ox.NamedNode(str(OA.hasSelector))
_QUOTE = tuple(ox.NamedNode(str(p)) for p in (OA.prefix, OA.exact, OA.suffix))
#: Properties that lead from a finding to the words that it rests on.
_EVIDENCE = tuple(
    ox.NamedNode(str(p)) for p in (PLY.evidence, PLY.cueEvidence, PLY.speakerEvidence, PLY.outcomeEvidence)
)


def is_value(term: object) -> TypeGuard[Value]:
    """Tell whether a term can be the object of a triple that is stored."""
    return isinstance(term, ox.NamedNode | ox.Literal)


class Draft:
    """A store that only this process knows, open for writing."""

    def __init__(self, store: ox.Store, iris: Iris) -> None:
        self.store = store
        self.iris = iris
        self.events = ox.NamedNode(iris.events_graph)
        self.records = ox.NamedNode(iris.records_graph)
        self.curations = ox.NamedNode(iris.curation_graph)
        #: IRIs of the things that are changed: at either end of each statement that comes or goes.
        self.touched: set[str] = set()

    def select(self, query: str, /, **bindings: Value) -> list[ox.QuerySolution]:
        """Run a trusted SELECT query and return its solutions; see :meth:`graph.store.EmbeddedStore.select`."""
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): value for name, value in bindings.items()
        }
        answer = self.store.query(query, substitutions=substitutions)
        return list(answer) if isinstance(answer, ox.QuerySolutions) else []

    def about(self, thing: Subject, graph: _Graph = _DEFAULT) -> set[Triple]:
        """Return what a graph (by default the merge) says of a thing."""
        return {quad.triple for quad in self.store.quads_for_pattern(thing, None, None, graph)}

    def leading_to(self, value: Value, predicate: ox.NamedNode | None = None) -> set[Triple]:
        """Return the statements of the merge that have a thing as their value."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, predicate, value, _DEFAULT)}

    def values(self, thing: Subject, predicate: ox.NamedNode, graph: _Graph = _DEFAULT) -> list[Value]:
        """Return the values of a property, sorted."""
        quads = self.store.quads_for_pattern(thing, predicate, None, graph)
        return sorted((quad.object for quad in quads if is_value(quad.object)), key=str)

    def nodes(self, thing: Subject, predicate: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the values of a property that are things, sorted."""
        return [value for value in self.values(thing, predicate) if isinstance(value, ox.NamedNode)]

    def subjects(self, predicate: ox.NamedNode, value: Value) -> list[Subject]:
        """Return the things with this value of a property, sorted."""
        found = (t.subject for t in self.leading_to(value, predicate))
        return sorted((s for s in found if isinstance(s, ox.NamedNode)), key=str)

    def has(self, thing: Subject) -> bool:
        """Tell whether the merge says anything of a thing, other than what took its place."""
        return any(t.predicate != _REPLACED for t in self.about(thing))

    def survivors(self, thing: Subject) -> list[Subject]:
        """Return the things that took this one's place, sorted; itself if it stands."""
        seen, found, waiting = {thing}, set(), [thing]
        while waiting:
            node = waiting.pop()
            following = self.nodes(node, _REPLACED)
            if not following or self.has(node):
                found.add(node)
            new = [] if node in found else [n for n in following if n not in seen]
            seen.update(new)
            waiting += new
        return sorted(found, key=str)

    def parts(self, thing: Subject) -> list[Subject]:
        """Return the things whose IRIs lie below this one's and that it leads to, sorted."""
        found = {t.object for t in self.about(thing)}
        below = [n for n in found if isinstance(n, ox.NamedNode) and n.value.startswith(f"{thing.value}/")]
        return sorted(below, key=str)

    def add(self, triples: Iterable[Triple], *graphs: _Graph) -> None:
        """Add statements to the merge and to these named graphs."""
        coming = set(triples)
        self._touch(coming)
        self.store.extend(_quad(t, graph) for t in coming for graph in (_DEFAULT, *graphs))

    def remove(self, triples: Iterable[Triple], *graphs: _Graph) -> None:
        """Remove statements from the merge and from these named graphs."""
        going = set(triples)
        self._touch(going)
        for triple in going:
            for graph in (_DEFAULT, *graphs):
                self.store.remove(_quad(triple, graph))

    def everywhere(self, thing: ox.NamedNode) -> Iterator[ox.Quad]:
        """Return all quads, of all graphs but that of the curations, with a thing as subject or value."""
        found = {
            *self.store.quads_for_pattern(thing, None, None, None),
            *self.store.quads_for_pattern(None, None, thing, None),
        }
        return iter([quad for quad in found if quad.graph_name != self.curations])

    def replace(self, old: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> None:
        """Remove quads and add others."""
        before, after = set(old), set(new)
        self._touch(quad.triple for quad in before ^ after)
        for quad in before - after:
            self.store.remove(quad)
        self.store.extend(after - before)

    def _touch(self, triples: Iterable[Triple]) -> None:
        ends = {end for triple in triples for end in (triple.subject, triple.object)}
        self.touched.update(end.value for end in ends if isinstance(end, ox.NamedNode))

    def drop_finding(self, thing: Subject) -> None:
        """Take a finding out of the merge, with the evidence that nothing else there rests on."""
        self.remove(self.about(thing) | self.leading_to(thing), self.events)
        article = self.article_of(thing)
        # What the finding rested on is read from the article's own graph: it is gone from the merge.
        evidence = [n for p in _EVIDENCE for n in self.values(thing, p, article) if isinstance(n, ox.NamedNode)]
        for node in evidence:
            if not self.leading_to(node):
                selectors = self.nodes(node, _SELECTOR)
                self.remove(self.about(node))
                for selector in selectors:
                    if not self.leading_to(selector):
                        self.remove(self.about(selector))

    def article_of(self, finding: Subject) -> ox.NamedNode:
        """Return the graph of the article that a finding is in: what curations reject stays there."""
        key = self.iris.key(finding.value) or ""
        return ox.NamedNode(self.iris.article_graph("/".join(key.split("/")[:2])))

    def quotes(self, finding: Subject) -> set[str]:
        """Return the words that a finding rests on, each with those around it."""
        graph = self.article_of(finding)
        selectors = (
            selector
            for evidence in self.values(finding, _EVIDENCE[0], graph)
            if isinstance(evidence, ox.NamedNode)
            for selector in self.values(evidence, _SELECTOR, graph)
        )
        found = set()
        for selector in selectors:
            if isinstance(selector, ox.NamedNode):
                words = [v.value for part in _QUOTE for v in self.values(selector, part, graph)]
                found.add(" ".join("".join(words).split()))
        return found - {""}

    def siblings(self, finding: Subject) -> Sequence[Subject]:
        """Return the findings of the same kind in the same article, sorted by number."""
        start, _, _ = finding.value.rpartition("/")
        rows = self.select(
            read_query("curation", "findings"), graph=self.article_of(finding), start=ox.Literal(f"{start}/")
        )
        found = {row["finding"] for row in rows}
        return sorted((n for n in found if isinstance(n, ox.NamedNode)), key=lambda n: (len(n.value), n.value))


def _quad(triple: Triple, graph: _Graph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)
