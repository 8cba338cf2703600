"""What a time expression is relative to: the publication date, the date told last, and the tense of the sentence."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from graph.extract.model import Section
from graph.extract.text import Document
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import day_of, granularity, month_near, year_of
from graph.extract.times.words import alternatives, entries

__all__ = ["Context", "Outline"]

#: How far back and ahead the verb of a clause is looked for, in characters; how far ahead that of a whole sentence.
_BACK, _AHEAD, _FAR_AHEAD = 160, 120, 200
#: How far back the opening quotation mark is looked for, in characters.
_QUOTATION = 5000
#: How near a verb must be to be that of an expression, in characters.
_NEAR = 20
#: Words before a time up to which something is expected.
_DEADLINE = re.compile(
    r"\b(?:as\s(?:soon|early)\sas|no\slater\sthan|until|till|by)\s(?:\d\S*\s(?:[ap]\.m\.\s)?(?:[A-Z]{2,4}\s)?)?\Z"
)
#: What parts clauses.
_CLAUSE = re.compile(
    r"[,;:()\"-]|\b(?:who|which|that|what|after|before|when|where|since|until|and|but|or|as|because|while|though|if|whether|"
    r"said|says)\b"
)
_PLAIN_FUTURE = re.compile(r"\b(?:will|shall|won't|(?:is|are)\s(?:to|due|set|scheduled|expected))\b|'ll\b")
#: Within so many months ahead or back, a month is meant rather than one of another year that is longer away.
_SOON, _JUST_PAST, _LONG = 4, 2, 7
#: How long a heading is at most, in characters.
_HEADING = 60
#: Share of recent dates from which on a text is news.
_HALF = 0.5
#: So many months back in the year, a story has gone on to the next one.
_TURN = 7


@cache
def _tense() -> re.Pattern[str]:
    # A future marker takes what follows it along: "will be held", "scheduled to be signed".
    return re.compile(
        rf"(?P<future>(?:\b(?:{alternatives(w for w in entries('future tense') if not w.startswith(chr(39)))})\b|'ll\b)"
        r"(?:\s(?:not|also|be|been|have|to|for|\w{1,20}ly))*(?:\s\w{1,20}(?:ed|en|eld|et))?"
        rf"|\b(?:{alternatives(entries('asked to'))})\s(?:\S{{1,20}}\s){{0,9}}?to\s[a-z]{{2,20}})"
        rf"|(?P<past>(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?:{alternatives(entries('past tense'))}|[a-z]{{3,20}}ed)\b)"
    )


@cache
def _verb_ahead() -> re.Pattern[str]:
    # Nouns with participles come first there ("the scheduled election"): only verbs that are plainly future count.
    return re.compile(
        r"(?P<future>\b(?:will|won't|shall|would|(?:is|are)\s(?:to|due|set|scheduled|expected)|plans?\sto|intends?\sto)\b|'ll\b)"
        rf"|(?P<past>(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?:{alternatives(entries('past tense'))}|[a-z]{{3,20}}ed)\b)"
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """What dates a section, seen before it is read.

    :param years: offsets and values of the years that it names, in order.
    :param dated: those that stand in a full date.
    :param recent: offsets of what is near the publication: its year, the one before, "yesterday", "Monday".
    :param past: offsets of other full dates and months with a year.
    """

    years: list[tuple[int, int]]
    dated: list[tuple[int, int]]
    recent: list[int]
    past: list[int]


@dataclass
class Context:
    """The state of reading one section from its start to its end."""

    document: Document
    section: Section
    outline: Outline
    last: tuple[str, int] | None = field(default=None)
    finest: tuple[str, int] | None = field(default=None)
    clock: tuple[datetime, int] | None = field(default=None)
    decade: str | None = field(default=None)
    #: The date told last that is where the story stands, not looked back to.
    story: tuple[str, int] | None = field(default=None)

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

    def note(self, value: str, at: int, *, told: bool = True, story: bool = True) -> None:
        """Remember a date that the text has told.

        :param told: later expressions may refer to it; else only to its time of day.
        :param story: the story stands there; else it is looked back to.
        """
        end = value.rpartition("/")[2]
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", end):
            self.clock = (datetime.fromisoformat(end), at)
        if granularity(end) == "decade":
            self.decade = end
        if not told:
            return
        grain = granularity(end)
        if grain in ("day", "month", "year", "season", "week", "half"):
            self.last = (end[:10] if grain == "day" else end, at)
            if story:
                self.story = self.last
            if grain == "day" and not (self.today and end[:10] > self.today):
                self.finest = (end[:10], at)

    def reference(self, at: int) -> str | None:
        """Return what "the following day" follows: the date told last within two paragraphs, else the publication."""
        if self.last and (
            self.published is None
            or self._paragraph(at) - self._paragraph(self.last[1]) <= 2
            or (self.story and self._recent() < _HALF)
        ):
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

    def period_told(self, at: int) -> str | None:
        """Return the quarter or half of a year told last, if in this paragraph or the one before."""
        told = self.told_near(at, 1)
        return told if granularity(told) == "half" else None

    def clock_told(self, at: int, minutes: float) -> str | None:
        """Return the time of day so many minutes after the one told last, if that was in the sentence or before it."""
        if self.clock is None or self._paragraph(at) != self._paragraph(self.clock[1]):
            return None
        return (self.clock[0] + timedelta(minutes=minutes)).isoformat(timespec="minutes")

    def opens_sentence(self, at: int) -> bool:
        """Tell whether an expression stands at the head of its sentence, after at most a preposition."""
        sentence = self.document.sentence_at(at)
        return sentence is None or at - sentence.start <= 12

    def in_heading(self, at: int) -> bool:
        """Tell whether an expression stands in a heading: a short paragraph that is no sentence."""
        paragraph = self.document.paragraph_at(at)
        return paragraph is not None and len(paragraph.text) <= _HEADING and paragraph.text[-1] not in '.!?:;"”'

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
        if _DEADLINE.search(plain, max(lo, start - _NEAR), start) and not re.search(r"\bhad\b", plain[lo:start]):
            return 1
        last = ahead = None  # the verb nearest before it; where there is none, the first one after
        for m in _tense().finditer(plain, lo, start):
            last, ahead = m, m if m.lastgroup == "future" else ahead
        if last is None:
            last = _verb_ahead().search(plain, end, hi)
        if last is not None and last.lastgroup == "past" and ahead is not None:
            # "will redeem preferred shares on": a clause has one finite verb.
            return -1 if _CLAUSE.search(plain, ahead.end(), last.start()) else 1
        return 1 if last is not None and last.lastgroup == "future" else -1

    def month(self, month: int, day: int | None, start: int, end: int) -> tuple[str, Basis]:
        """Return the month, or a day of it, whose year the text does not give, and what it was concluded from."""
        direction = self.direction(start, end)
        if self._is_retrospect(start, end, direction):
            year = self._year_of_story(month, start, end)
            if year is not None:
                return self._in_year(year, month, day), Basis.PASSAGE
        if self.published is None:
            return _unknown(month, day), Basis.UNKNOWN
        found = month_near(self.published, month, direction, day)
        other = month_near(self.published, month, -direction, day)
        plain = self._is_plainly_past(start, end) if direction < 0 else self._is_plainly_ahead(start)
        if (
            not plain
            and other
            and (found is None or self._is_nearer(other, found, _SOON if direction < 0 else _JUST_PAST))
        ):
            # What would be long ago as past is near as future: "the debate on October 15" in a text of October 12.
            found = other
        return (found, Basis.TENSE) if found else (_unknown(month, day), Basis.UNKNOWN)

    def _is_retrospect(self, start: int, end: int, direction: int) -> bool:
        """Tell whether a passage tells of a time long before its publication, or has no publication date."""
        if self.published is None:
            return True
        if direction > 0 and self._is_plainly_ahead(start):
            return False
        story = year_of(self.story[0]) if self.story else self._year_in_sentence(end)
        if story is None or story >= self.published.year:
            return False
        if story < self.published.year - 1 and self._recent() < _HALF:
            return True
        told = year_of(self.told_near(start))
        return direction < 0 and told is not None and told < self.published.year - 1 and self._is_explicit(start, told)

    def _year_of_story(self, month: int, start: int, end: int) -> int | None:
        """Return the year in which the story has a month next, after the date that it told last."""
        if self.story is None or not self._same_sentence(self.story[1], start):
            ahead = self._year_in_sentence(end)
            if ahead is not None:
                return ahead
        year = year_of(self.story[0]) if self.story else None
        if self.story is None or year is None:
            return self._year_ahead(start)
        if granularity(self.story[0]) in ("day", "month") and int(self.story[0][5:7]) - month >= _TURN:
            year += 1  # "in December 1993 ... in January"
        return year

    def _is_nearer(self, one: str, other: str, near: int) -> bool:
        """Tell whether a month is within so many months of the publication, and another one long away."""
        here = self.published
        return here is not None and abs(_months(one, here)) <= near and abs(_months(other, here)) > _LONG

    @staticmethod
    def _in_year(year: int, month: int, day: int | None) -> str:
        return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")

    def _recent(self) -> float:
        """Return which share of what dates a section is near its publication: recent years, "yesterday", "Monday"."""
        recent, past = len(self.outline.recent), len(self.outline.past)
        return recent / (recent + past) if recent + past else 1.0

    def _is_plainly_ahead(self, start: int) -> bool:
        """Tell whether a simple future stands right before: "They will meet in November"."""
        before = self.document.plain[max(0, start - 2 * _NEAR) : start]
        return _PLAIN_FUTURE.search(before) is not None

    def _is_plainly_past(self, start: int, end: int) -> bool:
        """Tell whether a simple past stands right before, or the sentence begins with it: "In November they met"."""
        if self.document.plain.startswith("the ", start):
            return False  # "the Jan. 14 deadline"
        plain, near = self.document.plain, max(0, start - _NEAR)
        if re.search(r"\b(?:by|until|till|to|through|before)\s(?:the\s)?\Z", plain[near:start]):
            return False  # "to be completed by December"
        if any(m.lastgroup == "past" for m in _tense().finditer(plain, near, start)):
            return True
        sentence = self.document.sentence_at(start)
        if sentence is None or start - sentence.start > len("In the "):
            return False
        verb = _verb_ahead().search(plain, end, min(sentence.end, end + _FAR_AHEAD))
        return verb is not None and verb.lastgroup == "past"

    def _same_sentence(self, one: int, other: int) -> bool:
        return self.document.sentence_at(one) == self.document.sentence_at(other)

    def _year_in_sentence(self, end: int) -> int | None:
        """Return the year of the full date that follows in the sentence ("on July 3 ... by October 30, 1993")."""
        index = bisect_right(self.outline.dated, (end, 0))
        if index < len(self.outline.dated) and self._same_sentence(self.outline.dated[index][0], end):
            return self.outline.dated[index][1]
        return None

    def _is_explicit(self, at: int, year: int) -> bool:
        index = bisect_right(self.outline.years, (at, 0))
        return any(y == year for _, y in self.outline.years[max(0, index - 3) : index])

    def _year_ahead(self, at: int) -> int | None:
        index = bisect_right(self.outline.years, (at, 0))
        if index < len(self.outline.years) and self._paragraph(self.outline.years[index][0]) - self._paragraph(at) <= 0:
            return self.outline.years[index][1]
        title = re.findall(r"\b(?:1[5-9]|20)\d\d\b", self.section.title or "")
        return int(title[0]) if len(set(title)) == 1 else None

    def _paragraph(self, at: int) -> int:
        return bisect_right(self.document.paragraphs, at, key=lambda p: p.start)


def _months(value: str, anchor: date) -> int:
    return (int(value[:4]) - anchor.year) * 12 + int(value[5:7]) - anchor.month


def _unknown(month: int, day: int | None) -> str:
    return f"XXXX-{month:02d}" + (f"-{day:02d}" if day else "")
