"""What the label of a report says for comparison: a name of its own, the sort of event, the years that it names."""

import re
from functools import cache

from graph.extract.lexicon import read_table
from graph.extract.model import EventType

__all__ = ["name_key", "sort_of", "years_in"]

_WORD = re.compile(r"[\w'’.&-]+")
_PROPER = re.compile(r"[^\W\d_]*[A-Z][\w'’.&-]*")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "its", "their", "his", "her"})
_SILENT = str.maketrans("", "", "-.’'")
#: Shortest last word that loses an ending "s".
_LONG = 5


def name_key(label: str) -> str | None:
    """Return what a label is compared by if it is a name of its own, else None.

    That is two capitalised words or more, or a name that ``event_names.tsv`` knows: its other forms are the same.

    >>> name_key("the Camp David Accords"), name_key("second meeting"), name_key("Paris talks")
    ('camp david accord', None, None)
    >>> name_key("the Second World War") == name_key("World War II"), name_key("WWII")
    (True, 'world war ii')
    """
    words = _WORD.findall(label)
    while words and words[0].casefold() in _DETERMINERS:
        words.pop(0)
    folded = _folded(words)
    if folded in _names():
        return _names()[folded]
    proper = [w for w in words if _PROPER.fullmatch(w)]
    return folded if len(proper) >= 2 and len(words) - len(proper) <= 2 else None


def _folded(words: list[str]) -> str:
    """Return words without case, hyphens, points and a plural ending: "Oslo Accord" and "Oslo Accords" are one name."""
    folded = " ".join(words).casefold().translate(_SILENT).split()
    if folded and folded[-1].endswith("s") and not folded[-1].endswith("ss") and len(folded[-1]) >= _LONG:
        folded[-1] = folded[-1][:-1]
    return " ".join(folded)


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, others in read_table("event_names.tsv", 2):
        key = _folded(_WORD.findall(name))
        for form in (name, *others.split(",")):
            found[_folded([w for w in _WORD.findall(form) if w.casefold() not in _DETERMINERS])] = key
    return found


def sort_of(kind: EventType, label: str) -> str | None:
    """Return the sort of event that a label tells of (``event_sorts.tsv``), None if it tells none.

    >>> sort_of(EventType.TRANSITION, "Petrova resigned"), sort_of(EventType.TRANSITION, "2031 presidential election")
    ('resignation', 'election')
    """
    text = f" {label.casefold()}"
    return next((sort for sort, starts in _sorts().get(kind, ()) if any(f" {start}" in text for start in starts)), None)


@cache
def _sorts() -> dict[EventType, list[tuple[str, tuple[str, ...]]]]:
    found: dict[EventType, list[tuple[str, tuple[str, ...]]]] = {}
    for kind, sort, starts in read_table("event_sorts.tsv", 3):
        found.setdefault(EventType(kind), []).append((sort, tuple(starts.split(","))))
    return found


def years_in(label: str) -> frozenset[int]:
    """Return the years that a label names.

    >>> sorted(years_in("the 2031 election"))
    [2031]
    """
    return frozenset(map(int, _YEAR.findall(label)))
