"""Backups: what is restored is what was backed up, and nothing that is not whole looks as if it were."""

import json
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from graph.store import Dataset
from tests.graph.durability.conftest import Parley

KINDS = ["monday", "monday.tar", "monday.tar.zst"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_restored_is_what_was_backed_up(parley: Parley, dataset: Path, tmp_path: Path, kind: str) -> None:
    (dataset / "parley.toml").write_text("keep_generations = 2\n")
    (dataset / "curation").mkdir()
    (dataset / "curation" / "note.txt").write_text("no curation")
    assert parley("backup", tmp_path / kind)[0] == 0
    restored = tmp_path / "restored"
    code, _, said = parley("restore", tmp_path / kind, on=restored)
    assert (code, said) == (0, f"restored {restored}: generation 2 of http://127.0.0.1:8000/\n")
    assert parley("export", on=restored) == parley("export")
    before, after = Dataset.open(dataset).current(), Dataset.open(restored).current()
    assert before is not None
    assert after is not None
    assert (after.number, after.published) == (before.number, before.published)
    assert (restored / "parley.toml").read_text() == "keep_generations = 2\n"
    assert (restored / "curation" / "note.txt").exists()
    code, told, said = parley("verify", on=restored)
    assert (code, told) == (0, ""), said
    # It lives on: what is there is known, so that nothing is published or recorded twice.
    assert "published generation 2" in parley("publish", on=restored)[2]
    assert "3 replaced" in parley("rebuild", on=restored)[2]
    assert (Dataset.open(restored).current() or before).number == 3


def test_a_backup_beside_a_writer(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    with Dataset.open(dataset).writer():
        code, _, said = parley("backup", tmp_path / "monday")
        assert code == 0
        assert "a writer was at work" in said
    restored = tmp_path / "restored"
    assert "run `parley rebuild`" in parley("restore", tmp_path / "monday", on=restored)[2]
    assert parley("export", on=restored) == parley("export")
    assert parley("verify", on=restored)[0] == 0
    assert parley("rebuild", on=restored)[0] == 0


def test_a_database_is_copied_as_it_is_at_one_moment(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    (dataset / "reconciliation").mkdir()
    with closing(sqlite3.connect(dataset / "reconciliation" / "answers.sqlite", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        writer.execute("CREATE TABLE answer (number)")
        writer.execute("INSERT INTO answer VALUES (1)")
        writer.execute("BEGIN")
        writer.execute("INSERT INTO answer VALUES (2)")
        assert parley("backup", tmp_path / "monday")[0] == 0
        writer.execute("COMMIT")
    assert parley("restore", tmp_path / "monday", on=tmp_path / "restored")[0] == 0
    folder = tmp_path / "restored" / "reconciliation"
    assert [path.name for path in folder.iterdir()] == ["answers.sqlite"]
    with closing(sqlite3.connect(folder / "answers.sqlite")) as restored:
        assert restored.execute("SELECT number FROM answer").fetchall() == [(1,)]


def test_an_increment_takes_no_space_for_what_is_as_it_was(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    assert parley("backup", tmp_path / "monday")[0] == 0
    assert parley("backup", tmp_path / "tuesday", "--incremental", tmp_path / "monday")[0] == 0
    raw = [path.relative_to(tmp_path / "monday") for path in (tmp_path / "monday").rglob("raw/*/*.gz")]
    assert raw
    assert all((tmp_path / "tuesday" / path).samefile(tmp_path / "monday" / path) for path in raw)
    shutil.rmtree(tmp_path / "monday")
    assert parley("restore", tmp_path / "tuesday", on=tmp_path / "restored")[0] == 0
    assert parley("export", on=tmp_path / "restored") == parley("export")


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_backup_restores_nothing(parley: Parley, tmp_path: Path, kind: str) -> None:
    backup = tmp_path / kind
    parley("backup", backup)
    if backup.is_dir():
        victim = next(backup.rglob("raw/*/*.gz"))
        victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    else:
        content = bytearray(backup.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 1024] = bytes(byte ^ 0xFF for byte in content[middle : middle + 1024])
        backup.write_bytes(content)
    code, _, said = parley("restore", backup, on=tmp_path / "restored")
    assert code == 3, said
    assert "take another backup" in said
    assert not (tmp_path / "restored").exists()
    assert not list(tmp_path.glob(".*")), "leftovers"


def test_a_missing_file_and_one_too_many(parley: Parley, tmp_path: Path) -> None:
    parley("backup", tmp_path / "monday")
    victim = next((tmp_path / "monday").rglob("raw/*/*.gz"))
    moved = victim.rename(victim.with_name("other.gz"))
    assert "is not what was backed up" in parley("restore", tmp_path / "monday", on=tmp_path / "restored")[2]
    moved.unlink()
    assert "is missing" in parley("restore", tmp_path / "monday", on=tmp_path / "restored")[2]


@pytest.mark.parametrize("name", ["../../outside", "/outside", "archive/../../outside"])
def test_no_backup_leads_out_of_its_folder(parley: Parley, tmp_path: Path, name: str) -> None:
    parley("backup", tmp_path / "monday")
    manifest = tmp_path / "monday" / "manifest.json"
    values = json.loads(manifest.read_text())
    values["linked"][name] = next(iter(values["files"]))
    manifest.write_text(json.dumps(values))
    code, _, said = parley("restore", tmp_path / "monday", on=tmp_path / "restored")
    assert code == 3
    assert "outside" in said


def test_a_tape_archive_of_links_is_refused(parley: Parley, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tape:
        entry = tarfile.TarInfo("dataset/archive")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/"
        tape.addfile(entry)
    code, _, said = parley("restore", tmp_path / "evil.tar", on=tmp_path / "restored")
    assert (code, "is no file" in said) == (3, True)


def test_nothing_is_overwritten_unless_asked(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    parley("backup", tmp_path / "monday")
    code, _, said = parley("backup", tmp_path / "monday")
    assert (code, "it is there already" in said) == (3, True)
    code, _, said = parley("restore", tmp_path / "monday")
    assert (code, "add --replace" in said) == (6, True)
    code, _, said = parley("backup", dataset / "monday")
    assert (code, "inside of the dataset" in said) == (3, True)
    (dataset / "mark").write_text("of the old one")
    with Dataset.open(dataset).writer():
        assert parley("restore", tmp_path / "monday", "--replace")[0] == 6
    assert parley("restore", tmp_path / "monday", "--replace")[0] == 0
    assert not (dataset / "mark").exists()
    (kept,) = tmp_path.glob("dataset.before-*")
    assert (kept / "mark").read_text() == "of the old one"


def test_what_is_no_backup(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    for path in (tmp_path / "letter.txt", dataset):
        code, _, said = parley("restore", path, on=tmp_path / "restored")
        assert code == 3, said
        assert not (tmp_path / "restored").exists()


def test_a_full_disk_leaves_no_backup(parley: Parley, small_disk: Path) -> None:
    with (small_disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, 7_900_000)
    code, _, said = parley("backup", small_disk / "monday")
    assert (code, "the disk is full" in said) == (6, True)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
