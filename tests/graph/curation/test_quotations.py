"""What is published of a quotation in several articles when one of its claims is rejected."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.article import Article
from graph.extract.model import Extraction, Manner
from graph.extract.runner import Extracted
from graph.store import Dataset
from tests.graph.curation.sample import TEXTS, Reader, curate, extract, key_of, make, reject

FIRST, SECOND, THIRD = (key_of(name) for name in ("varenna", "courier", "novak"))


def in_their_words(articles: Iterator[Article]) -> Iterator[Extracted]:
    """Find what is in the sample's articles, the claims as direct speech."""
    for key, found in extract(articles):
        assert isinstance(found, Extraction)
        yield key, replace(found, claims=tuple(replace(c, manner=Manner.DIRECT) for c in found.claims))


@pytest.fixture
def quoting(tmp_path: Path) -> Dataset:
    same = TEXTS["novak"]
    return make(tmp_path, runner=in_their_words, varenna=same, courier=same, novak=same)


def repeated(seen: Reader, *articles: str) -> list[set[str]]:
    return [seen.values(f"{article}/claim/1", "ply:repeats") for article in articles]


def test_the_next_one_stands_for_a_quotation_whose_first_claim_is_rejected(quoting: Dataset) -> None:
    before = Reader.of(quoting)
    assert repeated(before, FIRST, SECOND, THIRD) == [set(), {f"{FIRST}/claim/1"}, {f"{FIRST}/claim/1"}]
    assert before.values(f"{FIRST}/claim/1", "schema:appearance") == {FIRST, SECOND, THIRD}
    assert before.refusals() == ""
    seen = curate(quoting, reject("a", f"{FIRST}/claim/1"))
    assert not seen.says(f"{FIRST}/claim/1")
    assert repeated(seen, SECOND, THIRD) == [set(), {f"{SECOND}/claim/1"}]
    assert seen.values(f"{SECOND}/claim/1", "schema:appearance") == {SECOND, THIRD}
    assert seen.refusals() == ""


def test_a_later_claim_that_is_rejected_is_an_appearance_less(quoting: Dataset) -> None:
    seen = curate(quoting, reject("a", f"{SECOND}/claim/1"))
    assert repeated(seen, FIRST, THIRD) == [set(), {f"{FIRST}/claim/1"}]
    assert seen.values(f"{FIRST}/claim/1", "schema:appearance") == {FIRST, THIRD}
    assert seen.refusals() == ""


def test_all_but_one_may_be_rejected(quoting: Dataset) -> None:
    seen = curate(quoting, reject("a", f"{FIRST}/claim/1", f"{SECOND}/claim/1"))
    assert repeated(seen, THIRD) == [set()]
    assert seen.values(f"{THIRD}/claim/1", "schema:appearance") == {THIRD}
    assert seen.refusals() == ""
