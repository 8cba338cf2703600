"""The commands that have to do with the remote store."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from graph.cli import cli
from graph.errors import DatasetError, ServiceError
from graph.store import Dataset
from graph.watch.log import Log
from graph.watch.watcher import Watcher
from tests.graph.remote.target import Remote
from tests.graph.store.sample import BASE, change, state

_Parley = Callable[..., Result]


@pytest.fixture
def parley(one: Remote, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> _Parley:
    monkeypatch.setenv("PARLEY_DATASET", str(dataset.path))
    monkeypatch.setenv("PARLEY_REMOTE_STORE", one.peer.setting)
    monkeypatch.setenv("PARLEY_REMOTE_BACKOFF", "0")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, standalone_mode=False)

    return run


def _commit(dataset: Dataset, n: int) -> None:
    with dataset.writer() as writer:
        writer.commit(change(n))


def test_publishing_carries_over_and_says_so(parley: _Parley, dataset: Dataset, one: Remote) -> None:
    _commit(dataset, 1)
    found = parley("publish")
    assert (
        "published generation 1\nthe remote store has generation 1: 34 statements came and 0 went; updates: 1"
        in found.stderr
    )
    assert set(one.contents()) == {*state(1), ""}
    status = json.loads(parley("remote", "status", "--format", "json").stdout)
    assert (status["generation"], status["published"], status["current"], status["arriving"]) == (1, 1, True, None)
    assert "current     yes" in parley("remote", "status").stdout
    done = parley("remote", "verify")
    assert (done.return_value, done.stdout) == (0, "")


def test_a_store_that_is_away_stops_no_publication(
    parley: _Parley, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    _commit(dataset, 1)
    with monkeypatch.context() as context:
        context.setenv("PARLEY_REMOTE_STORE", "sparql+http://127.0.0.1:9/")
        failed = parley("publish").exception
    assert isinstance(failed, ServiceError)
    assert failed.cause.startswith("generation 1 is published, but the remote store does not have it: ")
    assert failed.remedy.endswith("`parley remote carry` goes on from there")
    current = dataset.current()
    assert current is not None
    assert current.number == 1
    assert json.loads(parley("remote", "status", "--format", "json").stdout)["generation"] is None
    assert "the remote store has generation 1" in parley("remote", "carry").stderr


def test_what_is_wrong_is_named_and_mended(parley: _Parley, dataset: Dataset, one: Remote) -> None:
    _commit(dataset, 1)
    parley("publish")
    one.update(f"DROP GRAPH <{BASE}graph/article/1>")
    found = parley("remote", "verify")
    assert found.return_value == DatasetError.exit_code
    assert f"is missing in {BASE}graph/article/1\n" in found.stdout
    assert "wrong: 21 more statements" in found.stdout
    assert "`parley remote carry --compare` mends it" in found.stderr
    assert "31 statements came and 0 went" in parley("remote", "carry", "--compare").stderr
    assert parley("remote", "verify").return_value == 0


def test_an_older_generation_there_is_named(parley: _Parley, dataset: Dataset) -> None:
    _commit(dataset, 1)
    parley("publish")
    _commit(dataset, 2)
    dataset.publish()
    found = parley("remote", "verify")
    assert "wrong: its markers do not name the published generation, but 1" in found.stdout


def test_a_query_can_go_to_the_remote_store(parley: _Parley, dataset: Dataset) -> None:
    _commit(dataset, 1)
    parley("publish")
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert parley("query", "--remote", count).stdout.split() == parley("query", count).stdout.split()


def test_the_password_is_not_shown(parley: _Parley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_REMOTE_PASSWORD", "bohemian")
    shown = parley("settings").stdout
    assert "remote_password" in shown
    assert "bohemian" not in shown


def test_watching_goes_on_without_the_store(dataset: Dataset, one: Remote) -> None:
    _commit(dataset, 1)

    def watched(setting: str) -> list[dict[str, object]]:
        lines = io.StringIO()
        settings = replace(one.settings, remote_store=setting, remote_attempts=1)
        watcher = Watcher(dataset, settings, [], log=Log(lines))
        watcher.stop()
        watcher.run()
        return [json.loads(line) for line in lines.getvalue().splitlines()]

    away = watched("sparql+http://127.0.0.1:9/")
    assert [line["event"] for line in away] == ["start", "published", "remote", "stop"]
    assert "refuses the connection" in str(away[2]["error"])
    assert [line["event"] for line in watched(one.peer.setting)] == ["start", "stop"]
    assert one.state().whole.startswith("000001-")
