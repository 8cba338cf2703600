"""The errors that a user can meet: each names its cause and its remedy in one line.

One hierarchy serves the command line (``exit_code``) and HTTP (``status``); anything else that escapes is a bug.
"""

import re

from graph.phrase import Phrase

__all__ = [
    "DatasetError",
    "FetchError",
    "InUseError",
    "InputError",
    "LaterError",
    "ParleyError",
    "QueryError",
    "QueryLimitError",
    "RefusedError",
    "ServiceError",
    "UnavailableError",
]


class ParleyError(Exception):
    """Something that the user can understand and mend.

    :param cause: what is wrong, naming the thing it is wrong with; no full stop.
    :param remedy: what to do about it; no full stop.

    >>> str(ParleyError("no such file: a.md", "check the path"))
    'no such file: a.md; check the path'
    """

    #: Exit code of the command that meets this error.
    exit_code = 1
    #: HTTP status of the answer that meets this error.
    status = 500

    def __init__(self, cause: str, remedy: str) -> None:
        self.cause = _line(cause)
        self.remedy = _line(remedy)
        super().__init__(f"{self.cause}; {self.remedy}")

    def __reduce__(self) -> tuple[type["ParleyError"], tuple[object, ...]]:
        return type(self), (self.cause, self.remedy)  # errors come back from worker processes


def _line(text: str) -> str:
    # A space that no line breaks at stands as it is: French has them.
    line = re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()
    # What is a line already stays what it is: a page knows some of them in its own language.
    return text if text == line else line


class InputError(ParleyError):
    """A source, option or value that cannot be read as what it should be."""

    exit_code = 3
    status = 400


class FetchError(ParleyError):
    """A web page that could not be fetched."""

    exit_code = 4
    status = 502


class LaterError(FetchError):
    """A web page that could not be fetched now and may be later: its host is down, slow or busy."""

    #: Seconds after which the host wants to be asked again, if it says so.
    wait: float | None = None


class ServiceError(ParleyError):
    """A service that could not extract an article; it may do better with the next."""

    exit_code = 4
    status = 502


class UnavailableError(ServiceError):
    """A service that will extract nothing more in this run: its key is refused, or its cost cap is reached."""


class RefusedError(ParleyError):
    """An article that the shapes refused; it is in quarantine."""

    exit_code = 5
    status = 422


class DatasetError(ParleyError):
    """A dataset that is missing, locked, read-only, full or broken."""

    exit_code = 6
    status = 503


class InUseError(DatasetError):
    """A dataset that another process, or another part of this one, is writing to."""


class QueryError(ParleyError):
    """A SPARQL query that is malformed or not allowed.

    :param place: line and column of the query that are to blame, both from 1; None where it is the query as a whole.
        The cause begins with it.

    >>> QueryError("SERVICE is not allowed here", "ask the other endpoint yourself", (3, 5)).cause
    'line 3, column 5: SERVICE is not allowed here'
    """

    exit_code = 7
    status = 400

    def __init__(self, cause: str, remedy: str, place: tuple[int, int] | None = None) -> None:
        self.place = place
        self._told = cause
        super().__init__(cause if place is None else _placed(cause, *place), remedy)

    def __reduce__(self) -> tuple[type[ParleyError], tuple[object, ...]]:
        return type(self), (self._told, self.remedy, self.place)


def _placed(told: str, line: int, column: int) -> Phrase:
    return Phrase("line %(line)s, column %(column)s: %(told)s", line=line, column=column, told=told)


class QueryLimitError(ParleyError):
    """A SPARQL query that ran past its deadline, memory or result limit."""

    exit_code = 8
    status = 503
