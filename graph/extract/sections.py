"""Sections of an article: its body, and the related items printed below it, each with a date of its own.

A list of related items is recognised by its build, not by its publisher: a short heading of the kind "Related ...",
then items of a title (often printed twice) and a line with nothing but a date; after that a teaser, a line
``Type: ...`` and a line of topics, each of which may be missing.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from graph.article import Article
from graph.extract.lexicon import read_sections
from graph.extract.model import Section, Span

__all__ = ["find_sections", "parse_date_line", "split_topics"]

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATES = tuple(
    re.compile(rf"{lead}{pattern}", re.IGNORECASE)
    for lead in (rf"(?:(?:published|posted|updated)(?:\s+on)?:?\s+)?{_WEEKDAY}",)
    for pattern in (
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
    )
)
_LONGEST_DATE, _LONGEST_TITLE, _LONGEST_TOPICS = 48, 300, 200
_TYPE = re.compile(r"(?:Type|Format|Content type|Category)\s*:\s*(?P<genre>[^\n:]{2,60})", re.IGNORECASE)
_TOPICS = re.compile(r"(?:Topics?|Tags?|Keywords?|Issues?)\s*:\s*", re.IGNORECASE)
_GLUE = re.compile(r"(?<=[a-z)])(?=[A-Z])")
#: Words with a capital inside that are one word.
_CAMEL = re.compile(
    r"\b(?:Ma?c|De|La|Le|Van|Di|Fitz|O)\Z|\b[A-Z]?[a-z]{1,2}\Z|\b(?:You|Face|Linked|Tik|Whats|Git|Eco)\Z"
)


def parse_date_line(line: str) -> date | None:
    """Return the date of a line that holds nothing but a date, with or without its weekday.

    >>> parse_date_line("Thursday, November 21, 2024"), parse_date_line("They met on November 21, 2024")
    (datetime.date(2024, 11, 21), None)
    """
    line = line.strip()
    if len(line) > _LONGEST_DATE:
        return None
    for pattern in _DATES:
        if m := pattern.fullmatch(line):
            parts = m.groupdict()
            month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
            try:
                return date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
    return None


def split_topics(line: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Part a line of topics, whose parting signs may have been lost.

    :param known: topics that stand alone elsewhere: where the line begins or ends with one, it is parted there.

    >>> split_topics("Conflict Analysis & PreventionGlobal Policy"), split_topics("Peace; YouTube, McCarthy")
    (('Conflict Analysis & Prevention', 'Global Policy'), ('Peace', 'YouTube', 'McCarthy'))
    """
    line = _TOPICS.sub("", line, count=1)
    parts = [p.strip() for p in re.split(r"[;|•·]|,\s", line)]
    found: list[str] = []
    for part in parts:
        start = 0
        for m in _GLUE.finditer(part):
            left, right = part[start : m.start()], part[m.start() :]
            sure = left.strip() in known or right.strip() in known
            if sure or not _CAMEL.search(left):
                found.append(left)
                start = m.start()
        found.append(part[start:])
    return tuple(dict.fromkeys(p.strip() for p in found if p.strip()))


def find_sections(article: Article, paragraphs: Sequence[Span]) -> tuple[Section, ...]:
    """Part an article into its body and the related items below it; they are in order and cover all text."""
    text = article.text
    starts = _items(paragraphs)
    whole = Section("body", Span.of(text, 0, len(text)), article.title, article.published)
    if not starts:
        return (whole,)
    end = _end(paragraphs, starts[-1][1])
    bounds = [paragraphs[i].start for i, _ in starts] + [paragraphs[end].start if end < len(paragraphs) else len(text)]
    lines = [p.text.strip() for p in paragraphs]
    known = frozenset(
        line
        for i, line in enumerate(lines)
        if i > starts[0][0] and _TYPE.fullmatch(lines[i - 1]) and not _GLUE.search(line)
    )
    sections = [Section("body", Span.of(text, 0, bounds[0]), article.title, article.published)]
    for n, (_, dated) in enumerate(starts):
        last = starts[n + 1][0] if n + 1 < len(starts) else end
        span = Span.of(text, bounds[n], bounds[n + 1])
        sections.append(_item(lines, dated, last, span, known))
    if bounds[-1] < len(text):
        sections.append(Section("body", Span.of(text, bounds[-1], len(text)), article.title, article.published))
    return tuple(s for s in sections if s.span.start < s.span.end or s is sections[0])


def _items(paragraphs: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the numbers of the first paragraph and of the date line of each related item."""
    heading = next(
        (i for i, p in enumerate(paragraphs) if i and _is_heading(p.text) and _opens_list(paragraphs, i)), None
    )
    if heading is None:
        return []
    found: list[tuple[int, int]] = []
    for i in range(heading + 2, len(paragraphs)):
        if parse_date_line(paragraphs[i].text) is None or not _is_title(paragraphs[i - 1].text):
            continue
        title = _fold(paragraphs[i - 1].text)
        first = i - 2 if i - 2 > heading and _fold(paragraphs[i - 2].text) == title else i - 1
        if not found or first > found[-1][1]:
            found.append((first, i))
    return found


def _is_heading(line: str) -> bool:
    words = line.strip().rstrip(":").casefold()
    if len(words) > 60 or words.endswith((".", "?", "!", ",")):
        return False
    known = _related_headings()
    return words in known or any(
        words.startswith(f"{k} ") for k in known if k.startswith(("more", "related", "latest"))
    )


def _opens_list(paragraphs: Sequence[Span], heading: int) -> bool:
    """Tell whether a title and a date line follow within four paragraphs."""
    after = [p.text for p in paragraphs[heading + 1 : heading + 5]]
    return any(parse_date_line(b) is not None and _is_title(a) for a, b in pairwise(after))


def _is_title(line: str) -> bool:
    line = line.strip()
    return 0 < len(line) <= _LONGEST_TITLE and not line.endswith((".", ":")) and parse_date_line(line) is None


def _end(paragraphs: Sequence[Span], dated: int) -> int:
    """Return the number of the paragraph after the last item: after its topics, or where the list's footer stands."""
    typed = False
    for i in range(dated + 1, len(paragraphs)):
        line = paragraphs[i].text.strip()
        if len(line) < 60 and line.casefold().startswith(_list_ends()):
            return i + 1
        if typed and len(line) > _LONGEST_TOPICS:
            return i
        typed = typed or bool(_TYPE.fullmatch(line))
    return len(paragraphs)


def _item(lines: Sequence[str], dated: int, end: int, span: Span, known: frozenset[str]) -> Section:
    genre: str | None = None
    keywords: tuple[str, ...] = ()
    teaser: list[str] = []
    typed = False
    for line in lines[dated + 1 : end]:
        if line.casefold().startswith(_list_ends()) and len(line) < 60:
            continue
        if m := _TYPE.fullmatch(line):
            genre, typed = m["genre"].strip(), True
        elif (typed or _TOPICS.match(line)) and not keywords and len(line) <= _LONGEST_TOPICS and line[-1] not in ".!?":
            keywords = split_topics(line, known)
        elif (not line.casefold().startswith("by:") and line[-1] in ".!?…\"”'’)") or len(line.split()) > 12:
            teaser.append(line)
    return Section(
        "related", span, lines[dated - 1], parse_date_line(lines[dated]), genre, keywords, "\n".join(teaser) or None
    )


def _fold(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()


def _month(word: str) -> int:
    low = word.casefold()
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(low) or (low == "sept" and n == 9)), 0)


@cache
def _related_headings() -> frozenset[str]:
    return frozenset(read_sections("structure.txt")["related heading"])


@cache
def _list_ends() -> tuple[str, ...]:
    return tuple(read_sections("structure.txt")["related end"])
