"""Quotations as passages: those that stand close together in a text are one passage with several words marked."""

from collections.abc import Sequence
from typing import NamedTuple

from web.views.shared import Json

__all__ = ["Part", "passages"]


class Part(NamedTuple):
    """A piece of a passage: what is quoted, or what stands around it."""

    text: str
    quoted: bool


def passages(quotes: Sequence[Json]) -> list[list[Part]]:
    """Join quotations into passages, in order of text.

    Words that the end of a prefix or suffix cuts through are left out; an ellipsis stands for what is not shown.

    :param quotes: with ``prefix``, ``exact``, ``suffix`` and the offset ``start``, from one text.

    >>> quotes = [
    ...     {"prefix": "a leader. They ", "exact": "signed", "suffix": " a joint statem", "start": 40},
    ...     {"prefix": "They signed a ", "exact": "joint statement", "suffix": ".", "start": 49},
    ... ]
    >>> for passage in passages(quotes):
    ...     print("".join(f"[{part.text}]" if part.quoted else part.text for part in passage))
    … leader. They [signed] a [joint statement].
    """
    found: list[list[Part]] = []
    shown: dict[int, tuple[str, bool]] = {}
    for quote in sorted(quotes, key=lambda q: q["start"] or 0):
        start = quote["start"] or 0
        pieces = ((start - len(quote["prefix"]), quote["prefix"], False), (start, quote["exact"], True),
                  (start + len(quote["exact"]), quote["suffix"], False))  # fmt: skip
        if shown and pieces[0][0] > max(shown) + 1:
            found.append(_passage(shown))
            shown = {}
        for offset, text, quoted in pieces:
            for position, character in enumerate(text, offset):
                shown[position] = (character, quoted or shown.get(position, ("", False))[1])
    return [*found, _passage(shown)] if shown else found


def _passage(shown: dict[int, tuple[str, bool]]) -> list[Part]:
    parts: list[Part] = []
    for position in sorted(shown):
        character, quoted = shown[position]
        if parts and parts[-1].quoted == quoted:
            parts[-1] = Part(parts[-1].text + character, quoted)
        else:
            parts.append(Part(character, quoted))
    first, last = parts[0], parts[-1]
    if not first.quoted and min(shown) > 0:
        parts[0] = Part(f"…{_from_a_word(first.text)}", quoted=False)
    if not last.quoted:
        parts[-1] = Part(_to_a_word(last.text), quoted=False)
    return parts


def _from_a_word(text: str) -> str:
    """Cut off the word that a text begins in the middle of."""
    head, space, rest = text.partition(" ")
    return f" {rest}" if space and head else text


def _to_a_word(text: str) -> str:
    """Cut off the word that a text ends in the middle of."""
    if text.rstrip().endswith((".", "!", "?", "”", '"')):
        return text
    kept, space, _ = text.rpartition(" ")
    return f"{kept} …" if space else f"{text}…"
