"""The keys of events: what a person can read, the same whatever the order in which the articles came.

A key says when, where or who, and what, as the *anchor* among the reports says it: the one of the article that was
published first. So an event keeps its key when it gains later reports. Where several events would share a key each of
them gets a few letters more, made from its anchor, and the bare key names none of them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256

from graph.extract.model import Report
from graph.iris import slugify

__all__ = ["anchor_of", "apart", "slug_of"]

#: Letters that tell events apart whose keys would be the same.
_LETTERS = 6


def anchor_of(reports: Iterable[Report], published: Mapping[str, date]) -> Report:
    """Return the report that gives an event its key: of the article published first; undated articles come last.

    :param published: article key -> day of publication.
    """
    return min(reports, key=lambda r: (published.get(r.key.partition("/report/")[0], date.max), r.key))


def slug_of(report: Report) -> str:
    """Return the key that an event with this anchor has, if no other has it."""
    when = (report.time or "").split("/")[0].strip("~?%") if report.earliest else ""
    if report.places:
        core = report.places[0].partition("/")[2]
    elif report.participants:
        core = "-".join(key.partition("/")[2] for key in report.participants[:2])
    else:
        core = slugify(report.label, 40)
    return "event/" + slugify("-".join(part for part in (when, core, str(report.type)) if part), 100)


def apart(slug: str, anchor: Report) -> str:
    """Return the key of an event that would share its key with others."""
    return f"{slug}-{sha256(anchor.key.encode()).hexdigest()[:_LETTERS]}"
