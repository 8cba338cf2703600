"""Related items printed below an article become articles of their own."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article
from graph.extract import extract
from graph.extract.model import Extraction, Section, Service, Span, TimeExpression, TimexType
from graph.ingest.related import detach_related, related_article

PAGE = """President Ana Petrova met Tom Harding in Geneva on May 2, 2025. "We agreed on trade," Petrova said.

Related Publications

Zubrowka Signs a Treaty
Zubrowka Signs a Treaty

Thursday, April 3, 2025

Prime Minister Ngozi Okoro visited Vienna yesterday. Okoro said that the treaty was a milestone.

Type: Analysis

Peace Processes

What the Summit Means

Friday, April 4, 2025

The leaders will meet again next month in Geneva.

Type: Question and Answer

Diplomacy
"""


def _extraction() -> Extraction:
    return extract(
        Article.create(PAGE, title="Petrova Meets Harding", published=date(2025, 5, 3), publisher="The Daily Zubrowkan")
    )


def test_each_item_is_an_article_with_its_own_date_and_genre() -> None:
    main, treaty, meaning = detach_related(_extraction())
    assert main.article.title == "Petrova Meets Harding"
    assert main.article.related == tuple(sorted((treaty.article.key, meaning.article.key)))
    assert (treaty.article.title, treaty.article.published, treaty.article.genre, treaty.article.publisher) == (
        "Zubrowka Signs a Treaty", date(2025, 4, 3), "Analysis", "The Daily Zubrowkan",
    )  # fmt: skip
    assert treaty.article.keywords == ("Peace Processes",)
    assert treaty.article.abstract == (
        "Prime Minister Ngozi Okoro visited Vienna yesterday. Okoro said that the treaty was a milestone."
    )
    assert meaning.article.published == date(2025, 4, 4)


def test_what_an_item_tells_is_not_told_by_the_article() -> None:
    main, treaty, _ = detach_related(_extraction())
    assert {person.name for person in main.people} == {"Ana Petrova", "Tom Harding"}
    assert {person.name for person in treaty.people} == {"Ngozi Okoro"}
    assert all("Okoro" not in span.text for claim in main.claims for span in claim.content)
    assert [claim.content[0].text for claim in treaty.claims] == ["the treaty was a milestone"]
    visits = [report for report in treaty.reports if report.type == "Visit"]
    assert [(r.participants, r.time) for r in visits] == [(("person/ngozi-okoro",), "2025-04-02")]
    assert not [report for report in main.reports if report.type == "Visit"]


def test_spans_count_in_the_text_of_the_part_they_are_in() -> None:
    for part in detach_related(_extraction()):
        spans = [m for e in part.entities() for m in e.mentions]
        spans += [t.span for t in part.times] + [m for r in part.reports for m in r.mentions]
        spans += [s for c in part.claims for s in (*c.content, *filter(None, (c.cue, c.speaker_span)))]
        assert spans
        assert all(part.article.text[s.start : s.end] == s.text for s in spans)


def test_the_article_is_stored_as_the_one_that_was_read() -> None:
    extraction = _extraction()
    main = detach_related(extraction)[0]
    assert (main.article.key, main.article.digest) == (extraction.article.key, extraction.article.digest)


def test_what_a_service_cost_is_told_once() -> None:
    service = Service("zubrowka-7b", "https://llm.example/v1", 5120, 2)
    main, *items = detach_related(replace(_extraction(), service=service))
    assert main.service == service
    assert {item.service for item in items} == {Service("zubrowka-7b", "https://llm.example/v1")}


def test_an_article_without_items_is_left_alone() -> None:
    extraction = extract(Article.create("Ana Petrova met Tom Harding."))
    assert detach_related(extraction) == [extraction]


@given(st.text("ab \n", min_size=3, max_size=60), st.data())
def test_any_span_lands_in_one_part_or_in_none(text: str, data: st.DataObject) -> None:
    article = Article.create("x" + text + "y")
    size = len(article.text)
    cut = data.draw(st.integers(1, size - 1))
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    whole = Extraction(
        article,
        times=(TimeExpression(Span.of(article.text, start, end), TimexType.DATE, "PRESENT_REF"),),
        sections=(
            Section("body", Span.of(article.text, 0, cut)),
            Section("related", Span.of(article.text, cut, size), "An item", date(2025, 4, 3)),
        ),
    )
    parts = detach_related(whole)
    found = [(part, t.span) for part in parts for t in part.times]
    assert len(found) <= 1
    for part, span in found:
        assert part.article.text[span.start : span.end] == span.text
    if end <= cut:
        assert found == [(parts[0], whole.times[0].span)]
    if start < cut < end:
        assert not found
    if start >= cut and not whole.times[0].span.text[0].isspace() and not whole.times[0].span.text[-1].isspace():
        assert len(found) == 1


def test_an_item_announces_the_article_that_a_reader_would_cite() -> None:
    printed_by = Article.create(PAGE, publisher="The Daily Zubrowkan")
    section = Section("related", Span.of(printed_by.text, 0, 9), "A title", date(2025, 4, 3))
    whole = Article.create("All of it.", title="A title", published=date(2025, 4, 3), publisher="The Daily Zubrowkan")
    assert related_article(section, printed_by).key == whole.key
