"""Markdown becomes text, and text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import normalize
from graph.sources.markdown import headline, plain, unwrap


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Talks", "Talks"),
        ("### Talks ###", "Talks"),
        ("# C# and F#", "C# and F#"),
        ("Talks\n=====\nThey met.", "Talks\nThey met."),
        ("They **met** and *talked* in __two__ _rooms_.", "They met and talked in two rooms."),
        ("***Both*** met.", "Both met."),
        ('They met in [Lutz](https://lutz.example/a_(b) "a town").', "They met in Lutz."),
        ("They met in [Lutz](../lutz.md) and [here](#top).", "They met in Lutz and here."),
        ("See [Lutz][1] and [Lutz].\n\n[1]: https://lutz.example/\n", "See Lutz and [Lutz].\n\n"),
        ("A picture ![of Lutz](a.png) here", "A picture  here"),
        ("<https://lutz.example/>", "https://lutz.example/"),
        ("> They met.\n>\n> They talked.", "They met.\n\nThey talked."),
        ("They met.<!-- check\nthis -->", "They met."),
        ("AT&amp;T, caf&eacute;, &#8220;so&#x201D;", "AT&T, café, “so”"),
        (r"3 \* 4 \[sic\]", "3 * 4 [sic]"),
    ],
)
def test_markup_goes_and_words_stay(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@pytest.mark.parametrize(
    "text",
    [
        "They met.\n\nThey talked.",
        "- One\n- Two\n* Three\n1. Four",
        "They [the ministers](laughter) met [sic].",
        "3 * 4 * 5, a_b_c, snake_case_name",
        "Item #1 costs #5 & more; AT&T &copy no.",
        "x < y > z and a -> b",
        "###",
        "-----",
        "“Quoted,” she said: ‘No’.",
        "2 ** 3 ** 4",
        "a footnote* and another*",
    ],
)
def test_plain_text_is_left_alone(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet=st.characters(exclude_characters="#*_[]<>&\\!=:"), max_size=400))
def test_text_without_marks_is_left_alone(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet="ab #*_[]()<>&\\!=:-.\n/", max_size=200))
def test_no_letter_outside_an_address_is_lost(text: str) -> None:
    without_targets = text.replace("](", "] (").replace("<", "").replace("&", "").replace("]:", "] :")
    assert [c for c in plain(without_targets) if c in "ab"] == [c for c in without_targets if c in "ab"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part",
    [
        "<!--",
        "<!-- a -->",
        "[",
        "[a](",
        "[a](x(y)",
        "![a](b",
        "*a ",
        "**a ",
        "_a ",
        "# a ",
        "> ",
        "&a",
        "\\",
        "[a]: b",
        " ",
        "a: ",
        "\t",
    ],
)
def test_no_text_takes_for_ever(part: str) -> None:
    text = "a" + part * (600_000 // len(part)) + "b"
    assert unwrap(plain(text))
    assert unwrap(plain("# a\n# b" + part * 100_000 + "c"))
    headline("# a" + part * 100_000)
    assert normalize(text)


def test_a_headline_is_taken_off() -> None:
    assert headline("\n# The *talks*\n\nThey met.") == ("The talks", "\nThey met.")
    assert headline("They met.\n# Talks") is None
    assert headline("## Talks\n") is None


WRAPPED = """The foreign ministers of Zubrowka and Freedonia met in the
town of Lutz on Monday for talks about the border of their
countries.

- The first point of the joint statement is long enough that
- the second one follows it.

Ana Petrova: We met in Lutz and the talks have been useful I
Jan Novy: That is so."""


def test_wrapped_lines_are_joined_and_offsets_stay() -> None:
    text = unwrap(WRAPPED)
    assert len(text) == len(WRAPPED)
    assert text.split("\n")[0].endswith("border of their countries.")
    assert text.split("\n")[2:4] == WRAPPED.split("\n")[4:6]
    assert text.split("\n")[-1] == "Jan Novy: That is so."


@pytest.mark.parametrize(
    "text",
    [
        "Short lines\nof a poem\nstay.",
        "A first paragraph that is much longer than anyone would wrap a line at, " * 3 + "\nA second one.",
        "One paragraph to a line, and this is the longest one of them.\nThe second one.\nThe third one is short, too.",
        "",
    ],
)
def test_other_line_breaks_stay(text: str) -> None:
    assert unwrap(text) == text


@given(st.text(alphabet="ab \n", max_size=600))
def test_joining_changes_line_breaks_only(text: str) -> None:
    joined = unwrap(text)
    assert len(joined) == len(text)
    assert all(new == old or (old, new) == ("\n", " ") for old, new in zip(text, joined, strict=True))
