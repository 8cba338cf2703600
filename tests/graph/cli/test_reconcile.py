"""``parley reconcile`` from an article to ``owl:sameAs`` in what is published."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graph.cli.conftest import Run
from tests.graph.reconcile import service as s

_SAME = "SELECT ?thing ?same { ?thing owl:sameAs ?same FILTER(STRSTARTS(STR(?same), 'https://id.zubrowka.example/')) }"


@pytest.fixture
def published(parley: Run, article: Path) -> Run:
    done = parley("ingest", article)
    assert done.returncode == 0, done.stderr
    return parley


@pytest.fixture
def register() -> Iterator[s.Register]:
    with s.serving() as server:
        yield server


def _table(stdout: str) -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = {}
    for line in stdout.splitlines():
        state, key, *rest = line.split("\t")
        rows.setdefault(key, []).append([state, *rest])
    return rows


def test_it_is_off_until_a_service_is_set(published: Run, register: s.Register) -> None:
    done = published("reconcile")
    assert done.returncode == 3
    assert done.stdout == ""
    assert re.fullmatch(r"parley: .+; set PARLEY_RECONCILIATION_SERVICE to its URL, .+\n", done.stderr)


def test_no_other_command_asks_the_service(parley: Run, article: Path, register: s.Register) -> None:
    for command in (
        ("ingest", article),
        ("publish",),
        ("rebuild",),
        ("status",),
        ("query", "ASK {}"),
        ("curate", "list"),
    ):
        done = parley(*command, PARLEY_RECONCILIATION_SERVICE=register.url)
        assert done.returncode == 0, done.stderr
    assert register.log == []


def test_a_match_is_written_published_and_taken_back(published: Run, register: s.Register, tmp_path: Path) -> None:
    here = {"PARLEY_RECONCILIATION_SERVICE": register.url, "PARLEY_RECONCILIATION_PAUSE": "0"}
    curations = tmp_path / "dataset" / "curation"

    looked = published("reconcile", "--kind", "person", "--dry-run", **here)
    assert looked.returncode == 0, looked.stderr
    table = _table(looked.stdout)
    assert table["person/ana-petrova"] == [
        ["accepted", "Ana Petrova", f"{s.SPACE}Z1", "100", "Ana Petrova", "president"]
    ]
    assert [row[:4] for row in table["person/tom-harding"]] == [
        ["doubtful", "Tom Harding", f"{s.SPACE}Z2", "95"],
        ["doubtful", "Tom Harding", f"{s.SPACE}Z3", "95"],
    ]
    assert table["person/tom-harding"][0][-1] == "the service is not sure"
    assert not curations.exists()
    requests = len(register.log)

    done = published("reconcile", "--kind", "person", **here)
    assert done.stdout == looked.stdout
    assert "1 accepted, 1 doubtful, 0 unknown; 0 requests to Register of Zubrowka" in done.stderr
    assert len(register.log) == requests, "what was answered is not asked again"
    (file,) = curations.glob("*.ttl")
    text = file.read_text("utf-8")
    assert f"dct:creator <{register.url}>" in text
    assert "score 100, next 40; query 'Ana Petrova'" in text
    assert f"ply:value <{s.SPACE}Z1>" in text

    again = published("reconcile", "--kind", "person", **here)
    assert list(_table(again.stdout)) == ["person/tom-harding"], "what waits to be published is decided"

    assert published("publish").returncode == 0
    wanted = f"thing,same\nhttp://127.0.0.1:8000/id/person/ana-petrova,{s.SPACE}Z1\n"
    assert published("query", _SAME).stdout.replace("\r", "") == wanted
    assert published("rebuild").returncode == 0
    assert published("query", _SAME).stdout.replace("\r", "") == wanted, "a new extraction leaves it"
    made_by = "ASK { ?curation a ply:Addition ; prov:wasAssociatedWith ?who FILTER NOT EXISTS { ?who a prov:Person } }"
    assert published("query", made_by, "--format", "csv").stdout.strip() == "true", "a service is no person"

    file.unlink()
    assert published("publish").returncode == 0
    assert published("query", _SAME).stdout.strip() == "thing,same"


def test_kind_and_limit(published: Run, register: s.Register) -> None:
    here = {"PARLEY_RECONCILIATION_SERVICE": register.url, "PARLEY_RECONCILIATION_PAUSE": "0"}
    places = published("reconcile", "--kind", "place", "--dry-run", **here)
    assert {key.partition("/")[0] for key in _table(places.stdout)} == {"place"}
    assert all(row[0] == "unknown" for rows in _table(places.stdout).values() for row in rows)
    assert len(_table(published("reconcile", "--limit", "2", "--dry-run", **here).stdout)) == 2


def test_what_was_said_before_the_service_fails_counts(published: Run, tmp_path: Path) -> None:
    with s.serving(*[s.register] * 2, s.fails(404)) as server:
        here = {"PARLEY_RECONCILIATION_SERVICE": server.url, "PARLEY_RECONCILIATION_PAUSE": "0"}
        done = published("reconcile", PARLEY_RECONCILIATION_BATCH="1", **here)
    assert done.returncode == 4
    assert "2 requests" not in done.stderr
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("parley: ")]
    assert "there is nothing (HTTP 404); check PARLEY_RECONCILIATION_SERVICE" in error
    assert len(_table(done.stdout)) == 2


def test_nothing_is_asked_before_there_is_something_to_ask_about(parley: Run, register: s.Register) -> None:
    done = parley("reconcile", PARLEY_RECONCILIATION_SERVICE=register.url)
    assert done.returncode == 6
    assert register.log == []
