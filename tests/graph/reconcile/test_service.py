"""Answers that are kept, and answers of the wrong form."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import DatasetError, ServiceError
from graph.reconcile.cache import Cache
from graph.reconcile.client import Client
from graph.reconcile.service import Service
from tests.graph.reconcile import service as s

ANA, TOM, IVO = ({"query": name, "limit": 5} for name in ("Ana Petrova", "Tom Harding", "Ivo Novak"))
Open = Callable[..., Service]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open a service as a new run of the command does, with the same file of answers."""
    caches = []

    def open_(server: s.Register, days: float = 30, batch: int = 10) -> Service:
        caches.append(Cache(tmp_path / "reconciliation" / "answers.sqlite", days))
        return Service(Client(server.url, pause=0.0, backoff=0.01), caches[-1], batch)

    yield open_
    for cache in caches:
        cache.__exit__(None, None, None)


def _names(service: Service, *questions: dict[str, Any]) -> dict[int, list[str]]:
    return {answer.number: [c.id for c in answer.candidates] for answer in service.ask(questions)}


def test_the_same_question_is_not_asked_twice(opened: Open) -> None:
    with s.serving() as server:
        first = opened(server)
        assert first.manifest.name == "Register of Zubrowka"
        assert _names(first, ANA, IVO, ANA) == {0: ["Z1", "Z9"], 1: [], 2: ["Z1", "Z9"]}
        assert [q["query"] for q in server.questions] == ["Ana Petrova", "Ivo Novak"]
        requests = len(server.log)
        again = opened(server)
        assert again.manifest == first.manifest
        assert _names(again, ANA, IVO) == {0: ["Z1", "Z9"], 1: []}
        assert len(server.log) == requests
        assert _names(again, ANA, TOM) == {0: ["Z1", "Z9"], 1: ["Z2", "Z3"]}
        assert [q["query"] for q in server.questions[2:]] == ["Tom Harding"]


def test_another_question_about_the_same_name_is_another(opened: Open) -> None:
    with s.serving() as server:
        _names(opened(server), ANA)
        _names(opened(server), {**ANA, "type": "person"})
        assert len(server.questions) == 2


def test_an_answer_counts_for_some_days(opened: Open) -> None:
    with s.serving() as server:
        _names(opened(server), ANA)
        _names(opened(server, days=0), ANA)
        assert len(server.questions) == 2


def test_answers_say_when_they_were_given(opened: Open) -> None:
    with s.serving() as server:
        (first,) = opened(server).ask([ANA])
        (second,) = opened(server).ask([ANA])
    assert first.asked == second.asked
    assert first.asked.tzinfo is not None


def test_questions_go_in_batches(opened: Open) -> None:
    with s.serving() as server:
        _names(opened(server, batch=2), ANA, TOM, IVO)
        assert [len(batch) for _, _, _, batch in server.log] == [2, 1]


def test_a_service_that_names_the_size_of_a_batch_gets_no_larger_one(opened: Open) -> None:
    with s.serving(manifests=(s.says({**s.MANIFEST, "batchSize": 1}),)) as server:
        service = opened(server)
        assert service.manifest.batch == 1
        _names(service, ANA, TOM, IVO)
        assert [len(batch) for method, _, _, batch in server.log if method == "POST"] == [1, 1, 1]


def test_what_was_answered_before_the_service_gave_up_is_kept(opened: Open) -> None:
    with s.serving(s.register, s.fails(404)) as server:
        with pytest.raises(ServiceError):
            _names(opened(server, batch=1), ANA, TOM)
        _names(opened(server, batch=1), ANA, TOM)
        assert [q["query"] for q in server.questions] == ["Ana Petrova", "Tom Harding", "Tom Harding"]


WRONG = {
    "no list": ({"Z1": 1}, "no list of candidates"),
    "no object": (["Z1"], "candidate that is no object"),
    "no id": ([{"name": "Ana", "score": 1}], "without an id"),
    "no score": ([{"id": "Z1", "name": "Ana"}], "without a score"),
    "score in words": ([{"id": "Z1", "name": "Ana", "score": "100"}], "without a score"),
    "endless score": ([{"id": "Z1", "name": "Ana", "score": float("inf")}], "without a score"),
    "perhaps": ([{"id": "Z1", "name": "Ana", "score": 9, "match": "perhaps"}], "whether it matches"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_of_the_wrong_form_is_refused_and_not_kept(opened: Open, name: str) -> None:
    value, words = WRONG[name]
    with s.serving(s.says({"q0": {"result": value}})) as server:
        with pytest.raises(ServiceError, match=words):
            _names(opened(server), ANA)
        assert _names(opened(server), ANA) == {0: ["Z1", "Z9"]}


@pytest.mark.parametrize(
    "manifest",
    [{}, {**s.MANIFEST, "versions": ["7"]}, {**s.MANIFEST, "identifierSpace": "Z"}, {**s.MANIFEST, "name": ""}],
    ids=["empty", "version", "space", "name"],
)
def test_a_service_that_is_none(opened: Open, manifest: dict[str, Any]) -> None:
    with s.serving(manifests=(s.says(manifest),)) as server, pytest.raises(ServiceError, match="its answer"):
        assert opened(server).manifest


def test_the_best_candidate_comes_first_whatever_the_order(opened: Open) -> None:
    with s.serving(s.knows(Ana_Petrova=[s.candidate("Z9", "A", 4), s.candidate("Z1", "B", 9)])) as server:
        assert _names(opened(server), ANA) == {0: ["Z1", "Z9"]}


def test_a_file_of_answers_that_is_broken_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(DatasetError, match=r"answers\.sqlite: .*remove the file"):
        Cache(tmp_path / "answers.sqlite", 30)
