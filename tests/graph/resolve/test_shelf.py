"""Shelves, look-ups and rolls keep what they are given, whether it fits into memory or not."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DatasetError
from graph.resolve.codec import codec
from graph.resolve.shelf import Lookup, Roll, Room, RoomError, Shelf

KEYS = st.sampled_from("abcdefghij")
STEPS = st.lists(st.tuples(KEYS, st.one_of(st.none(), st.integers(), st.frozensets(st.text(max_size=2)))), max_size=40)


@given(STEPS, st.sampled_from([1, 2, 3, 100]))
def test_a_shelf_is_a_mapping(steps: list[tuple[str, object]], kept: int) -> None:
    shelf: Shelf[str, object] = Shelf(Room(kept))
    expected: dict[str, object] = {}
    for key, value in steps:
        if value is None:
            assert shelf.pop(key, None) == expected.pop(key, None)
        else:
            shelf[key] = expected[key] = value
        assert shelf.get(key) == expected.get(key)
        assert (key in shelf) == (key in expected)
    assert dict(shelf) == expected
    assert len(shelf) == len(expected)
    with pytest.raises(KeyError):
        del shelf["nowhere"]


def test_a_shelf_keeps_no_more_in_memory_than_it_should() -> None:
    made: list[str] = []

    class Value(str):
        def __reduce__(self) -> tuple[type[str], tuple[str]]:
            made.append(str(self))
            return (str, (str(self),))

    shelf: Shelf[str, str] = Shelf(Room(10))
    for number in range(100):
        shelf[f"{number:03}"] = Value(number)
    assert len(made) >= 90, "the others are in the file"
    assert [shelf[f"{number:03}"] for number in range(100)] == [str(n) for n in range(100)]


def test_shelves_of_one_room_do_not_mix() -> None:
    room = Room(1)
    one: Shelf[str, int] = Shelf(room)
    other: Shelf[str, int] = Shelf(room)
    for number, key in enumerate("abc"):
        one[key], other[key] = number, -number
    assert [one[key] for key in "abc"] == [0, 1, 2]
    assert [other[key] for key in "abc"] == [0, -1, -2]


def test_many_keys_are_gone_through_page_by_page_while_values_change() -> None:
    shelf: Shelf[str, int] = Shelf(Room(7))
    shelf.update({f"{n:05}": n for n in range(2_500)})
    seen = []
    for key in shelf:
        seen.append(key)
        shelf[key] += 1
    assert seen == [f"{n:05}" for n in range(2_500)]
    assert sum(shelf.values()) == sum(range(2_501))


def test_a_lookup_counts_the_marks_that_owners_share() -> None:
    lookup = Lookup(Room())
    assert lookup.sharing([1]) == {}
    lookup.add(b"a", [1, 2, 3, -(2**63)])
    lookup.add(b"b", [2, 3, 2**63 - 1])
    assert lookup.sharing([1, 2, 3, 3, 9]) == {b"a": 3, b"b": 2}
    assert lookup.sharing([-(2**63), 2**63 - 1]) == {b"a": 1, b"b": 1}
    lookup.remove(b"a", [1, 2, 3, -(2**63)])
    assert lookup.sharing([1, 2]) == {b"b": 1}
    assert len(lookup) == 3


def test_a_roll_knows_who_is_first() -> None:
    roll = Roll(Room())
    for entry in (("2031-05-02", "a"), ("2031-05-01", "c"), ("2031-05-01", "b")):
        roll.add(b"line", entry)
    assert roll.first(b"line") == ("2031-05-01", "b")
    roll.remove(b"line", ("2031-05-01", "b"))
    assert roll.first(b"line") == ("2031-05-01", "c")
    assert roll.names(b"line") == ["c", "a"]
    with pytest.raises(KeyError):
        roll.first(b"other")


def test_a_full_disk_is_told_with_what_to_do() -> None:
    with patch("sqlite3.connect", side_effect=sqlite3.OperationalError("unable to open database file")):
        shelf: Shelf[str, int] = Shelf(Room(1))
        shelf["a"] = 1
        with pytest.raises(DatasetError, match="cannot be used") as found:
            shelf["b"] = 2
    assert "SQLITE_TMPDIR" in (found.value.remedy or "")


class Kept:
    """A room in a file with a shelf, a look-up and a roll."""

    def __init__(self, path: Path, word: str | None = None, kept: int = 8_192) -> None:
        self.room = Room(kept, path, word)
        self.shelf: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        self.lookup, self.roll = Lookup(self.room), Roll(self.room)


@given(st.lists(st.lists(st.tuples(KEYS, st.none() | st.frozensets(KEYS)), max_size=9), max_size=4), st.integers(1, 4))
def test_what_is_left_is_gone_on_with(runs: list[list[tuple[str, frozenset[str] | None]]], kept: int) -> None:
    expected: dict[str, frozenset[str]] = {}
    word = None
    with TemporaryDirectory() as folder:
        for number, steps in enumerate(runs):
            here = Kept(Path(folder) / "room", word, kept)
            assert here.room.is_left is (number > 0)
            assert dict(here.shelf) == expected
            for key, value in steps:
                assert (key in here.shelf) == (key in expected)
                if value is None:
                    assert here.shelf.pop(key, None) == expected.pop(key, None)
                else:
                    here.shelf[key] = expected[key] = value
                here.lookup.add(b"a", [ord(key)])
                here.roll.add(b"line", ("2031-05-01", key))
            word = f"word {number}"
            here.room.leave(word)
        seen = {key for steps in runs for key, _ in steps}
        if runs:
            last = Kept(Path(folder) / "room", word)
            assert last.lookup.sharing(map(ord, seen)) == ({b"a": len(seen)} if seen else {})
            assert last.roll.names(b"line") == sorted(seen)
            last.room.close()


def spoil(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def add_trigger(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TRIGGER t BEFORE INSERT ON shelf BEGIN DELETE FROM shelf; END")
    database.commit()
    database.close()


@pytest.mark.parametrize(("word", "harm"), [("left", Path.unlink), ("left", spoil), ("left", add_trigger), ("", None)])
def test_a_file_that_is_not_as_it_was_left_is_refused(
    word: str, harm: Callable[[Path], None] | None, tmp_path: Path
) -> None:
    path = tmp_path / "room"
    here = Kept(path)
    here.shelf.update({str(n): frozenset("ab") for n in range(2_000)})
    here.room.leave("left")
    if harm:
        harm(path)
    with pytest.raises(RoomError, match="cannot be used"):
        Kept(path, word)
    anew = Kept(path)
    assert not dict(anew.shelf)
    anew.shelf["a"] = frozenset("b")
    anew.room.leave("again")
    found = Kept(path, "again")
    assert dict(found.shelf) == {"a": frozenset("b")}
    found.room.close()


def test_a_room_that_was_not_left_is_of_no_use(tmp_path: Path) -> None:
    here = Kept(tmp_path / "room", kept=1)
    here.shelf.update({"a": frozenset("b"), "c": frozenset("d")})
    here.room.close()
    with pytest.raises(RoomError):
        Kept(tmp_path / "room", "left")
    with pytest.raises(RoomError, match="temporary"):
        Room().leave("left")
