"""The index of the timeline answers as a plain look at every event would, whatever is asked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyoxigraph as ox
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from graph.index import FACETS, Index
from graph.index.words import split
from graph.iris import Iris
from tests.web.indexed import BASE, PEOPLE, PLACES, SCHEMA, made, quads
from web.drawing.band import draw_found
from web.drawing.columns import columns_of
from web.timeline.filters import Filters
from web.timeline.found import ALL_OF, Found
from web.timeline.timeline import Entry, Timeline
from web.timeline.zoom import zoom_of


@pytest.fixture(scope="module", params=["few words are frequent", "every word is frequent"])
def timeline(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Timeline:
    with pytest.MonkeyPatch.context() as patch:
        if request.param.startswith("every"):
            patch.setattr("graph.index.text._LEAST", 0)
            patch.setattr("graph.index.text._SHARE", 1000)
        return made(tmp_path_factory.mktemp("index"))


@dataclass(frozen=True)
class Seen:
    """What there is to see of an event: its entry, the words of each of its texts, its values of each facet."""

    entry: Entry
    texts: list[list[str]]
    values: dict[str, set[str]]


_SEEN: dict[int, list[Seen]] = {}


def look(timeline: Timeline) -> list[Seen]:
    """Look at every event, once."""
    return _SEEN.get(id(timeline)) or _SEEN.setdefault(
        id(timeline), [_see(timeline, position) for position in range(len(timeline.entries))]
    )


def _see(timeline: Timeline, position: int) -> Seen:
    entry = timeline.entries[position]
    names = [timeline.names[key] for key in (*entry.actors, *entry.places)]
    quotes = [quote[2] for quote in timeline.index.quotes(position)]
    words = [[word.word for word in split(text)] for text in (entry.label, *names, *quotes)]
    return Seen(entry, words, {facet: values(entry, facet) for facet in FACETS})


def has(words: list[str], part: tuple[str, ...], prefix: bool) -> bool:
    for at in range(len(words) - len(part) + 1 if part else 0):
        *before, last = words[at : at + len(part)]
        if tuple(before) == part[:-1] and (last.startswith(part[-1]) if prefix else last == part[-1]):
            return True
    return False


def values(entry: Entry, facet: str) -> set[str]:
    """Return what an event has of a facet, as its entry has it."""
    keys = (*entry.actors, *entry.places, *entry.sources)
    return {
        "type": {entry.type},
        "status": {entry.status},
        "source": {key.partition("/")[2] or key for key in entry.sources if not key.startswith("article/")},
        "speaker": {
            said.partition("/")[2] for said in SPEAKERS.get(entry.key, ())
        },
    }.get(facet, {key.partition("/")[2] for key in keys if key.startswith(f"{facet}/")})  # fmt: skip


def speakers() -> dict[str, list[str]]:
    about: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for quad in quads():
        if quad.predicate.value == f"{SCHEMA}about":
            about[str(quad.subject)] = str(quad.object)[1:-1].partition("/id/")[2]
        if quad.predicate.value == f"{SCHEMA}author":
            found.setdefault(about[str(quad.subject)], []).append(str(quad.object)[1:-1].partition("/id/")[2])
    return found


SPEAKERS = speakers()


def left(timeline: Timeline, filters: Filters, but: str | None = None) -> list[int]:
    """Return what filters leave by looking at every event."""
    found = []
    for position, seen in enumerate(look(timeline)):
        entry = seen.entry
        chosen = [
            (all if facet in ALL_OF else any)(value in seen.values[facet] for value in wanted)
            for facet, wanted in filters.facets
            if facet != but
        ]
        if filters.start or filters.end:
            chosen.append(
                entry.dated
                and (filters.start is None or entry.latest is None or entry.latest >= filters.start)
                and (filters.end is None or entry.earliest is None or entry.earliest <= filters.end)
            )
        chosen += [any(has(words, part.words, part.prefix) for words in seen.texts) for part in filters.question.parts]
        if all(chosen) and filters.confidence.admits(entry.confidence):
            found.append(position)
    return found


QUESTIONS = st.sampled_from(
    [
        "",
        "talks",
        "TALKS border",
        '"grain river"',
        "bord*",
        "strasse",
        "Türm petrova",
        '"talks gr*"',
        "nobody",
        "gate bridge",
        '"gate bridge"',
        '"the gate the bri*',
        "t*",
        "🦄",
    ]
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "person": st.lists(st.sampled_from([*PEOPLE, "nobody"]), max_size=2),
        "place": st.lists(st.sampled_from([*PLACES]), max_size=2),
        "type": st.lists(st.sampled_from(["Summit", "Visit", "Call"]), max_size=2),
        "status": st.lists(st.sampled_from(["planned", "occurred"]), max_size=2),
        "speaker": st.lists(st.sampled_from([*PEOPLE]), max_size=2),
        "article": st.lists(st.sampled_from(["1", "2", "39"]), max_size=2),
        "from": st.sampled_from(["2018", "2019-02-15", "2021-06-12"]).map(lambda text: [text]),
        "to": st.sampled_from(["2021-06-12", "2022"]).map(lambda text: [text]),
        "confidence": st.sampled_from(["0", "0.5", "0.9"]).map(lambda text: [text]),
        "q": QUESTIONS.map(lambda text: [text]),
        "sort": st.sampled_from(["asc", "desc", "relevance"]).map(lambda text: [text]),
    },
)


def read(asked: dict[str, list[str]]) -> Filters:
    filters = Filters.read(MultiDict([(name, value) for name, some in asked.items() for value in some]))
    assert not filters.problems
    return filters


def listed(found: Found) -> list[int]:
    return [position for start in range(0, found.listed, 7) for position in found.page(start, start + 7)]


@settings(max_examples=80)
@given(asked=ASKED)
def test_filters_leave_what_a_look_at_every_event_leaves(timeline: Timeline, asked: dict[str, list[str]]) -> None:
    filters = read(asked)
    found, expected = timeline.find(filters), left(timeline, filters)
    assert found.total == len(expected)
    if filters.by_relevance:
        assert sorted(listed(found)) == expected
    else:
        dated = [position for position in expected if timeline.entries[position].dated]
        undated = [position for position in expected if not timeline.entries[position].dated]
        assert listed(found) == (dated[::-1] if filters.descending else dated) + undated
        assert (list(found.dated), list(found.undated)) == (listed(found)[: len(dated)], undated)


@settings(max_examples=25)
@given(asked=ASKED)
def test_counts_are_those_of_a_look_at_every_event(timeline: Timeline, asked: dict[str, list[str]]) -> None:
    filters = read(asked)
    found = timeline.find(filters)
    for facet in FACETS:
        remaining = left(timeline, filters, None if facet in ALL_OF else facet)
        expected = Counter(v for position in remaining for v in look(timeline)[position].values[facet])
        shown = found.facets[facet]
        assert {v.value: v.events for v in shown if v.events} == dict(expected)
        assert {v.value for v in shown if v.chosen} == set(filters.chosen(facet))
        assert found.more(facet, 0) == len(expected)
        counts = [v.events for v in shown if not v.chosen]
        assert counts == sorted(counts, reverse=True)
    for offer in filters.confidence.offers:
        asked_for = {name: some for name, some in asked.items() if name != "confidence"}
        assert found.at_least(offer.minimum) == len(left(timeline, read({**asked_for, "confidence": [offer.value]})))


@settings(max_examples=25)
@given(asked=ASKED)
def test_the_band_counts_every_dated_event_once(timeline: Timeline, asked: dict[str, list[str]]) -> None:
    filters = read(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.drawing.band._SINGLE", 0)
        found = timeline.find(filters)
        band = draw_found(timeline, found, filters)
    if band is None:
        assert len(found.dated) == 0
        return
    assert sum(row.total for row in band.rows) == band.total == len(found.dated)
    assert 0 < len(band.rows) <= 100
    kinds = Counter(kind for row in band.rows for kind, count in row.counts.items() for _ in range(count))
    entries = [timeline.entries[position] for position in found.dated]
    assert kinds["planned"] == sum(entry.status == "planned" for entry in entries)
    assert kinds["certain"] == sum(entry.status == "occurred" and entry.certain for entry in entries)
    assert band.uncertain == sum(not entry.certain for entry in entries)
    for bar in band.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.5


def test_the_best_match_has_the_word_in_its_label(timeline: Timeline) -> None:
    found = timeline.find(read({"q": ["harbour"], "sort": ["relevance"]}))
    labels = ["harbour" in timeline.entries[position].label for position in listed(found)]
    assert labels == sorted(labels, reverse=True)
    assert True in labels
    assert False in labels


def test_highlights_are_of_the_words(timeline: Timeline) -> None:
    filters = read({"q": ["Strasse bord*"]})
    position = next(iter(timeline.find(filters).page(0, 1)))
    found = [
        piece
        for highlight in timeline.highlights(timeline.entries[position].key, filters.question)
        for piece, hit in highlight.pieces
        if hit
    ]
    assert set(" ".join(found).split()) <= {"Straße", "border"}


def test_the_events_of_a_day(timeline: Timeline) -> None:
    expected = [
        position
        for position, entry in enumerate(timeline.entries)
        if entry.certain and entry.earliest and (entry.earliest.month, entry.earliest.day) == (2, 28)
    ]
    assert list(timeline.on_day(2, 28)) == expected != []
    assert all(timeline.entries[position].edtf != "2021-06-12~" for position in timeline.on_day(6, 12))


def test_lookups_agree_with_the_list(timeline: Timeline) -> None:
    entries = list(timeline.entries)
    assert [timeline.entry(entry.key) for entry in entries] == entries
    assert timeline.entry("event/none") is timeline.entry("person/ana-petrova") is None
    assert timeline.with_keys([entries[5].key, "event/none", entries[2].key]) == [entries[2], entries[5]]
    assert timeline.neighbour(entries[0].key, -1) is None
    assert timeline.neighbour(entries[0].key, 1) == entries[1]
    dated = sum(entry.dated for entry in entries)
    assert timeline.neighbour(entries[dated - 1].key, 1) is timeline.neighbour(entries[-1].key, -1) is None
    lutz = timeline.positions("place", "lutz")
    assert list(timeline.at(lutz)) == [e for e in entries if "place/lutz" in (*e.places, *e.actors)]
    assert timeline.counts("place")["lutz"] == len(lutz)
    assert {key.partition("/")[2] for key in timeline.names if key.startswith("place/")} == set(PLACES)
    assert timeline.names["person/ana-petrova"] == "Ana Petrová"
    assert "person/nobody" not in timeline.names
    assert timeline.index.names.called(["pet"], 5) == ["person/ana-petrova"]
    assert timeline.index.names.called(["n"], 2) == ["place/nebelsbad", "person/ngozi-okoro"]
    assert timeline.index.names.called(["h", "t"], 5) == ["person/tom-harding"]
    assert not timeline.index.names.called(["ana", "harding"], 5)


@pytest.mark.parametrize("facet", FACETS)
def test_values_of_some_events_are_counted_and_found_without_a_look_at_the_others(
    timeline: Timeline, facet: str
) -> None:
    known, some = timeline.index.facets[facet], np.arange(3, len(timeline.entries), 7)
    seen = [look(timeline)[position].values[facet] for position in some]
    counts = Counter(value for one in seen for value in one)
    assert {known.slug(n): count for n, count in enumerate(known.among(some).tolist()) if count} == counts
    for asked in ((), ("nobody",), tuple(counts)[:1], tuple(counts)[:2]):
        assert known.holding(some, asked).tolist() == [bool(one & set(asked)) for one in seen]
    assert known.among(some[:0]).sum() == len(known.holding(some[:0], tuple(counts))) == 0


def test_a_country_that_takes_part_in_an_event_is_not_where_it_was(timeline: Timeline) -> None:
    known, every = timeline.index.facets["place"], np.arange(len(timeline.entries))
    there = Counter(key for entry in timeline.entries for key in entry.places)
    assert {f"place/{known.slug(n)}": count for n, count in enumerate(known.marked(every).tolist())} == there
    assert known.marked(every).sum() < known.among(every).sum()


def test_a_country_that_speaks_has_its_name(timeline: Timeline) -> None:
    speakers = timeline.index.facets["speaker"]
    numbers = range(len(speakers.among(np.arange(0))))
    assert {speakers.label(n) for n in numbers} == {*PEOPLE.values(), "Nebelsbad"}


def test_names_of_values_are_found_by_the_beginnings_of_their_words(timeline: Timeline) -> None:
    people = timeline.index.facets["person"]
    assert [people.label(number) for number in people.find("petr")] == ["Ana Petrová"]
    assert [people.label(number) for number in people.find("tom hard")] == ["Tom Harding"]
    assert len(people.find("arding")) == 0
    assert len(people.find("")) == len(PEOPLE)


def test_the_same_events_make_the_same_index(timeline: Timeline, tmp_path: Path) -> None:
    again = made(tmp_path)
    for asked in ({}, {"q": ["talks"], "sort": ["relevance"]}, {"person": ["ana-petrova"]}):
        one, other = (one.find(read(asked)) for one in (timeline, again))
        assert (listed(one), one.facets) == (listed(other), other.facets)


@given(left=st.integers(1, 3_652_058), days=st.integers(1, 3_000_000))
def test_columns_cover_the_axis(left: int, days: int) -> None:
    right = min(left + days, 3_652_059)
    if right == left:
        return
    columns = columns_of(left, right)
    assert 1 <= len(columns.edges) - 1 <= 101
    assert list(columns.edges) == sorted(set(columns.edges))
    assert columns.edges[0] <= left
    assert columns.edges[-1] >= right


@given(first=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(0, 40_000))
def test_zooming_in_ends_and_zooming_out_comes_back_to_all(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    span, filters = (date(1890, 1, 1), date(2250, 1, 1)), Filters().between(first.isoformat(), last.isoformat())
    steps = 0
    while (closer := zoom_of(filters, span).closer) is not None:
        assert closer.start
        assert closer.end
        assert filters.start
        assert filters.end
        assert filters.start <= closer.start <= closer.end <= filters.end
        assert (closer.end - closer.start) < (filters.end - filters.start)
        filters, steps = closer, steps + 1
    assert filters.start == filters.end
    while (wider := zoom_of(filters, span).wider) is not None:
        filters, steps = wider, steps + 1
        assert steps < 80
    assert filters == Filters()


def test_an_index_that_cannot_be_locked_is_read_all_the_same(
    timeline: Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path).index.folder
    whole = tantivy.Index.open

    def refused(path: str) -> tantivy.Index:
        if path.startswith(str(folder)):
            raise ValueError("Failed to acquire Lockfile: read-only file system")
        return whole(path)

    engine = SimpleNamespace(**{name: getattr(tantivy, name) for name in dir(tantivy) if name[0] != "_"})
    engine.Index = SimpleNamespace(open=refused)
    monkeypatch.setattr("graph.index.text.tantivy", engine)
    asked = read({"q": ["talks"], "sort": ["relevance"]})
    assert listed(Timeline(Index(folder)).find(asked)) == listed(timeline.find(asked))


def test_a_generation_without_an_index_gets_one(timeline: Timeline, tmp_path: Path) -> None:
    store = ox.Store()
    store.bulk_extend(quads())
    made_for_once = Timeline(Index.of(tmp_path / "generation", store, Iris(BASE)))
    assert list(made_for_once.entries) == list(timeline.entries)
    (tmp_path / "generation" / "index").mkdir(parents=True)
    (tmp_path / "generation" / "index" / "index.json").write_text('{"version": 0}')
    assert len(Timeline(Index.of(tmp_path / "generation", store, Iris(BASE))).entries) == len(timeline.entries)
