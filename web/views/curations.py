"""What people decided about a thing: what, who, when and why."""

import pyoxigraph as ox

from graph.vocabulary import PLY
from web.answers import NotFoundError
from web.published import Snapshot
from web.queries import Row, select, text
from web.views.other import curie
from web.views.shared import Json, View
from web.words import date_in_words, day

__all__ = ["GoneError", "curations_of", "rejection_of"]

#: Class of a curation -> what it did to the thing.
_DONE = {
    "Merge": "merged", "Split": "split", "Correction": "corrected", "Rejection": "a part rejected",
    "Addition": "added to",
}  # fmt: skip


class GoneError(NotFoundError):
    """What had this address was rejected."""

    status = 410


def curations_of(view: View, key: str) -> list[Json]:
    """Return the curations that changed a thing, in order of time."""
    return [_shown(view, row) for row in _rows(view.snapshot, key)]


def rejection_of(snapshot: Snapshot, key: str) -> str | None:
    """Return in words who rejected a thing, when and why; None if nobody did."""
    for row in _rows(snapshot, key):
        if row["action"].value == str(PLY.Rejection):
            return f"{text(row, 'who')} rejected {key[:200]} on {_when(row)}: {text(row, 'why')}"
    return None


def _rows(snapshot: Snapshot, key: str) -> list[Row]:
    node = snapshot.node(key)
    rows = select(snapshot.store, "curations", thing=node) if node is not None else []
    # One row each, where one has several sources.
    one_each = {row["curation"].value: row for row in sorted(rows, key=str, reverse=True)}
    return sorted(one_each.values(), key=lambda row: (row["when"].value, row["curation"].value))


def _when(row: Row) -> str:
    moment = day((text(row, "when") or "")[:10])
    return date_in_words(moment) if moment else ""


def _shown(view: View, row: Row) -> Json:
    prop, source = text(row, "property"), text(row, "source")
    action = row["action"].value.removeprefix(str(PLY))
    return {
        **view.link_iri(row["curation"].value),
        "action": action,
        "done": _DONE[action],
        "property": curie(prop) if prop else None,
        "who": text(row, "who"),
        "when": (text(row, "when") or "")[:10],
        "when_words": _when(row),
        "why": text(row, "why"),
        "source": view.link_iri(source) if source and isinstance(row["source"], ox.NamedNode) else None,
    }
