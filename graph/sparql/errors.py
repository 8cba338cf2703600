"""The errors of the SPARQL service, told apart by what the asker can do about them."""

from graph.errors import QueryError, QueryLimitError

__all__ = ["BusyError", "CrashError", "MemoryLimitError", "ReadOnlyError", "ResultLimitError", "TimeLimitError"]


class ReadOnlyError(QueryError):
    """An update was sent to an endpoint that only reads."""

    status = 403


class TimeLimitError(QueryLimitError):
    """The query ran past its deadline."""

    status = 504


class MemoryLimitError(QueryLimitError):
    """The query needed more memory than a worker has."""


class ResultLimitError(QueryLimitError):
    """The query's result, or the graphs that it asks to merge, are larger than the service gives."""


class CrashError(QueryLimitError):
    """The query brought its worker process down."""


class BusyError(QueryLimitError):
    """All workers are busy and the waiting room is full, or the wait was too long.

    :param retry_after: seconds after which trying again makes sense; whole, at least 1.
    """

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("the query service is busy", f"try again in {retry_after} seconds")
        self.retry_after = retry_after
