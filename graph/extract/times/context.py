"""What a time expression is relative to: the publication date, the date told last, and the tense of the sentence."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from graph.extract.model import Section
from graph.extract.text import Document
from graph.extract.times.calendar import granularity, month_near, year_of
from graph.extract.times.words import alternatives, entries

__all__ = ["Context"]

#: How far back and ahead the verb of a clause is looked for, in characters.
_BACK, _AHEAD = 160, 120


@cache
def _tense() -> re.Pattern[str]:
    # A future marker takes what follows it along: "will be held", "scheduled to be signed".
    return re.compile(
        rf"(?P<future>(?:\b(?:{alternatives(w for w in entries('future tense') if not w.startswith(chr(39)))})\b|'ll\b)"
        r"(?:\s(?:not|also|be|been|have|to|for|\w{1,20}ly))*(?:\s\w{1,20}(?:ed|en|eld|et))?)"
        rf"|(?P<past>\b(?:{alternatives(entries('past tense'))}|[a-z]{{3,20}}ed)\b)"
    )


@dataclass
class Context:
    """The state of reading one section from its start to its end.

    :param years: offsets and values of the years that the text names, in order.
    """

    document: Document
    section: Section
    years: list[tuple[int, int]]
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

    def note(self, value: str, at: int) -> None:
        """Remember a date that the text has told."""
        end = value.rpartition("/")[2]
        grain = granularity(end)
        if grain in ("day", "month", "year", "season", "week", "half"):
            self.last = (end[:10] if grain == "day" else end, at)
            if grain == "day":
                self.finest = (end[:10], at)

    def reference(self, at: int) -> str | None:
        """Return what "the following day" follows: the date told last in this or the last two paragraphs, else the publication."""
        if self.last and (self.published is None or self._paragraph(at) - self._paragraph(self.last[1]) <= 2):
            return self.last[0]
        return self.today

    def told_near(self, at: int, paragraphs: int = 0) -> str | None:
        """Return the date told last if that was at most so many paragraphs before."""
        if self.last and self._paragraph(at) - self._paragraph(self.last[1]) <= paragraphs:
            return self.last[0]
        return None

    def day_near(self, at: int) -> str | None:
        """Return the day that a time of day is of: the last day told in the paragraph, else the publication day."""
        if self.finest and self._paragraph(at) - self._paragraph(self.finest[1]) <= (0 if self.published else 1):
            return self.finest[0]
        return self.today or (self.finest[0] if self.finest else None)

    def direction(self, start: int, end: int) -> int:
        """Return 1 if the clause around an expression looks ahead, -1 if back."""
        sentence = self.document.sentence_at(start)
        lo = max(sentence.start if sentence else 0, start - _BACK)
        hi = min(sentence.end if sentence else end, end + _AHEAD)
        plain = self.document.plain
        last = None
        for m in _tense().finditer(plain, lo, start):
            last = m
        if last is None:
            last = _tense().search(plain, end, hi)
        return 1 if last is not None and last.lastgroup == "future" else -1

    def month(self, month: int, day: int | None, start: int, end: int) -> tuple[str, float]:
        """Return the month, or a day of it, whose year the text does not give, and how sure that is."""
        told = self.told_near(start)
        told_year = year_of(told)
        if self.published and not (told_year and told_year < self.published.year - 1 and self._is_explicit(start, told_year)):
            direction = self.direction(start, end)
            found = month_near(self.published, month, direction, day)
            return (found, 0.8) if found else (_unknown(month, day), 0.3)
        year = told_year or year_of(self.last[0] if self.last else None) or self._year_ahead(start)
        if year is None:
            return _unknown(month, day), 0.3
        reference = self.last[0] if self.last else ""
        if granularity(reference) in ("day", "month") and int(reference[5:7]) - month >= 7 and told is not None:
            year += 1  # "in December 1993 ... in January"
        return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else ""), 0.7

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


def _unknown(month: int, day: int | None) -> str:
    return f"XXXX-{month:02d}" + (f"-{day:02d}" if day else "")
