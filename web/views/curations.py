"""What people decided about a thing: what, who, when and why."""

from collections.abc import Iterable

import pyoxigraph as ox

from graph.vocabulary import PLY
from web.answers import NotFoundError
from web.language import N_
from web.published import Snapshot
from web.queries import Row, select, text
from web.views.other import curie
from web.views.shared import Json, View
from web.words import date_in_words, day

__all__ = ["GoneError", "curation_list", "curations_of", "curations_shown", "rejection_of"]

#: Things of a curation that a list names.
_THINGS = 10

#: Class of a curation -> what it did to the thing.
_DONE = {
    "Merge": N_("merged"), "Split": N_("split"), "Correction": N_("corrected"), "Rejection": N_("a part rejected"),
    "Addition": N_("added to"),
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


def curation_list(view: View) -> list[str]:
    """Return the keys of all curations, the latest first."""
    return view.snapshot.keep("list curations", _every)


def _every(snapshot: Snapshot) -> list[str]:
    found: dict[str, str] = {}
    for row in select(snapshot.store, "curations_made"):
        key = snapshot.iris.key(row["curation"].value)
        if key is not None:
            found[key] = max(found.get(key, ""), text(row, "when") or "")
    return sorted(found, key=lambda key: (found[key], key), reverse=True)


def curations_shown(view: View, keys: Iterable[str]) -> list[Json]:
    """Return some curations as their list shows them: what each did to which things, and whether it was overruled."""
    found = []
    for key in keys:
        node = view.snapshot.node(key)
        rows = sorted(select(view.store, "curation", curation=node), key=str) if node is not None else []
        if not rows:
            continue
        things = sorted({thing for row in rows if (thing := text(row, "thing"))})
        later = min((iri for row in rows if (iri := text(row, "later"))), default=None)
        found.append(
            {
                **_shown(view, rows[0]),
                "things": [view.link_iri(thing) for thing in things[:_THINGS]],
                "thing_count": len(things),
                "overruled_by": view.link_iri(later) if later else None,
            }
        )
    return found


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
