"""What a worker is asked to do, as it is handed to it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is asked to do.

    :param path: folder of the generation.
    :param query: the query; None only opens the generation, so that the first query need not wait for it.
    :param media_type: of the result: one of a table's for SELECT and ASK, one of a graph's for the others.
    :param timeout: seconds; the parent keeps it, the worker knows it for the case that the parent is gone.
    :param limit: largest result in bytes; None for any size.
    :param default_graphs: IRIs of the default graph's parts; None for the store's own default graph.
    :param named_graphs: IRIs of the named graphs; None for all.
    :param prefixes: that need not be declared, and that Turtle is written with.
    :param rows: most rows of a table, or triples of a graph; None for any number.
    :param graph: IRI that the triples of a graph are written with, for a media type that has room for it.
    """

    path: Path
    query: str | None
    media_type: str
    timeout: float
    limit: int | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    prefixes: dict[str, str]
    rows: int | None = None
    graph: str | None = None

    @property
    def key(self) -> int:
        """The same for what asks the same of the same generation, whatever the format."""
        return hash((self.path, self.query, self.default_graphs, self.named_graphs))

    def to_json(self, *, short: bool) -> bytes:
        """Return the job as the worker reads it.

        :param short: whether a short result may come with the report.
        """
        values: dict[str, Any] = {"path": str(self.path), "timeout": self.timeout}
        if self.query is not None:
            values |= {
                "query": self.query, "format": self.media_type, "limit": self.limit, "default": self.default_graphs,
                "named": self.named_graphs, "prefixes": self.prefixes, "rows": self.rows, "graph": self.graph,
                "short": short,
            }  # fmt: skip
        return json.dumps(values).encode()
