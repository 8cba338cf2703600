"""Time expressions: which words they are, and what they mean."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.edtf import bounds, is_edtf
from graph.extract.model import TimeExpression, TimexType
from graph.extract.text import segment
from graph.extract.times import find_times

PUBLISHED = date(2019, 7, 10)  # a Wednesday


def times(text: str, published: date | None = PUBLISHED) -> tuple[TimeExpression, ...]:
    return find_times(segment(Article.create(text, published=published)))


def pairs(text: str, published: date | None = PUBLISHED) -> list[tuple[str, str]]:
    return [(t.span.text, t.value) for t in times(text, published)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("They met on June 12, 2018, in Lutz.", "June 12, 2018", "2018-06-12"),
        ("They met on Tuesday, June 12, 2018.", "Tuesday, June 12, 2018", "2018-06-12"),
        ("They met on 12 June 2018.", "12 June 2018", "2018-06-12"),
        ("They met on the 12th of June, 2018.", "the 12th of June, 2018", "2018-06-12"),
        ("They met on Sept. 5, 1978.", "Sept. 5, 1978", "1978-09-05"),
        ("They met on 2018-06-12.", "2018-06-12", "2018-06-12"),
        ("They met on 6/12/2018.", "6/12/2018", "2018-06-12"),
        ("They met on 12.06.2018.", "12.06.2018", "2018-06-12"),
        ("They met in February 1972.", "February 1972", "1972-02"),
        ("They met in July of 1915.", "July of 1915", "1915-07"),
        ("They met in 1972.", "1972", "1972"),
        ("The talks of September 5–17, 1978, ended.", "September 5–17, 1978", "1978-09-05/1978-09-17"),
        ("The talks of March–April 1975 ended.", "March–April 1975", "1975-03/1975-04"),
        ("The war of 1904–05 ended.", "1904–05", "1904/1905"),
        ("It was signed in the 1970s.", "the 1970s", "197X"),
        ("It was signed in the late 1970s.", "the late 1970s", "197X"),
        ("It was signed in the seventies.", "the seventies", "197X"),
        ("It grew in the 19th century.", "the 19th century", "18XX"),
        ("It grew in the mid-nineteenth century.", "the mid-nineteenth century", "18XX"),
        ("It grew in the summer of 1946.", "the summer of 1946", "1946-SU"),
        ("It grew in the first quarter of 2018.", "the first quarter of 2018", "2018-Q1"),
        ("It grew in the second half of 2018.", "the second half of 2018", "2018-H2"),
        ("It grew in fiscal year 2018.", "fiscal year 2018", "FY2018"),
        ("It was signed in early 1908.", "early 1908", "1908"),
        ("It was signed by the end of 2023.", "the end of 2023", "2023"),
        ("It fell in 480 BC.", "480 BC", "BC0480"),
        ("They met in the week of October 21, 2019.", "the week of October 21, 2019", "2019-W43"),
    ],
)
def test_dates_that_say_all(text: str, words: str, value: str) -> None:
    assert pairs(text) == pairs(text, None) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("They met yesterday.", "yesterday", "2019-07-09"),
        ("They meet today.", "today", "2019-07-10"),
        ("They will meet tomorrow.", "tomorrow", "2019-07-11"),
        ("They met on Monday.", "Monday", "2019-07-08"),
        ("They will meet on Monday.", "Monday", "2019-07-15"),
        ("They met on Wednesday.", "Wednesday", "2019-07-10"),
        ("They met last Friday.", "last Friday", "2019-07-05"),
        ("They met last week.", "last week", "2019-W27"),
        ("They meet this week.", "this week", "2019-W28"),
        ("They will meet next month.", "next month", "2019-08"),
        ("They met last year.", "last year", "2018"),
        ("They met in February.", "February", "2019-02"),
        ("They met in November.", "November", "2018-11"),
        ("They will meet in November.", "November", "2019-11"),
        ("The talks will be held in February.", "February", "2020-02"),
        ("They met on July 3.", "July 3", "2019-07-03"),
        ("They met last August.", "last August", "2018-08"),
        ("They met nine months ago.", "nine months ago", "2018-10"),
        ("They met two years ago.", "two years ago", "2017"),
        ("They met three days ago.", "three days ago", "2019-07-07"),
        ("They will meet in a few weeks.", "a few weeks", "FUTURE_REF"),
        ("They will meet in two weeks.", "two weeks", "2019-07-24"),
        ("They met years ago.", "years ago", "PAST_REF"),
        ("They met this weekend.", "this weekend", "2019-W28-WE"),
        ("They met on Monday morning.", "Monday morning", "2019-07-08TMO"),
        ("They met in the early hours of Monday.", "the early hours of Monday", "2019-07-08"),
        ("They met at four in the morning.", "four in the morning", "2019-07-10T04:00"),
        ("They met at 5 o'clock in the afternoon.", "5 o'clock in the afternoon", "2019-07-10T17:00"),
        ("They would get around Monday's ruling.", "Monday", "2019-07-08"),
        ("They would get around Monday's vote.", "Monday", "2019-07-15"),
        ("They met last night.", "last night", "2019-07-09TNI"),
        ("They met at 5 p.m. local time on Monday.", "5 p.m. local time on Monday", "2019-07-08T17:00"),
        ("They met last summer.", "last summer", "2018-SU"),
        ("They met earlier this year.", "earlier this year", "2019"),
    ],
)
def test_dates_by_publication_and_tense(text: str, words: str, value: str) -> None:
    assert pairs(text) == [(words, value)]


@pytest.mark.parametrize(
    "text",
    ["They met yesterday.", "They met on Monday.", "They met last week.", "They met in February.",
     "They met on July 3.", "They met nine months ago.", "They met last summer.", "They met at noon.",
     "They met the next year."],
)  # fmt: skip
def test_without_a_date_nothing_is_guessed(text: str) -> None:
    (found,) = times(text, None)
    assert (found.edtf, found.earliest, found.latest) == (None, None, None)
    assert found.value.startswith("XXXX") or found.value.endswith("_REF")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met on May 3, 1990. The following day they signed.", "1990-05-04"),
        ("They met on May 3, 1990. Two days later they signed.", "1990-05-05"),
        ("They met on May 3, 1990. Five months earlier they had signed.", "1989-12"),
        ("They met in May 1990. That same month they signed.", "1990-05"),
        ("They met in May 1990. The following year they signed.", "1991"),
        ("They met in May 1990. They signed in September.", "1990-09"),
        ("They met in May 1990. They signed that July.", "1990-07"),
        ("They met in December 1990. They signed in January.", "1991-01"),
        ("They met in 1990. They signed in the same year.", "1990"),
        ("They met in March 1990 and signed before the end of the year.", "1990-12"),
        ("They met in 1990. By the end of the decade they had signed.", "199X"),
    ],
)
def test_dates_by_the_date_told_before(text: str, expected: str) -> None:
    assert times(text, None)[-1].value == expected


def test_a_range_shares_its_year() -> None:
    found = pairs("It lasted from March 3 to April 5, 1918.", None)
    assert found == [
        ("March 3", "1918-03-03"),
        ("April 5, 1918", "1918-04-05"),
    ]
    found = pairs("It lasted from January 4 to 5, 1974.", None)
    assert found == [
        ("January 4", "1974-01-04"),
        ("5, 1974", "1974-01-05"),
    ]


@pytest.mark.parametrize(
    ("text", "words", "kind", "value"),
    [
        ("It took nine months.", "nine months", TimexType.DURATION, "P9M"),
        ("It took more than 35 years.", "more than 35 years", TimexType.DURATION, "P35Y"),
        ("It took several years.", "several years", TimexType.DURATION, "PXY"),
        ("It took decades.", "decades", TimexType.DURATION, "PXDE"),
        ("It took two and a half years.", "two and a half years", TimexType.DURATION, "P2Y6M"),
        ("It took 36 minutes.", "36 minutes", TimexType.DURATION, "PT36M"),
        ("The two-day summit ended.", "two-day", TimexType.DURATION, "P2D"),
        ("The 25-year-old envoy spoke.", "25-year-old", TimexType.DURATION, "P25Y"),
        ("It shrank over the past two years.", "the past two years", TimexType.DURATION, "P2Y"),
        ("They meet each year.", "each year", TimexType.SET, "P1Y"),
        ("They meet every two years.", "every two years", TimexType.SET, "P2Y"),
        ("They hold an annual summit.", "annual", TimexType.SET, "P1Y"),
        ("They are now at war.", "now", TimexType.DATE, "PRESENT_REF"),
        ("They recently met.", "recently", TimexType.DATE, "PAST_REF"),
        ("They may sign in the near future.", "the near future", TimexType.DATE, "FUTURE_REF"),
    ],
)
def test_durations_sets_and_vague_times(text: str, words: str, kind: TimexType, value: str) -> None:
    (found,) = times(text, None)
    assert (found.span.text.lower(), found.type, found.value) == (words, kind, value)
    assert found.edtf is None


@pytest.mark.parametrize(
    "text",
    ["The president may meet her.", "The army will march north.", "The Council adopted Resolution 1973.",
     "It sent 1900 troops.", "It cost $1,905.", "Prime Minister May spoke.", "They passed it by a margin of 10:7.",
     "The ship sank within sight of 12 others.", "It rose by 1950%.", "After the October Revolution they fled."],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert pairs(text) == []


def test_edtf_and_bounds() -> None:
    (found,) = times("They met in February.")
    assert (found.edtf, found.earliest, found.latest) == ("2019-02", date(2019, 2, 1), date(2019, 2, 28))
    (found,) = times("They met last week.")
    assert (found.edtf, found.earliest, found.latest) == ("2019-07-01/2019-07-07", date(2019, 7, 1), date(2019, 7, 7))
    (found,) = times("They met in the autumn of 1955.")
    assert found.edtf == "1955-23"


def test_explicit_dates_are_surer() -> None:
    explicit, relative = times("They met on June 12, 2018. They met again on Monday.")
    assert explicit.confidence > relative.confidence


def test_related_items_are_resolved_against_their_own_dates() -> None:
    class Item(NamedTuple):
        day: str
        last_month: str

    items = [Item("March 5, 2015", "2015-02"), Item("November 20, 2012", "2012-10")]
    body = "They met last month.\n\nRelated Publications\n\n" + "\n\n".join(
        f"Talks in Varenna {n}\n\nTalks in Varenna {n}\n\n{i.day}\n\nThe two sides met last month.\n\nType: Analysis"
        for n, i in enumerate(items)
    )
    found = [t.value for t in times(body) if t.span.text == "last month"]
    assert found == ["2019-06", *(i.last_month for i in items)]


#: Words that expressions are made of, and what stands around them.
VOCABULARY = """the of in on last next two nine a few months weeks years days ago later May March June Sept. 3 12 1978
2019 31 Monday yesterday century 20th 4th early late mid-1970s mid - – , . " ’ : ; and to from summer winter fall 5–17
decade that same every 480 BC B.C. 470s 1980s p.m. 10:39 17:30 UTC morning dawn noon now FY fiscal year 2018-02-31
1904–05 1981–1991 30, 2 1/2 ½ '99 will met had been since until before after onwards beyond or earlier third fourth
quarter first half nineteen ninety-six thousand five year-ago end turn past week weekend following previous thereafter
Thanksgiving 9999 0001 1000 XX"""
PHRASES = ("\n\n", "the end of", "the second half of", "earlier this year", "later this month", "and beyond")
WORDS = st.sampled_from([*VOCABULARY.split(), *PHRASES])


@settings(max_examples=400)
@given(
    st.text(max_size=200) | st.lists(WORDS, max_size=60).map(" ".join) | st.lists(WORDS, max_size=60).map("".join),
    st.none() | st.dates(),
)
def test_any_text(text: str, published: date | None) -> None:
    document = segment(Article(text=text, identity="x", published=published))
    end = 0
    for found in find_times(document):
        assert text[found.span.start : found.span.end] == found.span.text
        assert found.span.text.strip()
        assert found.span.start >= end
        end = found.span.end
        assert 0 < found.confidence <= 1
        if found.edtf is None:
            assert found.earliest is None
            assert found.latest is None
            continue
        assert is_edtf(found.edtf)
        assert (found.earliest, found.latest) == bounds(found.edtf)
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest


@pytest.mark.parametrize(
    "text",
    ["7" * 300_000, "a" * 100_000, "19 " * 60_000, "twenty-" * 30_000, "the first of the " * 10_000,
     "May" + " " * 100_000, "1.1." * 40_000],
)  # fmt: skip
@pytest.mark.timeout(20)
def test_no_text_takes_long(text: str) -> None:
    times(text + " They met in 1978.")


RETROSPECT = (
    "Ana Petrova came to Brod on 11 July 1998. In May 1956 her father had opened the talks there. The pact of May 1972 "
    "was read aloud.\n\nTom Harding left on 19 July. "
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (RETROSPECT, "1998-07-19"),
        ("They met on 3 May 2019 and on 7 June 2019. Petrova left on 12 June.", "2019-06-12"),
        ("They met on 3 May 2019 and 7 June 2019. The treaty is of 4 May 1956. Petrova left on 12 June.", "2019-06-12"),
        ("The treaty of 4 May 1956 was old. They met on 3 May 2019, and she left on 2 June 2019. On 20 June she died.",
         "2019-06-20"),
        ("Both sides signed in Brod on 12 May 2017, the Friday before the election. On the same day the talks ended.",
         "2017-05-12"),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_of_the_year_that_the_passage_tells_of(text: str, value: str) -> None:
    assert [v for w, v in pairs(text)][-1] == value
