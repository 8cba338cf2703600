"""What the index looks up at once is what a look at every event would find; the same events make the same index."""

from collections import Counter
from pathlib import Path

import pytest

from graph.index import folded
from tests.web.indexed import made
from web.timeline.timeline import Timeline


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Timeline:
    return made(tmp_path_factory.mktemp("index"))


def test_years_are_those_of_the_first_days(timeline: Timeline) -> None:
    firsts = [entry.earliest or entry.latest for entry in timeline.entries]
    assert timeline.years() == Counter(first.year for first in firsts if first)
    assert list(timeline.years()) == sorted(timeline.years())


@pytest.mark.parametrize("place", ["lutz", "nebelsbad", "nowhere"])
def test_years_of_the_events_of_a_place(timeline: Timeline, place: str) -> None:
    firsts = [
        entry.earliest or entry.latest
        for entry in timeline.entries
        if f"place/{place}" in (*entry.places, *entry.actors)
    ]
    assert timeline.years(timeline.positions("place", place)) == Counter(first.year for first in firsts if first)


@pytest.mark.parametrize("asked", ["talks", "ta", "riv tal", "zz", "talks zz", ""])
def test_events_are_found_by_the_beginnings_of_words_of_their_labels(timeline: Timeline, asked: str) -> None:
    wanted = folded(asked)
    expected = [
        entry.key
        for entry in timeline.entries
        if wanted and all(any(word.startswith(part) for word in folded(entry.label)) for part in wanted)
    ]
    assert [entry.key for entry in timeline.labelled(wanted, 1000)] == expected
    assert len(timeline.labelled(wanted, 3)) == min(3, len(expected))


def test_the_same_events_make_the_same_index(timeline: Timeline, tmp_path: Path) -> None:
    again = made(tmp_path).index.folder
    names = sorted(path.name for path in timeline.index.folder.iterdir() if path.is_file())
    assert names == sorted(path.name for path in again.iterdir() if path.is_file())
    for name in names:
        assert (again / name).read_bytes() == (timeline.index.folder / name).read_bytes(), name
