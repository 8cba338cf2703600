"""Claims that something is not so, by the word with which they are attributed: ``data/lexicons/denials.txt``."""

from functools import cache

from graph.files import read_lines

__all__ = ["denies"]


@cache
def _words() -> frozenset[str]:
    return frozenset(map(str.strip, read_lines("denials.txt")))


def denies(cue: str | None) -> bool:
    """Tell whether a word of attribution says that something is not so; no more is known of what a claim means.

    >>> denies("denied"), denies("said")
    (True, False)
    """
    return " ".join((cue or "").casefold().split()) in _words()
