"""Who is meant by a full name: one person unless country, office or time tell two apart; whatever the order."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.extract.gazetteer import every_place
from graph.extract.lexicon import read_table
from graph.iris import slugify
from graph.resolve.people import PersonChange, PersonIndex
from graph.resolve.shelf import Room
from graph.resolve.standing import Standing, standing_of

NAME, OTHER = "person/tom-harding", "person/ana-petrova"
DAY = date(2021, 5, 3)
ROLES = (
    (),
    ("French foreign minister",),
    ("Canadian senator",),
    ("Canadian singer",),
    ("singer",),
    ("foreign minister",),
    ("the Canadian senator and former French minister",),
    ("former actor",),
    ("Soviet general",),
    ("Ukrainian president",),
)
KNOWN = {OTHER: standing_of(["French president"], None)}
Told = tuple[str, date | None, dict[str, Standing]]


def told(article: str, *roles: str, published: date | None = DAY, name: str = NAME) -> Told:
    return article, published, {name: standing_of(roles, published)}


def keys(*articles: Told, known: dict[str, Standing] | None = None, name: str = NAME) -> list[str]:
    """Return the key of a person in each article, when all are in."""
    index = PersonIndex(known or {})
    for article in articles:
        index.put(*article)
    return [index.key_of(article, name) for article, _, _ in articles]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("French foreign minister", "Canadian singer"),
        ("the foreign minister of France", "Canadian Foreign Minister"),
        ("British ambassador to France", "French senator"),
    ],
)
def test_an_office_of_a_state_is_of_somebody_else_than_an_office_of_another_country(one: str, other: str) -> None:
    first, second = keys(told("a", one), told("b", other))
    assert first == NAME
    assert second.startswith(f"{NAME}--")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("French foreign minister", "foreign minister"),  # no country
        ("French foreign minister", "former senator and governor"),
        ("French foreign minister", "President of the European Commission"),  # no country either
        ("Soviet general", "Ukrainian president"),  # one state was part of the other
        ("French singer", "Canadian actor"),  # people of other callings move
        ("French senator", "special envoy to Canada"),
        ("French senator", "pro-Canadian politician"),
        ("French senator", "the Canadian senator Ivo Novak"),  # another's role
        ("French senator", "aide of the Canadian prime minister"),
        ("French senator", "Canadian ally"),
    ],
)
def test_what_one_person_may_be_is_of_one_person(one: str, other: str) -> None:
    assert keys(told("a", one), told("b", other)) == [NAME, NAME]


def test_a_calling_beside_an_office_at_one_time_is_of_somebody_else() -> None:
    later = date(2031, 1, 1)
    assert keys(told("a", "foreign minister"), told("b", "singer")) == [NAME, f"{NAME}--art"]
    assert keys(told("a", "foreign minister"), told("b", "former singer")) == [NAME, NAME]
    assert keys(told("a", "foreign minister"), told("b", "singer", published=later)) == [NAME, NAME]
    assert keys(told("a", "foreign minister"), told("b", "singer", published=None)) == [NAME, NAME]
    # Compatriots, too; what tells them apart is then not the country.
    assert keys(told("a", "French minister"), told("b", "French singer")) == [NAME, f"{NAME}--art"]


def test_an_article_that_says_both_shows_that_there_is_one_person() -> None:
    both = told("c", "the Canadian senator and former French minister")
    assert keys(told("a", "French minister"), told("b", "Canadian senator"), both) == [NAME] * 3
    both = told("c", "senator and singer")
    assert keys(told("a", "senator"), told("b", "singer"), both) == [NAME] * 3


def test_whoever_is_meant_first_has_the_plain_key_and_all_that_says_nothing() -> None:
    early, late = told("b", "Canadian senator"), told("a", "French senator", published=date(2022, 1, 1))
    for silent in (told("c"), told("d", published=date(1999, 1, 1))):
        assert keys(early, late, silent) == [NAME, f"{NAME}--france", NAME]


def test_a_calling_without_a_country_is_that_of_the_only_one_who_has_it() -> None:
    found = keys(told("a", "French senator"), told("b", "Canadian singer"), told("c", "singer"))
    assert found == [NAME, f"{NAME}--canada", f"{NAME}--canada"]


def test_somebody_on_record_has_the_plain_key_and_one_article_is_not_enough_to_say_otherwise() -> None:
    known = {NAME: standing_of(["President of France"], None)}
    once, again = told("a", "Canadian senator"), told("b", "Canadian minister")
    assert keys(once, known=known) == [NAME]
    assert keys(once, again, told("c", "French president"), known=known) == [f"{NAME}--canada"] * 2 + [NAME]
    # Of whom the records know no country nothing is said.
    assert keys(once, again, told("c", "French president"), known={NAME: Standing(fields=frozenset({"state"}))}) == [
        NAME, NAME, NAME,
    ]  # fmt: skip


def test_what_tells_no_two_apart_alone_is_made_into_letters() -> None:
    said = ("French minister", "French singer", "Canadian minister", "Canadian singer")
    found = keys(*(told(article, role) for article, role in zip("abcd", said, strict=True)))
    assert len(set(found)) == 3
    assert found[0] == NAME
    assert len(set(found[1:])) == len(set(found)) - 1


def articles() -> st.SearchStrategy[Told]:
    days = st.sampled_from([None, date(2021, 1, 1), date(2021, 6, 1), date(2031, 1, 1)])
    roles = st.sampled_from(ROLES)
    return st.builds(
        lambda article, day, one, other: (article, day, {NAME: standing_of(one, day), OTHER: standing_of(other, day)}),
        st.sampled_from("abcdef"), days, roles, roles,
    )  # fmt: skip


def follow(store: dict[str, set[str]], article: str, said: dict[str, Standing], change: PersonChange) -> None:
    """Do to a store of keys by article what a change says."""
    for other, names in change.others.items():
        assert set(names) <= store[other]
        store[other] = {names.get(key, key) for key in store[other]}
    store[article] = {change.names.get(plain, plain) for plain in said}
    used = set().union(*store.values())
    assert not used & change.gone.keys()
    assert set().union(*change.gone.values()) <= used


def run(each: list[Told], kept: int = 100) -> tuple[PersonIndex, dict[str, set[str]]]:
    index, store = PersonIndex(KNOWN, Room(kept)), dict[str, set[str]]()
    for article, day, said in each:
        follow(store, article, said, index.put(article, day, said))
    return index, store


@given(st.lists(articles(), max_size=6, unique_by=lambda each: each[0]), st.randoms(use_true_random=False))
def test_the_order_of_articles_makes_no_difference(found: list[Told], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert run(found)[1] == run(shuffled, kept=1)[1]


@given(st.lists(articles(), max_size=8))
def test_articles_that_are_replaced_or_taken_out_leave_no_trace(found: list[Told]) -> None:
    index, store = run(found)
    last = {each[0]: each for each in found}
    gone = sorted(last)[::2]
    for article in gone:
        follow(store, article, {}, index.withdraw(article))
        del store[article]
    assert store == run([each for key, each in last.items() if key not in gone])[1]


@given(st.lists(articles(), max_size=5, unique_by=lambda each: each[0]), articles())
def test_an_index_that_is_read_back_goes_on_as_the_one_that_was_kept(found: list[Told], more: Told) -> None:
    kept, store = run(found)
    again = PersonIndex(KNOWN)
    said, days = {key: names for key, _, names in found}, {key: day for key, day, _ in found if day}
    again.fill(said, days, store)
    assert again.put(*more) == kept.put(*more)


@given(st.lists(articles(), max_size=5, unique_by=lambda each: each[0]), articles())
def test_a_store_that_knows_nobody_apart_is_put_right(found: list[Told], more: Told) -> None:
    store = {key: set(names) for key, _, names in found}
    index = PersonIndex(KNOWN)
    index.fill({key: names for key, _, names in found}, {key: day for key, day, _ in found if day}, store)
    follow(store, more[0], more[2], index.put(*more))
    assert store == run([*(each for each in found if each[0] != more[0]), more])[1]


def test_every_state_that_others_follow_is_a_place_that_is_known() -> None:
    rows = read_table("successor_states.tsv", 2)
    named = {name.strip() for state, others in rows for name in (state, *others.split(","))}
    assert {name for name in named if f"place/{slugify(name)}" not in every_place()} == set()
