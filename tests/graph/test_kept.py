"""What one run leaves on its shelves, the next goes on with, if it is what the store has; else it reads the store."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pyoxigraph as ox
import pytest

from graph.backup.backup import back_up
from graph.backup.restore import restore
from graph.ingest.commit import Committer
from graph.ingest.resolver import Resolver
from graph.publish import publish
from graph.resolve import kept
from graph.settings import Settings
from graph.store import Change
from graph.store.seal import RESOLUTION, SEAL
from graph.verify import verify
from tests.chaos.rounds import Chaos
from tests.graph.lives import TEXTS, Life, Step, reading_back, steps_of

FIRST: list[Step] = [("ingest", "summit", 0), ("ingest", "french", 0), ("ingest", "again", 1)]
NEXT: list[Step] = [("ingest", "canadian", 0), ("remove", "french", 0), ("ingest", "summit", 1)]


def leave(life: Life) -> None:
    """Nothing happens."""


def delete(life: Life) -> None:
    shutil.rmtree(life.kept, ignore_errors=True)


def damage(life: Life) -> None:
    for path in life.kept.glob("*.sqlite"):
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"\0" * 64)


def cut(life: Life) -> None:
    for path in life.kept.glob("*.sqlite"):
        with path.open("r+b") as file:
            file.truncate(4096)


def copy(life: Life) -> None:
    """Another dataset may have come in its place: a copy is never taken for what it is a copy of."""
    other = life.kept.with_name("copy")
    for path in life.kept.glob("*"):
        other.mkdir(exist_ok=True)
        shutil.copy2(path, other)
        path.unlink()
    if other.exists():
        life.kept.rmdir()
        other.rename(life.kept)


def break_seal(life: Life) -> None:
    (life.kept / SEAL).write_text('{"store": [], "files": {"events.sqlite": ["", []]}}')


def write_otherwise(life: Life) -> None:
    """Another program, or a version of Parley that knows of no seal, writes to the store."""
    store = ox.Store(str(life.kept.parent))
    store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    store.update("DELETE DATA { <urn:a> <urn:b> <urn:c> }")
    store.flush()


def commit(life: Life) -> None:
    triple = ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c")))
    for change in (Change(add={"urn:g": frozenset({triple})}), Change(remove={"urn:g": frozenset({triple})})):
        with life.dataset.writer() as writer:
            writer.commit(change)


def open_to_look(life: Life) -> None:
    life.dataset.writer().close()


def publish_and_verify(life: Life) -> None:
    given = Settings(dataset=life.dataset.path)
    publish(life.dataset, given)
    assert [str(finding) for finding in verify(life.dataset, given) if finding.wrong] == []


@pytest.mark.parametrize(
    ("happens", "goes_on"),
    [
        (leave, True),
        (open_to_look, True),
        (publish_and_verify, True),
        (delete, False),
        (damage, False),
        (cut, False),
        (copy, False),
        (break_seal, False),
        (write_otherwise, False),
        (commit, False),
    ],
)
def test_a_run_goes_on_with_what_fits_and_the_outcome_is_the_same(
    happens: Callable[[Life], None], goes_on: bool, tmp_path: Path
) -> None:
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    for life in (one, other):
        life.run(FIRST)
    assert {path.name for path in one.kept.iterdir()} == {"claims.sqlite", "events.sqlite", "people.sqlite", SEAL}
    for life in (one, other):
        happens(life)
    with reading_back() as queries:
        one.run(NEXT)
    assert bool(queries) is not goes_on
    delete(other)
    other.run(NEXT)
    assert one.lasting() == other.lasting()
    with reading_back(allowed=False):
        one.run(FIRST)  # and the one after that goes on


def test_another_version_reads_back(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.run(FIRST)
    for number, (version, reads) in enumerate([("1", True), ("1", False), ("2", True), ("1", True)]):
        with patch.object(kept, "_version", return_value=version), reading_back() as queries:
            life.run([("ingest", "war", number % 2)])
        assert bool(queries) is reads


def test_what_was_left_before_is_not_taken_for_what_was_left_last(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.run(FIRST)
    # Moved and not copied, the file is the very same.
    kept_before = [(path, path.rename(tmp_path / path.name)) for path in sorted(life.kept.iterdir())]
    life.run(NEXT)
    for path, moved in kept_before:
        moved.replace(path)
    with reading_back() as queries:
        life.run([("ingest", "both", 0)])
    assert queries


def test_a_store_that_was_put_back_is_read(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.run(FIRST)
    store, before = life.dataset.path / "store", tmp_path / "before"
    shutil.copytree(store, before)
    life.run(NEXT)
    # The engine's files as they were, beside what was left last.
    for path in store.iterdir():
        if path.name != RESOLUTION:
            path.unlink()
    for path in before.iterdir():
        if path.name != RESOLUTION:
            shutil.copy2(path, store)
    with reading_back() as queries:
        life.run(NEXT)
    assert queries
    other = Life(tmp_path / "other")
    other.run(FIRST)
    other.run(NEXT)
    assert life.lasting() == other.lasting()


def test_a_run_that_is_cut_off_between_resolving_and_storing_leaves_nothing(tmp_path: Path) -> None:
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    for life in (one, other):
        life.run(FIRST)
        with patch.object(Committer, "commit", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            life.run([("ingest", "canadian", 0)])
        assert not (life.kept / SEAL).exists()
    delete(other)
    for life in (one, other):
        life.run([("ingest", "both", 0), ("ingest", "canadian", 0)])
    assert one.lasting() == other.lasting()


def test_an_error_between_resolving_and_storing_leaves_no_trace_in_the_same_run(tmp_path: Path) -> None:
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    with one.opened() as ingester:
        one.take(ingester, *FIRST[0])
        with patch.object(Committer, "commit", side_effect=RuntimeError("boom")), pytest.raises(RuntimeError):
            one.take(ingester, "ingest", "canadian", 0)
        one.take(ingester, *FIRST[1])
    other.run(FIRST[:2])
    for life in (one, other):
        life.run(FIRST[2:])
    assert one.lasting() == other.lasting()


def test_the_next_run_finds_each_record_on_the_event_that_it_describes(tmp_path: Path) -> None:
    """Resolving joins records of one journey while a run lasts; the store has them apart, and so has the next run."""
    life = Life(tmp_path)
    life.run([("ingest", "moscow", 0), ("records", "", 0)])
    with reading_back(allowed=False), life.dataset.writer() as store:
        events = Resolver(store, life.dataset.iris).events
        assert events.record_events
        assert {key: events.event_of(key) for key in events.record_events} == events.record_events


def test_after_a_new_article_is_refused_the_run_goes_on_without_reading(tmp_path: Path) -> None:
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    for life in (one, other):
        life.run(FIRST)
    with reading_back(allowed=False), one.opened() as ingester:
        one.take(ingester, "refuse", "canadian", 0)
        assert len(ingester.quarantine.items()) == 1
        for step in NEXT:
            one.take(ingester, *step)
    other.run(NEXT)
    assert one.lasting() == other.lasting()


@pytest.mark.parametrize("seed", range(3))
def test_what_is_refused_in_a_run_leaves_what_a_run_that_reads_back_finds(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    steps = [
        (chance.choice(["ingest", "refuse"]), name, chance.randrange(2)) for name in chance.choices([*TEXTS], k=12)
    ]
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    one.run(steps)
    for step in steps:
        other.run([step])
        delete(other)
    assert one.lasting() == other.lasting()


def full_after(pages: int) -> Callable[..., Any]:
    """Return how SQLite opens files on a disk that is full after so many pages; temporary ones are elsewhere."""
    connect = sqlite3.connect

    def opened(where: Any, **options: Any) -> Any:
        database = connect(where, **options)
        if str(where).startswith("file:"):
            database.execute(f"PRAGMA max_page_count = {pages}")
        return database

    return opened


@pytest.mark.parametrize("pages", [1, 6, 9, 12])
def test_a_full_disk_costs_time_and_nothing_else(pages: int, tmp_path: Path) -> None:
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    for steps in (FIRST, NEXT):
        with patch("sqlite3.connect", full_after(pages)):
            one.run(steps)
        other.run(steps)
    assert one.lasting() == other.lasting()
    one.run([("ingest", "both", 0)])
    with reading_back(allowed=False):
        one.run([("ingest", "war", 0)])


def test_a_value_that_is_damaged_is_read_back(tmp_path: Path) -> None:
    """What lies in the file is found out when it is used; the run reads back the store and goes on."""
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    for life in (one, other):
        life.run(FIRST)
    leave_room = kept.KeptRooms.leave

    def left(rooms: kept.KeptRooms, name: str, room: Any) -> None:
        for shelf in room._shelves:
            shelf().write()
        room.run("UPDATE shelf SET value = 'x'")
        leave_room(rooms, name, room)

    with patch.object(kept.KeptRooms, "leave", left):
        one.run([("ingest", "war", 0)])
    other.run([("ingest", "war", 0)])
    with reading_back() as queries:
        one.run(NEXT)
    assert queries
    other.run(NEXT)
    assert one.lasting() == other.lasting()


def test_a_backup_is_without_it(tmp_path: Path) -> None:
    life = Life(tmp_path / "one")
    life.run(FIRST)
    manifest = back_up(life.dataset, tmp_path / "backup")
    assert not [name for name in manifest.files if RESOLUTION in name]
    with reading_back(allowed=False):
        life.run([("ingest", "war", 0)])  # to back up is no change
    restore(tmp_path / "backup", tmp_path / "other" / "dataset")
    other = Life(tmp_path / "other")
    with reading_back() as queries:
        other.run([("ingest", "war", 0)])
    assert queries
    for each in (life, other):
        each.run(NEXT)
    assert life.lasting() == other.lasting()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_between_runs_the_store_is_that_of_runs_that_read_back(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    one, other = Life(tmp_path / "one"), Life(tmp_path / "other")
    happenings = [leave, leave, leave, open_to_look, delete, damage, cut, copy, commit]
    for _ in range(5):
        steps = steps_of(chance, chance.randrange(1, 5))
        one.run(steps)
        other.run(steps)
        assert one.lasting() == other.lasting()
        happens = chance.choice(happenings)
        for life in (one, other):
            happens(life)
        delete(other)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_moments_it_goes_on_with_what_fits_the_store(tmp_path: Path) -> None:
    with Chaos(tmp_path / "chaos", seed=7) as chaos:
        for number in range(5):
            chaos.round(number, "ingest", after=2)
            # A copy reads back; what is left by a run that was killed, or by those before, must come to the same.
            copied = tmp_path / str(number)
            shutil.copytree(chaos.dataset, copied / "dataset")
            one, other = Life(chaos.folder), Life(copied)
            with reading_back() as queries:
                other.run([("ingest", "summit", number % 2)])
            assert queries
            one.run([("ingest", "summit", number % 2)])
            for life in (one, other):
                life.run([("ingest", "canadian", number % 2)])
            assert one.lasting() == other.lasting()
