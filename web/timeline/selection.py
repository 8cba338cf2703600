"""The events that filters leave, or a part of them: for exports, print and the embedded view."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from graph.errors import InputError
from graph.phrase import Phrase
from web.language import gettext as _
from web.paging import count_pages
from web.timeline.filters import Filters
from web.timeline.timeline import Entry
from web.views.shared import Json, View
from web.words import facet_words

__all__ = ["EXPORT_SIZE", "Selection", "by_year", "read_filters", "select_events", "timeline_title"]

#: Most events of one export; the next ones are on its next page.
EXPORT_SIZE = 5000


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of the events that filters leave: dated ones in order, then undated ones.

    :param total: how many events the filters leave.
    :param undated: how many of them have no date.
    :param page: number of this page, from 1.
    :param pages: how many there are; at least 1.
    """

    entries: tuple[Entry, ...]
    total: int
    undated: int
    page: int
    pages: int

    @property
    def whole(self) -> bool:
        """Whether these are all events."""
        return self.pages == 1

    def shown(self, view: View) -> list[Json]:
        """Return the events as lists show them."""
        return [view.event(entry) for entry in self.entries]


def read_filters() -> Filters:
    """Read the filters of the current request.

    :raises InputError: if one makes no sense.
    """
    filters = Filters.read(request.args)
    if filters.problems:
        # They are in the language of the page.
        raise InputError(Phrase("; ".join(filters.problems.values())), Phrase("mend the address of this page"))
    return filters


def select_events(view: View, filters: Filters, size: int) -> Selection:
    """Apply filters, and return the page that they name.

    :param size: most events of a page.
    :raises NotFoundError: if there is no such page.
    """
    found = view.timeline.find(filters)
    pages = count_pages(found.listed, size, filters.page)
    positions = found.page((filters.page - 1) * size, filters.page * size)
    entries = tuple(view.timeline.entries[position] for position in positions)
    return Selection(entries, found.total, len(found.undated), filters.page, pages)


def by_year(events: Sequence[Json]) -> list[Json]:
    """Group events as pages show them: by year of the earliest day that they can be on, undated ones apart."""
    groups: list[Json] = []
    for event in events:
        start = event["when"]["earliest"] or event["when"]["latest"]
        year = str(int(start[:4])) if start else None
        if not groups or groups[-1]["year"] != year:
            groups.append({"year": year, "events": []})
        groups[-1]["events"].append(event)
    return groups


def timeline_title(view: View, filters: Filters) -> str:
    """Return the title of the timeline with these filters."""
    labels = [
        facet_words(facet, value, view.timeline.label(facet, value))
        for facet, values in filters.facets
        for value in values
    ]
    labels += [label for label in (filters.text, _period(filters)) if label]
    if filters.confidence.text:
        labels.append(_("confidence %(least)s", least=filters.confidence.words))
    return _("Timeline: %(filters)s", filters=", ".join(labels)) if labels else _("Timeline of diplomatic events")


def _period(filters: Filters) -> str:
    if filters.from_text and filters.to_text:
        return _("%(first)s to %(last)s", first=filters.from_text, last=filters.to_text)
    if filters.from_text:
        return _("from %(first)s", first=filters.from_text)
    return _("until %(time)s", time=filters.to_text) if filters.to_text else ""
