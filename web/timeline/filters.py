"""The filters of the timeline, read from the query string: all state is in the URL."""

import calendar
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from graph.errors import InputError
from graph.index import FACETS, Question
from web.language import gettext as _
from web.paging import page_number
from web.timeline.confidence import ANY, Minimum
from web.words import month_in_words

__all__ = ["FACETS", "LANES", "PAGE_SIZE", "Filters", "bound"]

#: Events on one page.
PAGE_SIZE = 50
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
#: The facets whose values can each have a lane of their own.
LANES = ("person", "place")
_ORDERS = ("asc", "desc", "relevance")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for.

    :param facets: facet -> chosen values, in the order given.
    :param from_text: first day as written: ``2019``, ``2019-06`` or ``2019-06-30``.
    :param to_text: last day as written.
    :param text: what labels, names and quoted words must hold: words, "phrases" and prefix*.
    :param confidence: the least that an event must have.
    :param order: ``asc``, ``desc`` or ``relevance``.
    :param group: the facet that lanes are drawn of; empty for none.
    :param page: counts from 1.
    :param problems: what could not be understood, in words, by field.
    """

    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    from_text: str = ""
    to_text: str = ""
    start: date | None = None
    end: date | None = None
    text: str = ""
    confidence: Minimum = ANY
    order: str = "asc"
    group: str = ""
    page: int = 1
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        """Read filters from a query string. What is wrong is told in ``problems``; the filter is then left out.

        >>> Filters.read(MultiDict({"from": "2019-06"})).start
        datetime.date(2019, 6, 1)
        >>> Filters.read(MultiDict({"to": "2019-13"})).problems
        {'to': '“2019-13” is no date: there is no month 13'}
        """
        problems: dict[str, str] = {}
        bounds: dict[str, date | None] = {}
        for name in ("from", "to"):
            try:
                bounds[name] = bound(values.get(name, "").strip(), last=name == "to")
            except ValueError as error:
                bounds[name] = None
                problems[name] = str(error)
        start, end = bounds["from"], bounds["to"]
        if start and end and start > end:
            problems["from"] = _(
                "“%(first)s” is after “%(last)s”", first=values["from"].strip(), last=values["to"].strip()
            )
            start = end = None
        confidence = ANY
        try:
            confidence = Minimum.read(values.get("confidence", ""))
        except ValueError as error:
            problems["confidence"] = str(error)
        page, asked = 1, values.get("page", "").strip()
        if asked:
            try:
                page = page_number(asked)
            except InputError:
                problems["page"] = _("“%(text)s” is no page number", text=asked[:40])
        order = values.get("sort", "").strip() or "asc"
        if order not in _ORDERS:
            problems["sort"] = _(
                "“%(text)s” is no order: it is asc (earliest first), desc or relevance", text=order[:40]
            )
            order = "asc"
        group = values.get("group", "").strip()
        if group and group not in LANES:
            problems["group"] = _("“%(text)s” is nothing to group by: it is person or place", text=group[:40])
            group = ""
        facets = tuple(
            (name, tuple(dict.fromkeys(v for v in map(str.strip, values.getlist(name)) if v)))
            for name in FACETS
            if any(v.strip() for v in values.getlist(name))
        )
        return cls(
            facets=facets,
            from_text=values.get("from", "").strip(),
            to_text=values.get("to", "").strip(),
            start=start,
            end=end,
            text=" ".join(values.get("q", "").split())[:200],
            confidence=confidence,
            order=order,
            group=group,
            page=page,
            problems=problems,
        )

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        return dict(self.facets).get(facet, ())

    @property
    def question(self) -> Question:
        """What is searched for."""
        return Question.read(self.text)

    @property
    def descending(self) -> bool:
        """Whether the latest come first."""
        return self.order == "desc"

    @property
    def by_relevance(self) -> bool:
        """Whether the best answers to the search come first; without a search, events are in order of time."""
        return self.order == "relevance" and bool(self.question.parts)

    def pairs(self, page: int = 1) -> list[tuple[str, str]]:
        """Return the filters as the pairs of a query string, for another page."""
        pairs = [(facet, value) for facet, values in self.facets for value in values]
        if self.text:
            pairs.append(("q", self.text))
        if self.from_text:
            pairs.append(("from", self.from_text))
        if self.to_text:
            pairs.append(("to", self.to_text))
        pairs += self.confidence.pairs
        if self.order != "asc":
            pairs.append(("sort", self.order))
        if self.group:
            pairs.append(("group", self.group))
        if page != 1:
            pairs.append(("page", str(page)))
        return pairs

    def given(self) -> dict[str, list[str]]:
        """Return the filters by name, each with all its values."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs():
            found.setdefault(name, []).append(value)
        return found

    def without(self, facet: str, value: str) -> Self:
        """Return the filters without one value of a facet."""
        left = tuple((f, tuple(v for v in vs if (f, v) != (facet, value))) for f, vs in self.facets)
        return replace(self, facets=tuple((f, vs) for f, vs in left if vs), page=1)

    def having(self, facet: str, value: str) -> Self:
        """Return the filters with one value more of a facet."""
        chosen = dict(self.facets)
        chosen[facet] = tuple(dict.fromkeys([*chosen.get(facet, ()), value]))
        return replace(self, facets=tuple((name, chosen[name]) for name in FACETS if name in chosen), page=1)

    def with_facets(self, facets: tuple[tuple[str, tuple[str, ...]], ...]) -> Self:
        """Return the filters with other chosen values."""
        return replace(self, facets=facets)

    def between(self, first: str, last: str) -> Self:
        """Return the filters with another range of dates, written as in an address; empty for no bound."""
        start, end = bound(first, last=False), bound(last, last=True)
        return replace(self, from_text=first, to_text=last, start=start, end=end, page=1)


def bound(text: str, *, last: bool) -> date | None:
    """Return the first or last day that a date means.

    :raises ValueError: with words for the reader, if it is no date.
    """
    if not text:
        return None
    shown = text[:40]
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(_("“%(text)s” is no date: write 2019, 2019-06 or 2019-06-30", text=shown))
    year = int(match[1])
    month = int(match[2]) if match[2] else (12 if last else 1)
    if year == 0:
        raise ValueError(_("“%(text)s” is no date: there is no year 0", text=shown))
    if not 1 <= month <= 12:
        raise ValueError(_("“%(text)s” is no date: there is no month %(month)s", text=shown, month=match[2]))
    days = calendar.monthrange(year, month)[1]
    number = int(match[3]) if match[3] else (days if last else 1)
    if not 1 <= number <= days:
        inside = month_in_words(year, month)
        raise ValueError(_("“%(text)s” is no date: %(month)s has %(days)s days", text=shown, month=inside, days=days))
    return date(year, month, number)
