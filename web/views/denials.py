"""Claims that something is not so, by the word with which they are attributed: ``data/lexicons/denials.txt``."""

from functools import cache

from graph.files import data_path

__all__ = ["denies"]


@cache
def _words() -> frozenset[str]:
    lines = data_path("lexicons", "denials.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def denies(cue: str | None) -> bool:
    """Tell whether a word of attribution says that something is not so; no more is known of what a claim means.

    >>> denies("denied"), denies("said")
    (True, False)
    """
    return " ".join((cue or "").casefold().split()) in _words()
