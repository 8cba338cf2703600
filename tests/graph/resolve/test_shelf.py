"""Shelves, look-ups and rolls keep what they are given, whether it fits into memory or not."""

import sqlite3
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DatasetError
from graph.resolve.shelf import Lookup, Roll, Room, Shelf

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
