"""How long to leave a host alone that fails."""

import hashlib

__all__ = ["delay"]

_LONGEST = 86_400.0
#: By so much of itself a delay is longer at most, so that those who fail together do not come back together.
_JITTER = 0.25


def delay(what: str, failures: int, first: float, wanted: float | None = None) -> float:
    """Return the seconds to wait after so many failures in a row: doubled each time, a day at most.

    The jitter follows from what fails and how often, so that the same run gives the same times.

    :param what: what fails.
    :param first: seconds after the first failure.
    :param wanted: seconds that the host asks for, which are waited at least (RFC 9110, section 10.2.3).

    >>> 60 <= delay("news.example", 1, 60) <= 75, 480 <= delay("news.example", 4, 60) <= 600
    (True, True)
    """
    digest = hashlib.sha256(f"{what}\n{failures}".encode("utf-8", "backslashreplace")).digest()
    jitter = 1 + _JITTER * int.from_bytes(digest[:4]) / 2**32
    return max(min(first * 2.0 ** min(failures - 1, 40), _LONGEST) * jitter, min(wanted or 0.0, _LONGEST))
