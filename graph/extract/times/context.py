"""What a time expression is relative to: the publication date, the date told last, and the tense of the sentence."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from graph.extract.model import Section
from graph.extract.text import Document
from graph.extract.times.calendar import day_of, granularity, month_near, year_of
from graph.extract.times.words import alternatives, entries

__all__ = ["Context"]

#: How far back and ahead the verb of a clause is looked for, in characters.
_BACK, _AHEAD = 160, 120
#: How far back the opening quotation mark is looked for, in characters.
_QUOTATION = 5000
#: How near a verb must be to be that of an expression, in characters.
_NEAR = 20
#: Share of recent dates from which on a text is news.
_HALF = 0.5


@cache
def _tense() -> re.Pattern[str]:
    # A future marker takes what follows it along: "will be held", "scheduled to be signed".
    return re.compile(
        rf"(?P<future>(?:\b(?:{alternatives(w for w in entries('future tense') if not w.startswith(chr(39)))})\b|'ll\b)"
        r"(?:\s(?:not|also|be|been|have|to|for|\w{1,20}ly))*(?:\s\w{1,20}(?:ed|en|eld|et))?)"
        rf"|(?P<past>\b(?:{alternatives(entries('past tense'))}|[a-z]{{3,20}}ed)\b)"
    )


@cache
def _verb_ahead() -> re.Pattern[str]:
    # Nouns with participles come first there ("the scheduled election"): only verbs that are plainly future count.
    return re.compile(
        r"(?P<future>\b(?:will|won't|shall|would|(?:is|are)\s(?:to|due|set|scheduled|expected)|plans?\sto|intends?\sto)\b|'ll\b)"
        rf"|(?P<past>\b(?:{alternatives(entries('past tense'))}|[a-z]{{3,20}}ed)\b)"
    )


@dataclass
class Context:
    """The state of reading one section from its start to its end.

    :param years: offsets and values of the years that the text names, in order.
    :param dated_years: those that stand in a full date.
    :param told_years: those that stand in a full date or behind the name of a month.
    """

    document: Document
    section: Section
    years: list[tuple[int, int]]
    dated_years: list[tuple[int, int]]
    told_years: list[tuple[int, int]] = field(default_factory=list)
    last: tuple[str, int] | None = field(default=None)
    finest: tuple[str, int] | None = field(default=None)

    @property
    def published(self) -> date | None:
        """The date against which relative expressions are resolved."""
        return self.section.published

    @property
    def today(self) -> str | None:
        """The publication date as a value."""
        return str(self.published) if self.published else None

    def today_at(self, at: int) -> str | None:
        """Return the day that "today" means: in a quotation the day told last, if shortly before the publication."""
        told = day_of(self.finest[0]) if self.finest else None
        if told and self.published and self.finest and 0 < (self.published - told).days <= 3:
            paragraph = self.document.paragraph_at(at)
            if (
                paragraph
                and self.document.plain.count('"', max(paragraph.start, at - _QUOTATION), at) % 2
                and self._paragraph(at) - self._paragraph(self.finest[1]) <= 1
            ):
                return str(told)
        return self.today

    def note(self, value: str, at: int) -> None:
        """Remember a date that the text has told."""
        end = value.rpartition("/")[2]
        grain = granularity(end)
        if grain in ("day", "month", "year", "season", "week", "half"):
            self.last = (end[:10] if grain == "day" else end, at)
            if grain == "day" and not (self.today and end[:10] > self.today):
                self.finest = (end[:10], at)

    def reference(self, at: int) -> str | None:
        """Return what "the following day" follows: the date told last within two paragraphs, else the publication."""
        if self.last and (self.published is None or self._paragraph(at) - self._paragraph(self.last[1]) <= 2):
            return self.last[0]
        return self.today

    def told_near(self, at: int, paragraphs: int = 0) -> str | None:
        """Return the date told last if that was at most so many paragraphs before."""
        if self.last and self._paragraph(at) - self._paragraph(self.last[1]) <= paragraphs:
            return self.last[0]
        return None

    def day_told(self, at: int) -> str | None:
        """Return the last day told, not after the publication, within two paragraphs."""
        return self.finest[0] if self.finest and self._paragraph(at) - self._paragraph(self.finest[1]) <= 2 else None

    def opens_sentence(self, at: int) -> bool:
        """Tell whether an expression stands at the head of its sentence, after at most a preposition."""
        sentence = self.document.sentence_at(at)
        return sentence is None or at - sentence.start <= 12

    def day_near(self, at: int) -> str | None:
        """Return the day that a time of day is of: the last day told in the paragraph, else the publication day."""
        if self.finest and self._paragraph(at) - self._paragraph(self.finest[1]) <= 4:
            return self.finest[0]
        return self.today or (self.finest[0] if self.finest else None)

    def direction(self, start: int, end: int) -> int:
        """Return 1 if the clause around an expression looks ahead, -1 if back."""
        sentence = self.document.sentence_at(start)
        lo = max(sentence.start if sentence else 0, start - _BACK)
        hi = min(sentence.end if sentence else end, end + _AHEAD)
        plain = self.document.plain
        last = None  # the verb nearest before it; where there is none, the first one after
        for m in _tense().finditer(plain, lo, start):
            last = m
        if last is None:
            last = _verb_ahead().search(plain, end, hi)
        return 1 if last is not None and last.lastgroup == "future" else -1

    def month(self, month: int, day: int | None, start: int, end: int) -> tuple[str, float]:
        """Return the month, or a day of it, whose year the text does not give, and how sure that is."""
        told = self.told_near(start)
        told_year = year_of(told)
        retrospect = self._year_of_passage(start)
        if retrospect is not None and self._year_in_sentence(end) is None:
            return self._in_year(retrospect, month, day), 0.75
        direction = self.direction(start, end)
        back = (
            told_year
            and self.published
            and told_year < self.published.year - 1
            and self._is_explicit(start, told_year)
            and self._of_today() <= _HALF
        )
        if self.published and (direction > 0 or not back):
            found = month_near(self.published, month, direction, day)
            if direction < 0 and not self._is_plainly_past(start):
                # What would be long ago as past is near as future: "the debate on October 15" in a text of October 12.
                ahead = month_near(self.published, month, 1, day)
                if ahead and (
                    found is None or (_months(found, self.published) < -7 and _months(ahead, self.published) <= 4)
                ):
                    found = ahead
            return (found, 0.8) if found else (_unknown(month, day), 0.3)
        if told_year is None or self.last is None or not self._same_sentence(self.last[1], start):
            year_ahead = self._year_in_sentence(end)
            if year_ahead is not None:
                return self._in_year(year_ahead, month, day), 0.7
        year = told_year or year_of(self.last[0] if self.last else None) or self._year_ahead(start)
        if year is None:
            return _unknown(month, day), 0.3
        reference = self.last[0] if self.last else ""
        if granularity(reference) in ("day", "month") and int(reference[5:7]) - month >= 7 and told is not None:
            year += 1  # "in December 1993 ... in January"
        return self._in_year(year, month, day), 0.7

    @staticmethod
    def _in_year(year: int, month: int, day: int | None) -> str:
        return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")

    def _year_of_passage(self, start: int) -> int | None:
        """Return the year that a passage tells of, if that is long past: the one of the nearest full date before.

        Only where the dates of the section are mostly of such years: news keep to their own year.
        """
        at = bisect_right(self.told_years, (start, 0))
        if self.published is None or not at or self.told_years[at - 1][0] < self.section.span.start:
            return None
        year = self.told_years[at - 1][1]
        return year if year < self.published.year - 1 and self._of_today() < _HALF else None

    def _of_today(self) -> float:
        """Return which share of the full dates of a section is of the year of its publication, or the one before."""
        lo = bisect_left(self.told_years, (self.section.span.start, 0))
        hi = bisect_left(self.told_years, (self.section.span.end, 0))
        year = self.published.year if self.published else 0
        return sum(told >= year - 1 for _, told in self.told_years[lo:hi]) / (hi - lo) if hi > lo else 0.0

    def _is_plainly_past(self, start: int) -> bool:
        """Tell whether a simple past stands right before: "They met in November"."""
        before = self.document.plain[max(0, start - _NEAR) : start]
        return any(m.lastgroup == "past" for m in _tense().finditer(before))

    def _same_sentence(self, one: int, other: int) -> bool:
        return self.document.sentence_at(one) == self.document.sentence_at(other)

    def _year_in_sentence(self, end: int) -> int | None:
        """Return the year of the full date that follows in the sentence ("on July 3 ... by October 30, 1993")."""
        index = bisect_right(self.dated_years, (end, 0))
        if index < len(self.dated_years) and self._same_sentence(self.dated_years[index][0], end):
            return self.dated_years[index][1]
        return None

    def _is_explicit(self, at: int, year: int) -> bool:
        index = bisect_right(self.years, (at, 0))
        return any(y == year for _, y in self.years[max(0, index - 3) : index])

    def _year_ahead(self, at: int) -> int | None:
        index = bisect_right(self.years, (at, 0))
        if index < len(self.years) and self._paragraph(self.years[index][0]) - self._paragraph(at) <= 0:
            return self.years[index][1]
        title = re.findall(r"\b(?:1[5-9]|20)\d\d\b", self.section.title or "")
        return int(title[0]) if len(set(title)) == 1 else None

    def _paragraph(self, at: int) -> int:
        return bisect_right(self.document.paragraphs, at, key=lambda p: p.start)


def _months(value: str, anchor: date) -> int:
    return (int(value[:4]) - anchor.year) * 12 + int(value[5:7]) - anchor.month


def _unknown(month: int, day: int | None) -> str:
    return f"XXXX-{month:02d}" + (f"-{day:02d}" if day else "")
