"""Why a query has no result, as an error: what a worker's report of failure, its death or its slowness stand for."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph.errors import DatasetError, ParleyError, QueryError
from graph.negotiation import NotAcceptableError
from graph.phrase import Phrase
from graph.sparql.errors import AwayError, MemoryLimitError, ResultLimitError, TimeLimitError
from graph.sparql.guard import position, undeclared
from graph.sparql.job import Job

__all__ = ["as_error", "failure", "out_of_memory", "reason", "too_slow", "unopened"]

# So many things that can stand somewhere tell more than they hide.
_MANY = 8
# Kind of a failure that comes with its words, on two lines -> the error.
_TOLD: dict[str | None, type[ParleyError]] = {"time": TimeLimitError, "limit": ResultLimitError, "away": AwayError}
_SENTENCE = re.compile(r"[A-Z][\w*]*(?: [\w*]+){2,}")


def as_error(trouble: ParleyError | OSError) -> ParleyError:
    """Return the error that tells why a worker could not be started or reached."""
    if isinstance(trouble, ParleyError):
        return trouble
    return DatasetError(
        Phrase("the query service lacks a resource: %(words)s", words=trouble.strerror or str(trouble)),
        Phrase("see the server's limits"),
    )


def reason(error: ParleyError | None, *, again: bool, cancelled: bool) -> str:
    """Return why a worker was ended before its time: ``time``, ``memory``, ``crash``, ``yield`` or ``abandoned``.

    It is ``yield`` where its query made way for others, ``abandoned`` where nobody waits for it any more.

    :param again: whether its query runs again.
    :param cancelled: whether nobody waits for the result any more.
    """
    if again:
        return "yield"
    if isinstance(error, TimeLimitError):
        return "time"
    if cancelled:
        return "abandoned"
    return "memory" if isinstance(error, MemoryLimitError | ResultLimitError) else "crash"


def too_slow(timeout: float) -> TimeLimitError:
    """Return the error of a query that ran for longer than so many seconds."""
    return TimeLimitError(
        Phrase("the query ran for longer than %(seconds)s s", seconds=f"{timeout:g}"),
        Phrase("make it more selective, add LIMIT, or run it with `parley query --timeout` on your own copy"),
    )


def failure(report: dict[str, Any], job: Job, memory: int) -> ParleyError:
    """Return the error that a worker's report of failure stands for."""
    kind, message = report.get("kind"), str(report.get("message", ""))
    if kind == "syntax":
        found = undeclared(job.query or "", job.prefixes)
        if found is not None:  # the parser's own words for this lead elsewhere
            prefix, place = found
            return QueryError(
                Phrase("the prefix %(prefix)s: is not declared", prefix=prefix),
                Phrase("declare it with PREFIX at the head of the query"),
                place,
            )
        return _malformed(job.query or "", report)
    if kind == "result":
        return ResultLimitError(
            Phrase("the result is larger than %(most)s bytes", most=f"{job.limit:,}"),
            Phrase("ask for less with LIMIT, or take the dataset's dump"),
        )
    if kind == "rows":
        return ResultLimitError(
            Phrase("the result has more than %(most)s rows", most=f"{job.rows:,}"),
            Phrase("ask for less with LIMIT, or take the dataset's dump"),
        )
    if kind == "merge":
        return ResultLimitError(
            Phrase("the default graphs that are asked for are too large to merge"),
            Phrase("name fewer graphs, or none: the default graph is already the merge of all"),
        )
    if kind == "memory":
        return out_of_memory(memory)
    if kind == "dataset":
        return unopened(job.path, message)
    cause, _, remedy = message.partition("\n")
    if kind == "refused":
        return QueryError(cause, remedy, tuple(report["place"]) if report["place"] else None)
    if kind in _TOLD:
        return _TOLD[kind](cause, remedy)
    if kind == "disk":
        return DatasetError(
            Phrase("the result cannot be kept: %(words)s", words=message),
            Phrase("free some space in the temporary folder"),
        )
    if "does not support RDF 1.2" in message:
        return NotAcceptableError(
            Phrase("the result has triple terms or base directions, and %(words)s", words=message),
            Phrase("take another format, such as Turtle"),
        )
    return QueryError(Phrase("the query failed: %(words)s", words=message), Phrase("mend the query"))


def unopened(path: Path, words: str = "no reason given") -> DatasetError:
    """Return the error of a generation that cannot be opened."""
    return DatasetError(
        Phrase("%(path)s: the generation cannot be opened: %(words)s", path=str(path), words=words),
        Phrase("publish the dataset anew"),
    )


def out_of_memory(limit: int) -> MemoryLimitError:
    """Return the error of a query that needs more than so many bytes."""
    return MemoryLimitError(
        Phrase("the query needs more memory than the %(most)s MB that it may have", most=f"{limit // 1_000_000:,}"),
        Phrase("make it more selective, or take ORDER BY, DISTINCT or GROUP BY from large sets"),
    )


def _malformed(query: str, report: Mapping[str, Any]) -> QueryError:
    r"""Return the error that tells where a query is malformed and what is expected there.

    >>> _malformed("{\n ?s }", {"offset": 6, "wanted": 'error at 9:1: expected one of "?", "<", [_]'})
    QueryError('line 2, column 5: expected one of "?", "<", not "}"; mend the query there')
    >>> _malformed("ASK", {"offset": 3, "message": "error at 1:4: expected one of [_]"})
    QueryError('line 1, column 4: the query ends too early; mend the query there')
    """
    message = str(report.get("message", ""))
    offset = report.get("offset")
    if not isinstance(offset, int):
        return QueryError(Phrase("the query is malformed: %(words)s", words=message), Phrase("mend the query"))
    # What is well formed but makes no sense is told in a sentence: "Duplicated variable name in SELECT".
    told = next((word for word in _wanted(message) if _SENTENCE.fullmatch(word)), None)
    if told:
        told = told[:1].lower() + told[1:] if told[1:2].islower() else told
    else:
        told = _expected(_wanted(str(report.get("wanted") or "")), query[offset:].split(maxsplit=1))
    return QueryError(told, Phrase("mend the query there"), position(query, offset))


def _expected(wanted: list[str], rest: list[str]) -> Phrase:
    # The parser also lists classes of characters, [...], which tell a person nothing.
    words = [w for w in wanted if w and "[" not in w and "..=" not in w]
    found, listed = rest[0][:40] if rest else "", ", ".join(words)
    if not words or len(words) > _MANY:
        return Phrase("“%(words)s” cannot stand here", words=found) if found else Phrase("the query ends too early")
    if len(words) == 1:
        return (
            Phrase('expected %(words)s, not "%(rest)s"', words=listed, rest=found)
            if found
            else Phrase("expected %(words)s", words=listed)
        )
    return (
        Phrase('expected one of %(words)s, not "%(rest)s"', words=listed, rest=found)
        if found
        else Phrase("expected one of %(words)s", words=listed)
    )


def _wanted(message: str) -> list[str]:
    """Return what the parser expected, of its message ``error at 1:22: expected one of ",", ".", [_]``."""
    expected = message.partition(": ")[2].removeprefix("expected one of ").removeprefix("expected ")
    return [word.strip() for word in expected.split(", ")]
