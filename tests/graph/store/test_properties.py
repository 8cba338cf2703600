"""Any sequence of commits, publications and reopenings, against sets in memory."""

import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graph.store import Change, Dataset, EmbeddedStore, Triple, embedded
from graph.store.change import canonical
from tests.graph.store.sample import BASE, assert_merged, contents, iri

_XSD = "http://www.w3.org/2001/XMLSchema#"


def _typed(value: str, name: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(_XSD + name))


# Few, so that graphs often say the same; several spellings of one value among them.
_OBJECTS = st.sampled_from(
    [
        iri("a"), iri("b"),
        _typed("1", "integer"), _typed("01", "integer"), _typed("+1", "integer"), _typed("1.0", "decimal"),
        ox.Literal("a", language="en-GB"), ox.Literal("a", language="en-gb"),
        ox.Literal("a"), ox.Literal('"\\u0041\n}'),
    ]
)  # fmt: skip
_TRIPLES = st.builds(
    Triple, st.sampled_from([iri("a"), iri("b"), iri("c")]), st.sampled_from([iri("p"), iri("q")]), _OBJECTS
)
_SETS = st.frozensets(_TRIPLES, max_size=6)
_GRAPHS = st.sampled_from([f"{BASE}graph/article/{name}" for name in "abc"])
_PARTS = st.dictionaries(_GRAPHS, _SETS, max_size=3)
_CHANGES = st.builds(Change, _PARTS, _PARTS, _PARTS)


class _Machine(RuleBasedStateMachine):
    writer: EmbeddedStore

    @initialize(bulk=st.sampled_from([embedded.BULK, 4]))
    def make(self, bulk: int) -> None:
        self.bulk, embedded.BULK = embedded.BULK, bulk
        self.folder = Path(tempfile.mkdtemp())
        self.dataset = Dataset.create(self.folder / "dataset", BASE)
        self.writer = self.dataset.writer(flush_every=3)
        self.model: dict[str, frozenset[Triple]] = {}
        self.published: dict[int, dict[str, frozenset[Triple]]] = {}
        self.dirty = True

    def teardown(self) -> None:
        embedded.BULK = getattr(self, "bulk", embedded.BULK)
        if hasattr(self, "writer"):
            self.writer.close()
            shutil.rmtree(self.folder)

    def _expect(self, change: Change) -> None:
        before = dict(self.model)
        for name, triples in change.replace.items():
            self.model[name] = canonical(triples)
        for name, triples in change.remove.items():
            self.model[name] = self.model.get(name, frozenset()) - canonical(triples)
        for name, triples in change.add.items():
            self.model[name] = self.model.get(name, frozenset()) | canonical(triples)
        self.model = {name: triples for name, triples in self.model.items() if triples}
        self.dirty |= self.model != before

    @rule(change=_CHANGES)
    def commit(self, change: Change) -> None:
        self.writer.commit(change)
        self._expect(change)

    @rule(graph=_GRAPHS, triples=_SETS)
    def replace(self, graph: str, triples: frozenset[Triple]) -> None:
        self.commit(Change(replace={graph: triples}))

    @rule(graph=_GRAPHS)
    def remove_graph(self, graph: str) -> None:
        self.commit(Change(replace={graph: frozenset()}))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove_all_triples(self, data: st.DataObject) -> None:
        graph = data.draw(st.sampled_from(sorted(self.model)))
        self.commit(Change(remove={graph: self.model[graph]}))

    @rule()
    def publish(self) -> None:
        before = self.dataset.current()
        generation = self.dataset.publish()
        if self.dirty:
            assert generation.number == (before.number + 1 if before else 1)
        else:
            assert generation == before
        self.published[generation.number] = dict(self.model)
        self.dirty = False

    @rule()
    def reopen(self) -> None:
        self.writer.close()
        assert self.dataset.iris.base == BASE
        self.dataset = Dataset.open(self.dataset.path)
        self.writer = self.dataset.writer(flush_every=3)

    @rule()
    def publish_without_a_writer(self) -> None:
        self.writer.close()
        self.publish()
        self.writer = self.dataset.writer(flush_every=3)

    @rule()
    def generations_are_as_they_were(self) -> None:
        kept = self.dataset.generations()
        assert [generation.number for generation in kept] == sorted(self.published)[-3:]
        for generation in kept:
            assert contents(generation.open()) == self.published[generation.number]
            assert_merged(generation.open())

    @invariant()
    def the_store_is_the_model(self) -> None:
        assert contents(self.writer) == self.model
        assert_merged(self.writer)


TestSequences = pytest.mark.slow(_Machine.TestCase)
TestSequences.settings = settings(max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck))


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_LITERALS = st.one_of(
    st.builds(ox.Literal, _WORDS),
    st.builds(ox.Literal, st.text(st.sampled_from("\\\"'u0041U{}<>\n\r\t\0\x7f"), max_size=12)),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), _WORDS, st.sampled_from(["en", "EN-gb", "zh-Hant-TW"])),
    st.builds(
        lambda text, name: _typed(text, name),
        st.one_of(
            st.text("0123456789+-.eEINFaZT: ", max_size=20),
            st.integers().map(str),
            st.decimals(allow_nan=False).map(str),
            st.datetimes().map(lambda moment: moment.isoformat()),
        ),
        st.sampled_from(
            ["integer", "decimal", "double", "float", "boolean", "date", "dateTime", "time", "gYear", "int", "duration"]
        ),
    ),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(literals=st.frozensets(_LITERALS, min_size=1, max_size=8))
def test_any_literal_comes_back_and_goes_again(dataset: Dataset, literals: frozenset[ox.Literal]) -> None:
    graph = f"{BASE}graph/article/any"
    triples = frozenset(Triple(iri("a"), iri("p"), literal) for literal in literals)
    with dataset.writer() as writer:
        writer.commit(Change(replace={graph: triples}))
        assert writer.graph(graph) == canonical(triples)
        assert_merged(writer)
        writer.commit(Change(remove={graph: triples}))
        assert contents(writer) == {}
        assert_merged(writer)
