"""Long lists on the page of a thing: which part of one is shown, and what is looked up for that part alone."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from web.paging import count_pages
from web.queries import Row, number, text
from web.views.quotations import quotations
from web.views.shared import Json, View

__all__ = ["FIRST", "LONGEST", "Part", "claims_part", "natural", "part_of"]

_T = TypeVar("_T")

#: Things of a list on one page.
LONGEST = 100
#: Nobody asked for another page of any list.
FIRST: Mapping[str, int] = MappingProxyType({})


class Part(NamedTuple, Generic[_T]):
    """A page of a list.

    :param total: things on all pages.
    """

    items: Sequence[_T]
    page: int
    pages: int
    total: int

    def described(self, name: str) -> Json:
        """Return where this page stands, as the data of a page has it: ``claims_page``, ``claims_pages`` ..."""
        return {f"{name}_page": self.page, f"{name}_pages": self.pages, f"{name}_total": self.total}


def part_of(every: Sequence[_T], page: int) -> Part[_T]:
    """Return a page of a list.

    :raises NotFoundError: if there is no such page.
    """
    pages = count_pages(len(every), LONGEST, page)
    return Part(every[(page - 1) * LONGEST : page * LONGEST], page, pages, len(every))


def natural(key: str) -> list[tuple[str, int]]:
    """Return what puts report 2 before report 10.

    >>> sorted(["report/10", "report/2"], key=natural)
    ['report/2', 'report/10']
    """
    return [(words, int(digits or 0)) for words, digits in re.findall(r"(\D*)(\d*)", key)]


def claims_part(view: View, rows: Sequence[Row], page: int, article: str | None = None) -> Part[Json]:
    """Return a page of claims, in order of articles and of texts; only what it shows is looked up.

    :param rows: of one of the ``claims_*`` queries.
    :param article: IRI of the article that they are from, where the rows don't say.
    :raises NotFoundError: if there is no such page.
    """
    known = quotations(view.snapshot)
    # What several articles quote is one claim: they stand together.
    groups: dict[str, list[Row]] = {}
    order: dict[str, tuple[str, str, list[tuple[str, int]]]] = {}
    for row in rows:
        key = view.iris.key(row["claim"].value)
        if key is None or not view.minimum.admits(number(row, "confidence")):
            continue
        source = view.iris.key(text(row, "article") or article or "") or ""
        printed = view.printed(source) if source.startswith("article/") else {}
        first = known.first(key)
        place = (printed.get("published") or "9999", source, natural(key))
        groups.setdefault(first, []).append(row)
        order[first] = min(place, order.get(first, place))
    part = part_of(sorted(groups, key=order.__getitem__), page)
    shown = view.claims([row for first in part.items for row in groups[first]], article)
    return Part(shown, part.page, part.pages, part.total)
