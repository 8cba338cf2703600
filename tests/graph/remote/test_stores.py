"""One suite for all stores: the embedded one, and servers of others."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.store import Change, Dataset, Triple
from graph.store.generations import Amendment
from tests.graph.remote.target import MERGE, Target
from tests.graph.store.sample import BASE, change, iri, state, triple

# They start other servers.
pytestmark = pytest.mark.slow

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ARTICLE = f"{BASE}graph/article/1"


def _with_merge(graphs: dict[str, frozenset[Triple]]) -> dict[str, frozenset[Triple]]:
    return {**graphs, MERGE: frozenset[Triple]().union(*graphs.values())}


def _commit(dataset: Dataset, *changes: Change) -> None:
    with dataset.writer() as writer:
        for each in changes:
            writer.commit(each)


def test_each_publication_is_there_whole(dataset: Dataset, target: Target) -> None:
    done = 0
    for n in (1, 3, 4, 9, 13, 14):  # 13 takes an article away
        _commit(dataset, *map(change, range(done + 1, n + 1)))
        target.publish()
        assert target.contents() == _with_merge(state(n))
        done = n


def test_publishing_twice_changes_nothing(dataset: Dataset, target: Target) -> None:
    _commit(dataset, change(1), change(2))
    target.publish()
    target.publish()
    assert target.contents() == _with_merge(state(2))


def _literal(value: str, kind: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(kind if ":" in kind else _XSD + kind))


_VALUES: dict[str, ox.Literal | ox.NamedNode] = {
    "plain": ox.Literal("Talks"),
    "language": ox.Literal("Gespräche", language="de"),
    "region": ox.Literal("talks", language="en-gb"),
    "same words, no language": ox.Literal("talks"),
    "empty": ox.Literal(""),
    "spaces": ox.Literal("  two  "),
    "escapes": ox.Literal('a\n\t"b" \\ \\u0041 {?x} \' # <c>'),
    "scripts": ox.Literal("習近平 Ивов 😀 é"),
    "long": ox.Literal("Zubrowka " * 2000),
    "day": _literal("2019-02-28", "date"),
    "edtf": _literal("2019-02~/..", "http://id.loc.gov/datatypes/edtf"),
    "moment": _literal("2019-02-28T10:30:00Z", "dateTime"),
    "integer": _literal("-42", "integer"),
    "decimal": _literal("0.85", "decimal"),
    "boolean": _literal("true", "boolean"),
    "iri": _literal("https://zubrowka.example/a?b=c&d", "anyURI"),
    "year": _literal("2019", "gYear"),
    "thing": ox.NamedNode("https://zubrowka.example/id/person/習近平"),
    "like a thing": ox.Literal("https://zubrowka.example/id/article/1"),
    "page": ox.NamedNode("https://zubrowka.example/a%20b?c=d&e=(f)#g"),
}


def test_values_of_every_kind_come_and_go(dataset: Dataset, target: Target) -> None:
    all_of_it = frozenset(
        Triple(iri("article/1"), iri(f"value/{n}"), value) for n, value in enumerate(_VALUES.values())
    )
    stays = frozenset({triple("article/1", "is", "article")})
    _commit(dataset, Change(replace={_ARTICLE: stays}))
    target.publish()
    _commit(dataset, Change(replace={_ARTICLE: stays | all_of_it}))
    target.publish()
    assert target.contents() == _with_merge({_ARTICLE: stays | all_of_it})
    _commit(dataset, Change(replace={_ARTICLE: stays}))
    target.publish()
    assert target.contents() == _with_merge({_ARTICLE: stays})


def test_values_of_every_kind_fill_an_empty_store(dataset: Dataset, target: Target) -> None:
    all_of_it = frozenset(Triple(iri("article/1"), iri(f"value/{n}"), v) for n, v in enumerate(_VALUES.values()))
    _commit(dataset, Change(replace={_ARTICLE: all_of_it}))
    target.publish()
    assert target.contents() == _with_merge({_ARTICLE: all_of_it})


def test_what_another_article_says_stays_in_the_merge(dataset: Dataset, target: Target) -> None:
    both, other = triple("person/ana-petrova", "met", "person/tom-harding"), f"{BASE}graph/article/2"
    first, second = (frozenset({both, triple(f"article/{n}", "is", "article")}) for n in (1, 2))
    _commit(dataset, Change(replace={_ARTICLE: first, other: second}))
    target.publish()
    _commit(dataset, Change(replace={_ARTICLE: frozenset()}))
    target.publish()
    assert target.contents() == _with_merge({other: second})


def test_what_a_curation_takes_out_of_the_merge_stays_in_its_graph(dataset: Dataset, target: Target) -> None:
    kept, rejected = triple("article/1", "is", "article"), triple("person/ivo-novak", "met", "person/ngozi-okoro")
    _commit(dataset, Change(replace={_ARTICLE: frozenset({kept, rejected})}))
    target.publish()

    def reject(path: Path) -> None:
        store = ox.Store(str(path))
        store.remove(ox.Quad(rejected.subject, rejected.predicate, rejected.object))
        store.flush()

    target.publish(Amendment("rejected", reject))
    assert target.contents() == {_ARTICLE: frozenset({kept, rejected}), MERGE: frozenset({kept})}
    target.publish()
    assert target.contents() == _with_merge({_ARTICLE: frozenset({kept, rejected})})


def test_an_article_larger_than_one_update(dataset: Dataset, target: Target) -> None:
    large = frozenset(triple(f"article/{n % 7}", f"part/{n}", f"thing/{n}") for n in range(3000))
    small = frozenset(t for t in large if t.object.value.endswith("7"))  # type: ignore[union-attr]
    for content in (small, large, small):
        _commit(dataset, Change(replace={_ARTICLE: content}))
        target.publish()
        assert target.contents() == _with_merge({_ARTICLE: content})
