"""Which claims, from many articles, quote the same words: who came first, repetitions, near-duplicates, any order."""

from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.model import Claim, Extraction, Manner, Person, Span
from graph.resolve import ClaimChange, ClaimIndex, quotations_in
from graph.resolve.claims import ClaimLink, Relation
from graph.resolve.shelf import Room

unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
PETROVA, HARDING, OKORO = "person/ana-petrova", "person/tom-harding", "person/ngozi-okoro"
SPAN = Span(0, 3, "The")
MAY, JUNE, JULY = date(2031, 5, 1), date(2031, 6, 1), date(2031, 7, 1)
WORDS = "Zubrowka will not leave the table before Lutz has answered every one of our questions"


def claim(
    *words: str, by: tuple[str, ...] = (PETROVA,), called: str | None = None, how: Manner = Manner.DIRECT
) -> Claim:
    content = tuple(Span(0, len(w), w) for w in words or (WORDS,))
    return Claim("", content, how, by, Span(0, len(called), called) if called else None)


def article(name: str, *claims: Claim, day: date | None = MAY) -> Extraction:
    value = replace(Article.create(f"The text of {name}.", identity=name), published=day)
    return Extraction(
        value,
        people=tuple(Person(key, key, (SPAN,)) for key in (PETROVA, HARDING, OKORO)),
        claims=tuple(replace(c, key=f"{value.key}/claim/{n}") for n, c in enumerate(claims, 1)),
    )


@dataclass
class Told:
    """An index, and the links as whoever follows its changes has them."""

    index: ClaimIndex = field(default_factory=ClaimIndex)
    links: set[ClaimLink] = field(default_factory=set)

    def put(self, *articles: Extraction) -> "Told":
        for each in articles:
            self.follow(self.index.put(each.article.key, each.article.published, quotations_in(each)))
        return self

    def withdraw(self, *articles: Extraction) -> "Told":
        for each in articles:
            self.follow(self.index.withdraw(each.article.key))
        return self

    def follow(self, change: ClaimChange) -> None:
        assert change.remove <= self.links, "only links that were said go"
        assert not change.add & self.links, "only links that were not said come"
        self.links = (self.links - change.remove) | change.add


def key(extraction: Extraction, number: int = 1) -> str:
    return extraction.claims[number - 1].key


def repeats(later: str, first: str) -> set[ClaimLink]:
    """Return the links of two claims of two articles that are one quotation."""
    return {
        ClaimLink(later, Relation.REPEATS, first),
        ClaimLink(first, Relation.APPEARANCE, later.partition("/claim/")[0]),
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claim(), claim()),
        (claim(), claim(f"“{WORDS.upper()}”")),
        (claim(), claim(WORDS.replace(" ", "\n  ") + ".")),
        (claim("We won’t leave the table in Lutz"), claim("We won't leave -- the table in Lutz!")),
        (claim(), claim("Zubrowka will not leave the table …", "before Lutz has answered every one of our questions")),
        (claim(), claim(how=Manner.MIXED)),
        (claim(), claim(how=Manner.INTERVIEW)),
        (claim(), claim(called="she")),
        (claim(by=(PETROVA, HARDING)), claim(by=(HARDING, PETROVA))),
        (claim(by=(), called="A senior official"), claim(by=(), called="a senior official")),
    ],
)
def test_claims_in_the_same_words_are_one_quotation(one: Claim, other: Claim) -> None:
    first, later = article("a", one), article("b", other, day=JUNE)
    assert Told().put(first, later).links == repeats(key(later), key(first))
    assert Told().put(later, first).links == repeats(key(later), key(first))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claim(), claim(by=(HARDING,))),
        (claim(), claim(by=(PETROVA, HARDING))),
        (claim(), claim(by=(), called="Petrova")),
        (claim(by=(), called="an official"), claim(by=(), called="a diplomat")),
        (claim(by=()), claim(by=())),
        (claim(), claim(how=Manner.INDIRECT)),
        (claim("We will meet again soon"), claim("We will meet again soon")),
        (claim("The talks went well for all of us"), claim("The talks did not go well for all of us")),
        (claim("It will cost us $5 in all"), claim("It will cost us 5% in all")),
    ],
)
def test_claims_in_other_words_or_of_others_or_too_short_are_not(one: Claim, other: Claim) -> None:
    assert not Told().put(article("a", one), article("b", other, day=JUNE)).links


def test_the_article_published_first_has_the_quotation_and_an_undated_one_comes_last() -> None:
    late, early, undated = article("a", claim(), day=JULY), article("b", claim()), article("c", claim(), day=None)
    told = Told().put(late, undated)
    assert told.links == repeats(key(undated), key(late))
    told.put(early)
    assert told.links == repeats(key(late), key(early)) | repeats(key(undated), key(early))
    told.withdraw(early)
    assert told.links == repeats(key(undated), key(late))
    told.put(replace(late, claims=()))
    assert told.links == set()


def test_what_one_article_prints_twice_is_one_quotation_too_and_its_claims_count_as_numbers() -> None:
    other = claim("Nothing of this sort was said before")
    twice = article("a", claim("one"), claim(), *([claim("two")] * 7), claim(), other)
    assert Told().put(twice).links == {ClaimLink(key(twice, 10), Relation.REPEATS, key(twice, 2))}


@pytest.mark.parametrize(
    "words",
    [
        "Zubrowka will not leave the table before Lutz has answered every one",
        f"Let me be clear: {WORDS}",
        f"Let me be clear: {WORDS}, and I say this as a friend of Lutz who has waited for a long time",
    ],
)
def test_nearly_the_same_words_lead_to_those_that_came_out_before(words: str) -> None:
    first, later = article("a", claim()), article("b", claim(words), day=JUNE)
    expected = {ClaimLink(key(later), Relation.DERIVED, key(first))}
    assert Told().put(first, later).links == expected
    assert Told().put(later, first).links == expected


@pytest.mark.parametrize(
    ("words", "by", "day"),
    [
        ("Zubrowka will leave the table before Lutz has answered any one of our many questions", PETROVA, JUNE),
        (f"Let me be clear: {WORDS}", HARDING, JUNE),
        (f"Let me be clear: {WORDS}", PETROVA, MAY),
        (f"Let me be clear: {WORDS}", PETROVA, None),
        ("Zubrowka will not leave the table before", PETROVA, JUNE),
    ],
)
def test_other_words_other_speakers_and_unknown_order_are_not_linked(words: str, by: str, day: date | None) -> None:
    assert not Told().put(article("a", claim()), article("b", claim(words, by=(by,)), day=day)).links


def test_a_near_duplicate_leads_to_the_first_of_all_that_came_out_before_and_repetitions_lead_nowhere_else() -> None:
    first, second = article("a", claim()), article("b", claim(f"Listen: {WORDS}"), day=JUNE)
    third, fourth = (article(n, claim(f"Listen to me: {WORDS}"), day=JULY) for n in "cd")
    later, latest = sorted((third, fourth), key=key)
    told = Told().put(latest, second, first, later)
    assert told.links == {
        ClaimLink(key(second), Relation.DERIVED, key(first)),
        ClaimLink(key(later), Relation.DERIVED, key(first)),
    } | repeats(key(latest), key(later))
    told.withdraw(first)
    assert ClaimLink(key(later), Relation.DERIVED, key(second)) in told.links


TEXTS = (
    WORDS,
    f"Listen: {WORDS}",
    f"Listen: {WORDS} now",
    WORDS.partition(" answered")[0],
    "We will all meet again in Lutz",
    "Yes",
    f"{WORDS}. {WORDS}",
)


@st.composite
def articles(draw: st.DrawFn) -> Extraction:
    speakers = st.sampled_from([(PETROVA,), (PETROVA, HARDING), (), (HARDING,)])
    found = draw(st.lists(st.tuples(st.sampled_from(TEXTS), speakers, st.sampled_from([None, "she"])), max_size=4))
    day = draw(st.sampled_from([None, MAY, JUNE, JULY]))
    return article(draw(st.sampled_from("abcdef")), *(claim(t, by=by, called=w) for t, by, w in found), day=day)


@unhurried
@given(st.lists(articles(), max_size=6, unique_by=lambda e: e.article.key), st.randoms(use_true_random=False))
def test_the_order_of_articles_makes_no_difference(found: list[Extraction], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert Told().put(*found).links == Told(ClaimIndex(room=Room(1))).put(*shuffled).links


@unhurried
@given(st.lists(articles(), max_size=9))
def test_articles_that_are_replaced_or_taken_out_leave_no_trace(found: list[Extraction]) -> None:
    last = {e.article.key: e for e in found}
    gone = sorted(last)[::2]
    told = Told().put(*found).withdraw(*(last[key] for key in gone))
    assert told.links == Told().put(*(e for key, e in last.items() if key not in gone)).links
    assert Told(told.index, told.links).withdraw(*last.values()).links == set()
    assert len(told.index) == 0, "nothing is kept of what is gone"


@unhurried
@given(st.lists(articles(), max_size=6, unique_by=lambda e: e.article.key), articles())
def test_an_index_that_is_read_back_goes_on_as_the_one_that_was_kept(found: list[Extraction], more: Extraction) -> None:
    kept = Told().put(*found)
    again = ClaimIndex({e.article.key: e.article.published for e in found if e.article.published})
    again.fill({k: q for e in found for k, q in quotations_in(e).items()}, kept.links)
    read = Told(again, set(kept.links))
    assert read.put(more).links == kept.put(more).links


@unhurried
@given(st.lists(articles(), max_size=6, unique_by=lambda e: e.article.key))
def test_a_quotation_has_one_first_claim_which_repeats_none(found: list[Extraction]) -> None:
    links = Told().put(*found).links
    led_to = {link.other for link in links if link.relation is Relation.REPEATS}
    repeating = [link.claim for link in links if link.relation is Relation.REPEATS]
    deriving = [link.claim for link in links if link.relation is Relation.DERIVED]
    assert not led_to.intersection(repeating)
    assert len(repeating) == len(set(repeating))
    assert len(deriving) == len(set(deriving))
    assert not set(deriving).intersection(repeating)
