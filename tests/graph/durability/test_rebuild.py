"""A rebuild works on a copy, goes on where it was stopped, and changes nothing that it should not."""

import itertools
from pathlib import Path

import pytest

from graph.errors import InUseError
from graph.rebuild import rebuild
from graph.settings import Settings
from graph.store import Dataset
from graph.store.swap import REBUILT, finish_swap
from tests.chaos.sample import source
from tests.graph.durability.conftest import Parley


def _said(parley: Parley) -> set[str]:
    return {line for line in parley("export")[1].splitlines() if "endedAtTime" not in line}


def test_the_same_extractor_says_the_same_and_events_keep_their_iris(parley: Parley, dataset: Path) -> None:
    before = _said(parley)
    code, _, said = parley("rebuild")
    assert (code, said) == (0, "3 articles: 3 replaced\npublished generation 3\n")
    assert _said(parley) == before
    assert parley("verify")[:2] == (0, "")
    assert not (dataset / "rebuild").exists()


def test_readers_keep_what_they_have_and_writers_wait(dataset: Path) -> None:
    opened, given = Dataset.open(dataset), Settings(dataset=dataset)
    outcomes = rebuild(opened, given)
    next(outcomes)
    current = opened.current()
    assert current is not None
    assert current.number == 2
    assert len(current.open()) > 0
    with pytest.raises(InUseError, match="this process is already writing"):
        opened.writer()
    outcomes.close()  # type: ignore[attr-defined]
    opened.writer().close()


def _stopped_after(dataset: Path, articles: int) -> None:
    outcomes = rebuild(Dataset.open(dataset), Settings(dataset=dataset, flush_every=1))
    list(itertools.islice(outcomes, articles))
    outcomes.close()  # type: ignore[attr-defined]


def test_it_goes_on_where_it_was(parley: Parley, dataset: Path) -> None:
    before = _said(parley)
    _stopped_after(dataset, 2)
    assert "note: rebuild: a rebuild was begun and not finished" in parley("verify", "--quick")[1]
    assert "1 article: 1 replaced" in parley("rebuild")[2]
    assert _said(parley) == before


def test_it_begins_again_if_something_was_stored_meanwhile(parley: Parley, dataset: Path, tmp_path: Path) -> None:
    _stopped_after(dataset, 2)
    assert parley("ingest", source(tmp_path, 5, 0), "--jobs", "1")[0] == 0
    before = _said(parley)
    assert "4 articles: 4 replaced" in parley("rebuild")[2]
    assert _said(parley) == before, "what was stored meanwhile is lost"


def test_a_swap_that_was_cut_off_is_finished(parley: Parley, dataset: Path) -> None:
    # Between its two renames a crash leaves no store, but one that is whole.
    before = _said(parley)
    (dataset / "store").rename(dataset / REBUILT)
    assert parley("status")[0] == 0
    assert (dataset / "store").is_dir()
    assert not finish_swap(dataset.parent)
    assert parley("verify", "--quick")[0] == 0
    assert _said(parley) == before
