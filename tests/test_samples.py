"""The sample articles: complete, sourced, in our own words, and told more than once."""

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.files import data_path
from graph.sources import discover, read
from graph.sources.reading import is_web_iri

FOLDER = data_path("articles")
PATHS = [Path(source) for source in discover([str(FOLDER)])]
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(\d{{1,2}}) ({_MONTHS}) (\d{{4}})\b")

every_sample = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def front_matter(path: Path) -> dict[str, Any]:
    values = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
    assert isinstance(values, dict)
    return values


def days(text: str) -> set[date]:
    """Return the days that are named in full; a day that does not exist raises ValueError."""
    return {datetime.strptime(" ".join(found), "%d %B %Y").date() for found in _DAY.findall(text)}


def test_there_are_enough_of_them() -> None:
    assert len(PATHS) >= 14
    assert "README" not in {path.stem for path in PATHS}


@every_sample
def test_the_front_matter_is_complete(path: Path) -> None:
    article = read(str(path)).article
    assert article.title
    assert article.published == date(2026, 11, 24)
    assert article.publisher == "Parley samples"
    assert article.license == "CC BY 4.0"
    assert article.authors == ("The Parley developers",)
    assert article.language == "en"
    assert article.keywords


@every_sample
def test_sources_are_named(path: Path) -> None:
    sources = front_matter(path)["sources"]
    assert len(sources) >= 3
    for source in sources:
        assert set(source) <= {"name", "url"}
        assert len(source["name"]) > 15
        assert is_web_iri(source.get("url", "https://parley.example/"))
    assert any("url" in source for source in sources)
    assert len({source["name"] for source in sources}) == len(sources)


@every_sample
def test_nothing_is_quoted(path: Path) -> None:
    text = read(str(path)).article.text
    assert not re.findall(r"[\"“”„«»‘‚]|(?<!\w)'|[’'](?!\w)", text)


@every_sample
def test_the_length_is_that_of_a_short_article(path: Path) -> None:
    text = read(str(path)).article.text
    assert 250 <= len(text.split()) <= 450
    assert len(text.split("\n\n")) >= 4


@every_sample
def test_days_exist_and_have_been(path: Path) -> None:
    named = days(read(str(path)).article.text)
    assert len(named) >= 3
    assert date(1960, 1, 1) < min(named)
    assert max(named) < date(2026, 11, 24)
    year = int(path.stem.split("-")[0])
    assert year in {day.year for day in named}


def test_events_are_told_in_several_articles() -> None:
    told = Counter(day for path in PATHS for day in days(read(str(path)).article.text))
    assert sum(1 for times in told.values() if times > 1) >= 10


def test_every_article_is_another() -> None:
    articles = [read(str(path)).article for path in PATHS]
    assert len({article.key for article in articles}) == len({article.title for article in articles}) == len(PATHS)


def test_the_list_is_complete() -> None:
    listed = re.findall(r"^\| \[`([^`]+)`\]\(\1\) \| (.+) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert listed == [(path.name, read(str(path)).article.title) for path in PATHS]
