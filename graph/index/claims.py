"""Who says what: the claims of each speaker, in the order in which pages show them.

A page shows a hundred claims of somebody who may have made thousands. Which these are, how many there are, which of
them have certain words and what they say is found here; only the places in the texts are looked up in the store, where
each look-up takes some tenths of a millisecond.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pyoxigraph as ox

from graph.files import read_query
from graph.index.columns import Column, read_column, read_texts, write_column, write_texts
from graph.index.event import RECORD
from graph.iris import Iris

__all__ = ["Claim", "Claims", "confidence_of", "decoded_claim", "encoded_claim", "read_claims", "write_claims"]

_NONE: Column = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim. All things are keys; what there is not is empty.

    :param article: that it is quoted from.
    :param published: the day of that article.
    :param publisher: of that article.
    :param genre: of that article.
    :param start: where its words begin in the article.
    :param confidence: from 0 to 1; None where the data has none.
    :param cue: the word that attributes it.
    :param manner: how it is told, as the IRI of a term.
    :param spoken: how the text names who makes it.
    :param repeats: the claim of another article that is the same quotation.
    :param words: its text, then the words of the article that it rests on.
    """

    key: str
    article: str
    published: str
    publisher: str
    genre: str
    start: int
    confidence: float | None
    cue: str
    manner: str
    spoken: str
    repeats: str
    speakers: tuple[str, ...]
    about: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def order(self) -> tuple[str, str, int, str]:
        """Where it stands: by article, the earliest first, and by place in the article."""
        return (self.published or "9999", self.article, self.start, self.key)


@dataclass(slots=True)
class _Collected:
    """What the rows of one claim say."""

    values: dict[str, set[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return min(self.values.get(name, ()), default="")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(self.values.get(name, ())))


def read_claims(store: ox.Store, iris: Iris) -> list[Claim]:
    """Read the claims of a store, in order."""
    solutions = cast("ox.QuerySolutions", store.query(read_query("index", "said")))
    names = [variable.value for variable in solutions.variables][1:]
    found: dict[str, _Collected] = {}
    for claim, *values in map(tuple, solutions):
        key = iris.key(claim.value)
        if key is not None:
            collected = found.setdefault(key, _Collected()).values
            for name, value in zip(names, values, strict=True):
                if value is not None:
                    collected.setdefault(name, set()).add(value.value)
    return sorted((_claim(key, rows, iris) for key, rows in found.items()), key=lambda claim: claim.order)


def _claim(key: str, rows: _Collected, iris: Iris) -> Claim:
    article = iris.key(rows.first("article")) or ""
    starts = [int(start) for start in rows.all("start") if start.isdecimal()]
    return Claim(
        key=key,
        article=article,
        published=_day(rows.first("published")),
        publisher=iris.key(rows.first("publisher")) or "",
        genre=rows.first("genre"),
        start=min(starts, default=0),
        confidence=_number(rows.first("confidence")),
        cue=rows.first("cue"),
        manner=rows.first("manner"),
        spoken=rows.first("spoken"),
        repeats=iris.key(max(rows.all("repeated"), default="")) or "",
        speakers=tuple(one for iri in rows.all("speaker") if (one := iris.key(iri))),
        about=tuple(one for iri in rows.all("about") if (one := iris.key(iri))),
        words=(rows.first("text"), *rows.all("exact")),
    )


def confidence_of(claim: Claim) -> float:
    """Return how sure a claim is, as the column has it."""
    return -1.0 if claim.confidence is None else claim.confidence


def write_claims(claims: Sequence[Claim], folder: Path) -> None:
    """Write claims that are in order.

    :raises OSError: if they cannot be written.
    """
    numbers = {claim.key: number for number, claim in enumerate(claims)}
    # What repeats a claim that is not there stands together with whatever else repeats it.
    for claim in claims:
        if claim.repeats:
            numbers.setdefault(claim.repeats, len(numbers))
    by_speaker: dict[bytes, list[int]] = {}
    for number, claim in enumerate(claims):
        for speaker in claim.speakers:
            by_speaker.setdefault(speaker.encode(), []).append(number)
    speakers = sorted(by_speaker)
    write_texts(folder, "claims", (encoded_claim(claim) for claim in claims))
    write_texts(folder, "claims.speakers", speakers)
    ends = np.cumsum([0, *(len(by_speaker[speaker]) for speaker in speakers)])
    write_column(folder, "claims.ends", ends.astype(np.uint32))
    of = [number for speaker in speakers for number in by_speaker[speaker]]
    write_column(folder, "claims.numbers", np.array(of, dtype=np.uint32))
    first = [numbers[claim.repeats or claim.key] for claim in claims]
    write_column(folder, "claims.first", np.array(first, dtype=np.uint32))
    confidence = [confidence_of(claim) for claim in claims]
    write_column(folder, "claims.confidence", np.array(confidence, dtype=np.float64))


class Claims:
    """The claims of an index, by number in order. Threads may share it.

    :param folder: of the index.
    :raises OSError: if they are not there.
    :raises ValueError: if they are damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._records, self._speakers = read_texts(folder, "claims"), read_texts(folder, "claims.speakers")
        self._ends, self._numbers = read_column(folder, "claims.ends"), read_column(folder, "claims.numbers")
        #: A number that the claims of one quotation share.
        self.quotation = read_column(folder, "claims.first")
        #: From 0 to 1; -1 where there is none.
        self.confidence = read_column(folder, "claims.confidence")

    def __getitem__(self, number: int) -> Claim:
        return decoded_claim(self._records[number])

    def of(self, speaker: str) -> Column:
        """Return the numbers of the claims that somebody makes, alone or with others, in order."""
        found = self._speakers.find(speaker.encode("utf-8", "surrogatepass"))
        return _NONE if found is None else self._numbers[int(self._ends[found]) : int(self._ends[found + 1])]


def encoded_claim(claim: Claim) -> bytes:
    """Return the record of a claim."""
    record = [getattr(claim, one.name) for one in fields(Claim)]
    return RECORD.encode(record).encode("utf-8", "surrogatepass")


def decoded_claim(record: bytes) -> Claim:
    """Return the claim of a record.

    :raises ValueError: if it is damaged.
    """
    *plain, speakers, events, words = json.loads(record)
    return Claim(*plain, *map(tuple, (speakers, events, words)))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
