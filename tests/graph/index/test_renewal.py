"""An index that is made of the one before has what one has that is made anew, and leaves the one before as it was."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from graph.index import Index, Known, Limits, Question, build, is_index_of
from graph.iris import Iris
from tests.graph.index.changing import BASE, WORDS, Changing

IRIS = Iris(BASE)
QUESTIONS = [
    *WORDS,
    "tal*",
    "b*",
    '"talks grain"',
    '"river tr*"',
    "ana harding",
    "petrova",
    "lutz talks",
    "nobody",
    "*",
]


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave it to the system when files come to the disk: most of the time would go by waiting for it."""
    monkeypatch.setattr("os.fsync", lambda file: None)


def files(folder: Path) -> dict[str, bytes]:
    """Return all that is in an index but what the engine of the full text names by chance."""
    names = [*folder.iterdir(), folder / "text" / "frequent.bin", folder / "text" / "frequent.bits.npy"]
    return {path.name: path.read_bytes() for path in names if path.is_file() and path.name != "index.json"}


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return all that is in a folder, and when it was changed."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def same(made: Path, anew: Path) -> None:
    """Compare two indexes by their files and by what their searches find."""
    assert files(made) == files(anew)
    one, other = Index(made), Index(anew)
    assert (one.count, one.dated) == (other.count, other.dated)
    for text in QUESTIONS:
        question = Question.read(text)
        assert np.array_equal(one.matching(question), other.matching(question)), text
        for limits in (Limits(), Limits([("person", ["1", "2"])], confidence=0.4)):
            assert sorted(one.best(question, limits)) == sorted(other.best(question, limits)), text
    for words, most in itertools.product((["talks"], ["b"], ["bri", "tr"]), (1, 5, 1000)):
        assert one.labelled(words, most) == other.labelled(words, most)


def renewed(folder: Path, changing: Changing, count: int) -> tuple[Index, Index]:
    """Return an index of what has come to the one before, and one that is made anew."""
    store = changing.store
    build(store, IRIS, folder / "before")
    touched, now = changing.grow(count), changing.store
    build(now, IRIS, folder / "made", Known(folder / "before", store, touched))
    build(now, IRIS, folder / "anew")
    return Index(folder / "made"), Index(folder / "anew")


@pytest.mark.parametrize(("seed", "linked", "frequent"), [(0, True, True), (1, True, False), (2, False, True)])
def test_step_by_step(seed: int, linked: bool, frequent: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However much has changed the text is linked, or it is written anew when more than one document in eight has.
    monkeypatch.setattr("graph.index.text_renewal.MOST", 0 if linked else 8)
    monkeypatch.setattr("graph.index.text._LEAST", 9 if frequent else 2000)
    changing = Changing(seed, 60)
    before, store, forms = tmp_path / "0", changing.store, set[bool]()
    build(store, IRIS, before)
    for step in range(1, 9):
        touched, was = changing.step(), everything(before)
        made, anew, now = tmp_path / str(step), tmp_path / f"{step}-anew", changing.store
        build(now, IRIS, made, Known(before, store, touched))
        build(now, IRIS, anew)
        same(made, anew)
        assert is_index_of(made, now, IRIS)
        assert everything(before) == was
        forms.add((made / "text" / "rows.npy").exists())
        before, store = made, now
    assert forms == ({True} if linked else {True, False})


def test_what_only_comes_is_in_the_order_of_relevance(tmp_path: Path) -> None:
    made, anew = renewed(tmp_path, Changing(5, 300), 12)
    assert (tmp_path / "made" / "text" / "rows.npy").exists()
    for text in QUESTIONS:
        assert made.best(Question.read(text), Limits()) == anew.best(Question.read(text), Limits()), text


def test_no_more_than_the_best_are_put_in_order_and_what_came_last_is_among_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.index.text.BEST", 7)
    monkeypatch.setattr("graph.index.text_renewal.MOST", 0)
    made, anew = renewed(tmp_path, Changing(8, 80), 40)
    for text in QUESTIONS:
        found = made.best(Question.read(text), Limits())
        assert found == anew.best(Question.read(text), Limits()), text
        assert len(found) <= 7


@pytest.mark.parametrize("name", ["claims.bin", "facets", "names.bin", "positions.npy", "text/frequent.bits.npy"])
def test_what_is_not_of_the_store_is_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.index.text._LEAST", 9)
    store, folder = Changing(3, 40).store, tmp_path / "index"
    build(store, IRIS, folder)
    assert is_index_of(folder, store, IRIS)
    path = folder / ("person.values.npy" if name == "facets" else name)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert not is_index_of(folder, store, IRIS)


def test_of_an_index_of_another_form_nothing_is_taken(tmp_path: Path) -> None:
    changing = Changing(4, 40)
    store, before = changing.store, tmp_path / "before"
    build(store, IRIS, before)
    (before / "index.json").write_text('{"version": 4, "events": 1, "dated": 1, "single": []}\n', "utf-8")
    touched, now = changing.step(), changing.store
    build(now, IRIS, tmp_path / "made", Known(before, store, touched))
    assert is_index_of(tmp_path / "made", now, IRIS)
    assert not (tmp_path / "made" / "text" / "rows.npy").exists()
