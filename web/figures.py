"""How much there is in a generation: statements, things by class, statements by property."""

from typing import TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from graph.files import data_path
from web.queries import select

if TYPE_CHECKING:
    from web.published import Snapshot

__all__ = ["Figures", "figures", "things"]


class Figures(NamedTuple):
    """How much there is: triples and things in all, things by class, triples by property, the most first."""

    triples: int
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]


def figures(current: "Snapshot") -> Figures:
    """Count what is in a generation. Keep it with the generation: it takes a while and never changes."""

    def counted(query: str, variable: str) -> dict[str, int]:
        found = {row[variable].value: int(row["n"].value) for row in select(current.store, query)}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    properties = counted("properties", "property")
    entities = int(select(current.store, "things")[0]["n"].value)
    return Figures(sum(properties.values()), entities, counted("classes", "class"), properties)


def things(current: "Snapshot") -> dict[str, int]:
    """Count the things of each kind, as ``parley status`` does: articles, events, claims, people ..."""
    query = data_path("queries", "status.rq").read_text("utf-8")
    rows = cast("ox.QuerySolutions", current.store.query(query))
    return {row["what"].value: int(row["n"].value) for row in rows}
