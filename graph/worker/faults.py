"""Why a query has no result, as a report tells it."""

import os
import runpy
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from graph.worker.messages import Failure

__all__ = ["explain"]

# Not imported as part of its package, which would load the parent's end as well.
_TOKENS = Path(__file__).parents[1] / "sparql" / "tokens.py"


def explain(error: BaseException, job: dict[str, Any]) -> dict[str, Any]:
    """Return kind and words of an error; where a query is malformed, also where, and what can stand there."""
    if isinstance(error, SyntaxError):
        return {"kind": "syntax", "message": str(error), **_fault(job)}
    if isinstance(error, Failure):
        return error.report
    if isinstance(error, MemoryError):
        return {"kind": "memory", "message": ""}
    if isinstance(error, OSError) and error.errno is not None:
        return {"kind": "disk", "message": os.strerror(error.errno)}
    return {"kind": "query", "message": f"{error}"}


def _fault(job: dict[str, Any]) -> dict[str, Any]:
    """Say where a query is malformed, and what the parser would take there.

    The parser's own place is behind the fault by as much as the longest keyword that it looked for, so beginnings of
    the query are tried. On an empty store, because a beginning may be a query that can run.
    """
    tokens = runpy.run_path(str(_TOKENS))
    nothing = Store()

    def complaint(text: str) -> str | None:
        try:
            nothing.query(text, prefixes=job["prefixes"])
        except SyntaxError as error:
            return str(error)
        return None

    def stands(text: str) -> bool:
        said = complaint(text)
        return said is None or said.startswith(f"error at {text.count(chr(10)) + 1}:")

    offset = tokens["first_fault"](job["query"], stands)
    return {"offset": offset, "wanted": complaint(job["query"][:offset] + tokens["PADDING"])}
