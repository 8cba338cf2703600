"""An index that is made of the one before has what one has that is made anew, and leaves the one before as it was."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from graph.index import Index, Known, Limits, Question, build
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


@pytest.mark.parametrize("frequent", [True, False])
@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_step_by_step(seed: int, linked: bool, frequent: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.index.text_renewal.MOST", 0 if linked else 20)
    monkeypatch.setattr("graph.index.text._LEAST", 9 if frequent else 2000)
    changing = Changing(seed, 60)
    before, store = tmp_path / "0", changing.store
    build(store, IRIS, before)
    for step in range(1, 9):
        touched, was = changing.step(), everything(before)
        made, anew, now = tmp_path / str(step), tmp_path / f"{step}-anew", changing.store
        build(now, IRIS, made, Known(before, store, touched))
        build(now, IRIS, anew)
        same(made, anew)
        assert (made / "text" / "rows.npy").exists() == linked or not linked
        assert everything(before) == was
        before, store = made, now
