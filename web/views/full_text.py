"""The text of an article whose licence is open, with what was read from it marked where it stands."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from graph.archive.archive import ArchivedItem
from graph.files import read_lines
from web.views.shared import Json

__all__ = ["LONGEST", "Piece", "full_text", "is_open", "paragraphs"]

#: Characters of a text that a page shows.
LONGEST = 100_000


class Piece(NamedTuple):
    """Some words of a paragraph, and the page of what was read from them; None if nothing was."""

    text: str
    url: str | None


@cache
def _open() -> tuple[str, ...]:
    return tuple(read_lines("open_licenses.txt"))


def is_open(rights: str | None) -> bool:
    """Tell whether a licence lets anyone show the whole text.

    >>> is_open("CC BY 4.0"), is_open("https://creativecommons.org/licenses/by-nc/4.0/"), is_open(None)
    (True, False, False)
    """
    said = " ".join((rights or "").casefold().split())
    return any(said.startswith(known) if "://" in known else said == known for known in _open())


def full_text(item: ArchivedItem | None, thing: Json) -> Json | None:
    """Return the text of an article in paragraphs; None if its licence is not open or the archive has another reading.

    :param item: what the archive has of it.
    :param thing: what the page of the article shows.
    """
    if not is_open(thing["rights"]) or item is None or item.article.digest != thing["identifier"]:
        return None
    text = item.article.text
    found = [*thing["reports"], *(claim for group in thing["speakers"] for claim in group["claims"]), *thing["times"]]
    marks = [
        (quote["start"], quote["end"], one["url"])
        for one in found
        for quote in one["evidence"]
        if quote["start"] is not None and quote["end"] is not None and one["url"]
    ]
    return {"paragraphs": list(paragraphs(text[:LONGEST], marks)), "more": len(text) > LONGEST}


def paragraphs(text: str, marks: Iterable[tuple[int, int, str]]) -> Iterator[list[Piece]]:
    """Yield a text paragraph by paragraph, in pieces; where marks overlap, the shortest of them counts.

    :param marks: where something was read, as offsets in the text, and the URL that it leads to.

    >>> [list(map(tuple, p)) for p in paragraphs("They met.", [(0, 9, "/claim"), (5, 8, "/report")])]
    [[('They ', '/claim'), ('met', '/report'), ('.', '/claim')]]
    """
    # The longest first, so that a shorter one is written over it.
    led: list[str | None] = [None] * len(text)
    for start, end, url in sorted(marks, key=lambda mark: (mark[0] - mark[1], mark)):
        end = min(end, len(text))
        led[start:end] = [url] * max(0, end - start)
    start = 0
    for line in text.splitlines(keepends=True):
        pieces: list[Piece] = []
        for offset, character in enumerate(line.rstrip(), start):
            if pieces and pieces[-1].url == led[offset]:
                pieces[-1] = Piece(pieces[-1].text + character, led[offset])
            else:
                pieces.append(Piece(character, led[offset]))
        start += len(line)
        if pieces:
            yield pieces
