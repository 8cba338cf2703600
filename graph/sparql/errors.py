"""The errors of the SPARQL service, told apart by what the asker can do about them."""

from graph.errors import QueryError, QueryLimitError, ServiceError
from graph.phrase import Phrase

__all__ = [
    "AbandonedError", "AwayError", "BusyError", "CrashError", "MemoryLimitError", "ReadOnlyError", "ResultLimitError",
    "ShareError", "TimeLimitError", "TooLongError",
]  # fmt: skip


class ReadOnlyError(QueryError):
    """An update was sent to an endpoint that only reads."""

    status = 403


class TooLongError(QueryError):
    """The query has more bytes than are read."""

    status = 413


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

    def __init__(self, retry_after: int = 2, cause: str = Phrase("the query service is busy")) -> None:
        super().__init__(cause, Phrase("try again in %(seconds)s seconds", seconds=retry_after))
        self.retry_after = retry_after


class ShareError(BusyError):
    """One client has as many queries running and waiting as one may have (RFC 6585, section 4)."""

    status = 429

    def __init__(self, share: int, retry_after: int = 2) -> None:
        super().__init__(
            retry_after, Phrase("%(share)s queries of yours run or wait, as many as one client may have", share=share)
        )


class AwayError(ServiceError):
    """The remote store that answers queries cannot be asked now, or has nothing to answer from yet."""

    status = 503
    #: Seconds after which trying again makes sense.
    retry_after = 5


class AbandonedError(QueryLimitError):
    """The client hung up before there was an answer: nobody reads this."""

    def __init__(self) -> None:
        super().__init__(Phrase("the client has hung up"), Phrase("keep the connection open until the answer is there"))
