"""No text makes extraction fail, and none takes more than its length: what it does is counted, not timed."""

import cProfile
import pstats
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.errors import InputError
from graph.extract.pipeline import extract
from tests.graph.extract.consistency import check

#: Letters of many scripts, signs that join and mark, directions, digits of others, and what ends sentences elsewhere.
SCRIPTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\u200f\u200e\u202b\u202c\u2066\u2069\u200d\u0301\u00ad\u2028\u0085\t\u3000٣۴۵。！？؟।…—«»„“”‘’"
        ),
        st.characters(categories=["Lo", "Lt", "Mn", "Nl", "No", "So", "Sk"]),
    ),
    max_size=300,
)
WORDS = st.lists(
    st.sampled_from(
        ["Ana Petrova", "said", "that", "met", "Ivo Novak", "the summit", "in", "Vienna", "on", "Monday", "3 May 2023",
         "الرئيس", "התקיימה", "习近平", "U.S.", "'s", "“", "”", '"', "(", ")", "[", "]", ",", ".", "-", ":", ";", "\n",
         "January", "1,000,000", "0000", "9999", "99th century", "next", "year", "ago", "—", "..."]
    ),
    max_size=80,
)  # fmt: skip
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max]))


def _words(text: str) -> bool:
    return any(c.isalnum() for c in text)


@settings(max_examples=80)
@given(text=SCRIPTS.filter(_words), published=DAYS)
@example(text="In 9999 and in 0001 they met on 31 December, next year and 400 years ago.", published=date.max)
@example(text="They met 9,999,999,999 years ago and will in 5000 centuries.", published=date.min)
def test_any_unicode_is_read(text: str, published: date | None) -> None:
    try:
        article = Article.create(text, published=published)
    except InputError:  # no article: the subject of other tests
        return
    check(extract(article))


@settings(max_examples=80)
@given(words=WORDS, joint=st.sampled_from([" ", "", "\n\n", " \u200f"]), published=DAYS)
def test_any_order_of_words_is_read(words: list[str], joint: str, published: date | None) -> None:
    text = joint.join(["They", *words])
    check(extract(Article.create(text, published=published)))


SENTENCE = "Ana Petrova met Ivo Novak in Vienna on 3 May 2023 and said that the summit had been useful"
#: What a text is made of, by its number of units; about 30 characters each at the least.
TEXTS: dict[str, Callable[[int], str]] = {
    "one paragraph": lambda n: f"{SENTENCE}. " * n,
    "no punctuation": lambda n: f"{SENTENCE} " * n,
    "no spaces": lambda n: SENTENCE.replace(" ", "") * n,
    "one letter": lambda n: "a" * 90 * n,
    "capitals": lambda n: "PETROVA " * 12 * n,
    "capitalised": lambda n: "Ana Novak Harding Okoro Vienna " * 3 * n,
    "quotes": lambda n: '" “ ” ' * 15 * n + "x",
    "quoted words": lambda n: '"Yes," he said. “No,” she said. ' * 3 * n,
    "open quotes": lambda n: "“We met. " * 10 * n,
    "brackets": lambda n: "(" * 30 * n + "Ana Petrova met Ivo Novak" + ")" * 30 * n,
    "nested brackets": lambda n: "[(Petrova) [met (Novak" * 4 * n + "])" * 4 * n,
    "right to left": lambda n: "التقى الرئيس بالوزير في فيينا يوم الاثنين وقال إن القمة كانت مفيدة. " * n,
    "mixed directions": lambda n: "\u202bAna Petrova قالت that \u202cשלום met \u200fIvo Novak. " * 2 * n,
    "Chinese": lambda n: "习近平与普京在维也纳会面。" * 8 * n,
    "dates": lambda n: "on 3 May 2023 and Monday, June 5, to last year, " * 2 * n,
    "digits": lambda n: "2023-05-03 12:00 1,000,000 3rd 1990s " * 3 * n,
    "commas": lambda n: "Petrova, Novak, " * 6 * n,
    "hyphens": lambda n: "Petrova-Novak-" * 7 * n + "x",
    "dots": lambda n: "U.S. U.N. e.g. ... " * 5 * n,
    "speakers": lambda n: "Petrova: We met.\n\nNovak: We did.\n\n" * 3 * n,
    "lines": lambda n: "Petrova\n" * 12 * n,
    "events": lambda n: "the summit the talks the treaty the war the visit " * 2 * n,
    "sayings": lambda n: "said that he claimed that she told them that " * 2 * n,
    "accents": lambda n: "Pe\u0301\u0301\u0301trova me\u0308t " * 6 * n,
    "tabs": lambda n: "Petrova\t\t\u3000met\u00a0" * 6 * n,
}  # fmt: skip


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_work_grows_with_the_length_and_no_faster(make: Callable[[int], str]) -> None:
    """Calls of functions, of Python and of C alike, for a text and for one that is four times as long."""
    extract(Article.create(make(10)))  # loads what is needed
    counted = []
    for n in (30, 120):
        article = Article.create(make(n), published=date(2023, 6, 1))
        profile = cProfile.Profile()
        profile.enable()
        found = extract(article)
        profile.disable()
        check(found)
        counted.append(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
    assert counted[1] <= 5 * counted[0], f"{counted[0]:,} calls, then {counted[1]:,}"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("quotes", 1_000_000), ("one letter", 300_000), ("no spaces", 100_000)])
def test_a_long_text_is_read(name: str, size: int) -> None:
    unit = len(TEXTS[name](10)) / 10
    article = Article.create(TEXTS[name](int(size / unit) + 1))
    assert len(article.text) >= 0.99 * size
    check(extract(article))
