"""The text of an article taken apart: sections, paragraphs, sentences, tokens, interview turns."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from graph.article import Article
from graph.extract.model import Section, Span
from graph.extract.sections import find_sections
from graph.extract.turns import Turn, find_turns

__all__ = ["Document", "Turn", "segment", "to_plain"]


@dataclass(frozen=True)
class Document:
    """An article with its structure. All spans count code points of ``article.text``.

    :param sections: in order, not overlapping, covering all text; the first is the body (more of it may
        follow a list of related items).
    :param paragraphs: blocks between line breaks, without surrounding white space.
    :param sentences: in order; each lies within one paragraph.
    :param turns: in order; one per paragraph that is spoken in an interview or transcript.
    """

    article: Article
    sections: tuple[Section, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    turns: tuple[Turn, ...] = ()

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    @cached_property
    def plain(self) -> str:
        """The text with typographic quotes, dashes and spaces mapped to plain ones, one code point to one."""
        return to_plain(self.text)

    def section_at(self, offset: int) -> Section:
        """Return the section that an offset is in."""
        return self.sections[max(0, bisect_right(self.sections, offset, key=lambda s: s.span.start) - 1)]

    def sentence_at(self, offset: int) -> Span | None:
        """Return the sentence that an offset is in, if any."""
        index = bisect_right(self.sentences, offset, key=lambda s: s.start) - 1
        return self.sentences[index] if index >= 0 and offset < self.sentences[index].end else None

    def paragraph_at(self, offset: int) -> Span | None:
        """Return the paragraph that an offset is in, if any."""
        index = bisect_right(self.paragraphs, offset, key=lambda s: s.start) - 1
        return self.paragraphs[index] if index >= 0 and offset < self.paragraphs[index].end else None


_PLAIN = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-",
                        "‐": "-", "‑": "-", "—": "-", "−": "-",
                        "\u00a0": " ", "\u2009": " ", "\u202f": " "})  # fmt: skip


def to_plain(text: str) -> str:
    """Map typographic quotes, dashes and spaces to plain ones, one code point to one; '' becomes a mark and a space."""
    return text.translate(_PLAIN).replace("''", '" ').replace("``", '" ')


_PARAGRAPH = re.compile(r"[^\n]+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Sgt|Adm|Capt|Rep|Sen|Gov|Amb|Rev|Hon|St|Jr|Sr|vs|No|Nos|Inc|Corp|Co|Ltd"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Art|Vol|Fig|approx|ca|etc|e\.g|i\.e)|\b[A-Z]|\b[ap]\.m|\bU\.[SKN])\.$"
)
_BREAK = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")


def segment(article: Article) -> Document:
    """Take an article's text apart.

    >>> [s.text for s in segment(Article.create("Mr. Kim met U.S. officials. They talked.")).sentences]
    ['Mr. Kim met U.S. officials.', 'They talked.']
    """
    text = article.text
    paragraphs = tuple(
        Span.of(text, m.start() + len(m.group()) - len(m.group().lstrip()), m.start() + len(m.group().rstrip()))
        for m in _PARAGRAPH.finditer(text)
        if m.group().strip()
    )
    sentences = tuple(s for p in paragraphs for s in _sentences(text, p))
    sections = find_sections(article, paragraphs)
    return Document(article, sections, paragraphs, sentences, find_turns(text, paragraphs, sections))


def _sentences(text: str, paragraph: Span) -> list[Span]:
    found, start = [], paragraph.start
    for m in _BREAK.finditer(text, paragraph.start, paragraph.end):
        following = text[m.end() : m.end() + 3].lstrip()[:1]
        head = text[max(start, m.start() - 12) : m.start() + 1]
        if following.islower() or (m.group() == "." and _ABBREVIATION.search(head)):
            continue
        found.append(Span.of(text, start, m.end()))
        start = m.end() + len(text[m.end() : paragraph.end]) - len(text[m.end() : paragraph.end].lstrip())
    if start < paragraph.end:
        found.append(Span.of(text, start, paragraph.end))
    return found
