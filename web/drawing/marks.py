"""The bars of a drawing as SVG, and what is said of them.

A page has hundreds of bars with five numbers each. None of these need be escaped, so they are put together here and
not by a template, which would look at each.
"""

from collections.abc import Iterable

from markupsafe import Markup

from web.drawing.band import Bar, Row
from web.language import gettext as _
from web.language import ngettext, translated
from web.words import DRAWN, date_in_words

__all__ = ["drawn", "rectangles", "row_words"]

#: Kind -> pattern that it is filled with: kinds are told apart by pattern and outline, never by colour alone.
_FILLS = {"uncertain": "hatch", "open": "dots", "cancelled": "cross"}
_MARKS = {
    kind: (f' fill="url(#{_FILLS[kind]})"' if kind in _FILLS else "")
    + (f' class="{kind}"' if kind != "certain" else "")
    for kind in DRAWN
}


def drawn(kind: str) -> Markup:
    """Return the attributes of a bar of a kind.

    :param kind: see :data:`web.drawing.columns.KINDS`.
    """
    return Markup(_MARKS[kind])  # noqa: S704 - words of ours


def rectangles(bars: Iterable[Bar]) -> Markup:
    """Return bars as SVG, one after the other."""
    return Markup(  # noqa: S704 - numbers, and words of ours
        "".join(
            f'<rect x="{bar.x}%" y="{bar.y}" width="{bar.width}%" height="{bar.height}"{_MARKS[bar.kind]}/>'
            for bar in bars
        )
    )


def row_words(row: Row) -> str:
    """Return what a column counts, in words."""
    days = _("%(first)s to %(last)s", first=date_in_words(row.first), last=date_in_words(row.last))
    kinds = ", ".join(f"{count} {translated(DRAWN[kind])}" for kind, count in row.counts.items())
    return f"{row.total} {ngettext('event', 'events', row.total)}, {days}: {kinds}"
