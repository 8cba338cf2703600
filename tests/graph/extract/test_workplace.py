"""Extraction of the real articles of the workplace: scored above a floor; the seed article told right."""

import importlib.util
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph import sources
from graph.article import Article
from graph.extract.contract import to_json
from graph.extract.model import EventType, Extraction, Manner
from graph.extract.pipeline import extract
from graph.iris import Iris
from graph.sources import Overrides

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
pytestmark = [
    pytest.mark.workplace,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real articles are not on this machine: {SHARED}"),
]
#: What a change may not fall below: F1, in percent, over the nine development articles.
FLOOR = {
    "people": 93, "people names": 90, "places": 92, "organizations": 84, "mentions": 94, "times span": 96,
    "times value": 92, "events": 62, "encounters": 63, "event type": 87, "event status": 76, "event time": 38,
    "event place": 35, "event people": 61, "claims": 73, "claims+speaker": 54,
}  # fmt: skip


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "score" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path, overrides: Overrides | None = None) -> Article:
    return sources.read(str(path), overrides).article


def test_scores_of_the_development_articles_keep_above_the_floor() -> None:
    scorer = _scorer()
    tallies: dict[str, Any] = defaultdict(scorer.Tally)
    misses: dict[str, list[str]] = defaultdict(list)
    found = sorted((SHARED / "gold" / "dev").glob("*.gold.json"))
    for gold in found:
        path = gold.with_name(gold.name.replace(".gold.json", ".md"))
        text = path.read_text(encoding="utf-8").split("\n---\n", 1)[1].lstrip("\n")
        predicted = to_json(extract(_read(path)), Iris())
        scorer.score_article(json.loads(gold.read_text(encoding="utf-8")), predicted, text, tallies, misses)
    assert len(found) == 9
    scores = {row: round(100 * tallies[row].prf[2], 1) for row in FLOOR}
    assert {row: (scores[row], least) for row, least in FLOOR.items() if scores[row] < least} == {}


@pytest.fixture(scope="module")
def seed() -> Extraction:
    (path,) = (SHARED / "seeds").glob("*.txt")
    return extract(_read(path, Overrides(published=date(2019, 7, 1))))


def test_the_seed_tells_of_three_summits(seed: Extraction) -> None:
    body = seed.sections[0].span
    pair = {"person/donald-trump", "person/kim-jong-un"}
    told = [
        (r.time, r.places)
        for r in seed.reports
        if r.type == EventType.SUMMIT and set(r.participants) == pair and r.mentions[0].end <= body.end
    ]
    assert told == [
        ("2019-06-30", ("place/panmunjom",)), ("2018", ("place/singapore",)), ("2019-02", ("place/hanoi",)),
    ]  # fmt: skip


def test_the_seed_is_an_interview_of_two(seed: Extraction) -> None:
    turns = [c for c in seed.claims if c.manner == Manner.INTERVIEW]
    speakers = [c.speakers for c in turns]
    assert set(speakers) == {("person/frank-aum",), ("person/joseph-yun",)}
    assert len(turns) == 7
    assert turns[0].content[0].text.startswith("There are legitimate criticisms about this meeting")


def test_the_related_items_of_the_seed_are_sections_of_their_own(seed: Extraction) -> None:
    related = seed.sections[1:]
    assert [s.kind for s in related] == ["related"] * 4
    assert all(s.title and s.published and s.genre for s in related)
