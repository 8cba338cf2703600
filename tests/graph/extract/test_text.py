"""Structure of articles: related items, turns, sentences."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.model import Section
from graph.extract.sections import parse_date_line, split_topics
from graph.extract.text import Document, segment

RELATED = """The envoys of Zubrowka and Sylvania met on Monday.

They will meet again.

Related Publications

Zubrowka Counts Its Friends

Zubrowka Counts Its Friends

Thursday, November 21, 2024

Last week the council met. It decided little.

Type: Analysis

Peace ProcessesGlobal Policy

What Next for Sylvania?

3 May 2023

Talks may resume.

Type: Question and Answer

Global Policy

View All Publications"""

INTERVIEW = """Two experts explain the talks.

What was agreed?

Ana Petrova: They agreed to meet again.

That is new for them.

Will it hold, in your view?

Ivo Novak: I doubt it.

Note: the interview was shortened."""


def _segment(text: str, published: date | None = date(2025, 1, 1)) -> Document:
    return segment(Article.create(text, title="The article", published=published))


def _related(document: Document) -> list[Section]:
    return [s for s in document.sections if s.kind == "related"]


def test_related_items_are_sections_with_their_own_dates() -> None:
    first, second = _related(_segment(RELATED))
    assert (first.title, first.published) == ("Zubrowka Counts Its Friends", date(2024, 11, 21))
    assert first.genre == "Analysis"
    assert first.keywords == ("Peace Processes", "Global Policy")
    assert first.abstract == "Last week the council met. It decided little."
    assert (second.title, second.published) == ("What Next for Sylvania?", date(2023, 5, 3))
    assert second.keywords == ("Global Policy",)


def test_the_body_ends_where_the_related_items_begin() -> None:
    document = _segment(RELATED)
    body = document.sections[0]
    assert body.kind == "body"
    assert "They will meet again." in body.span.text
    assert "Counts" not in body.span.text
    assert document.section_at(document.text.index("Last week")).published == date(2024, 11, 21)


def test_a_heading_without_dated_items_opens_no_list() -> None:
    assert not _related(_segment("They met.\n\nRelated Items\n\nNothing else was said.\n\nThey left."))


def test_text_after_the_list_belongs_to_the_body_again() -> None:
    document = _segment(RELATED + "\n\nThis article was first printed in the Zubrowka Courier and is used with leave.")
    assert document.sections[-1].kind == "body"
    assert document.sections[-1].published == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Thursday, November 21, 2024", date(2024, 11, 21)),
        ("21 Nov. 2024", date(2024, 11, 21)),
        ("Published on Sept 3, 2019", date(2019, 9, 3)),
        ("2019-09-03", date(2019, 9, 3)),
        ("February 30, 2019", None),
        ("In May 2019", None),
        ("x" * 100_000, None),
    ],
)
def test_date_lines(line: str, expected: date | None) -> None:
    assert parse_date_line(line) == expected


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("Global Policy", ("Global Policy",)),
        ("Conflict Analysis & PreventionGlobal Policy", ("Conflict Analysis & Prevention", "Global Policy")),
        ("McCarthyism", ("McCarthyism",)),
        ("Topics: Peace, YouTube", ("Peace", "YouTube")),
    ],
)
def test_topics_that_lost_their_parting_signs(line: str, topics: tuple[str, ...]) -> None:
    assert split_topics(line) == topics


def test_a_speaker_holds_until_the_next_turn_or_question() -> None:
    turns = [
        (t.speaker.text, t.span.text)
        for t in _segment(INTERVIEW + "\n\nAna Petrova is a scholar; so is Ivo Novak.").turns
    ]
    assert turns[:3] == [
        ("Ana Petrova", "They agreed to meet again."),
        ("Ana Petrova", "That is new for them."),
        ("Ivo Novak", "I doubt it."),
    ]
    assert all("Note" not in speaker for speaker, _ in turns)


def test_questions_with_a_label_are_no_turns() -> None:
    text = "Q: Was it long?\n\nA: It was.\n\nQ: Was it good?\n\nA: Not very."
    assert [(t.speaker.text, t.span.text) for t in _segment(text).turns] == [("A", "It was."), ("A", "Not very.")]


def test_transcripts_in_capitals() -> None:
    lines = (
        "PRESIDENT NOVAK: Good morning.",
        "MR. PETROV: Good morning.",
        "PRESIDENT NOVAK: Begin.",
        "MR. PETROV: Yes.",
    )
    text = "\n\n".join(lines)
    assert [t.speaker.text for t in _segment(text).turns] == ["PRESIDENT NOVAK", "MR. PETROV"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Ana Petrova: We Will Wait\n\nThe envoy spoke in Vienna on Monday.\n\nPetrova said that it was late.",
        "By the editors.\n\nAna Petrova: In March, Petrova left for Vienna.\n\nIn May she returned.",
        "ENDING A WAR: The talks began.\n\nThe war was long.\n\nMAKING PEACE: The parties met.\n\nThey made peace.",
    ],
)
def test_a_headline_is_no_label(text: str) -> None:
    assert not _segment(text).turns


def test_a_turn_ends_where_the_speaker_is_told_of() -> None:
    text = "Q: Was it long?\n\nAna Petrova: It was.\n\nIt was late.\n\nPetrova then left for Vienna.\n\nNobody stayed."
    assert [t.span.text for t in _segment(text).turns] == ["It was.", "It was late."]


def test_a_label_that_is_no_person_makes_no_turn() -> None:
    assert not _segment("Type: Analysis\n\nUpdate: They met.\n\nUpdate: They left.").turns


@given(
    st.text(alphabet=st.sampled_from("aA. :?\n\"“”'Q-,9é"), max_size=300).filter(lambda t: any(c.isalnum() for c in t))
)
def test_structure_always_fits_the_text(text: str) -> None:
    document = _segment(text)
    full = document.text
    assert document.sections[0].span.start == 0
    assert document.sections[-1].span.end == len(full)
    for before, after in zip(document.sections, document.sections[1:], strict=False):
        assert before.span.end == after.span.start
    for span in (*document.paragraphs, *document.sentences, *(t.span for t in document.turns)):
        assert full[span.start : span.end] == span.text
        assert span.text
    assert all(a.end <= b.start for a, b in zip(document.sentences, document.sentences[1:], strict=False))
