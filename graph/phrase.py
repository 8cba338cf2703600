"""Sentences that say themselves in English and keep their parts, so that a page can say them in another language."""

from typing import Self

__all__ = ["Phrase"]


class Phrase(str):
    """A sentence in English, for programs and the command line; a page says it in its own language.

    :param message: with places for values, such as ``%(key)s``; without values it may be in the language already.
    :param values: that stand in the places; one may be a `Phrase` itself.

    >>> told = Phrase("there is no %(key)s", key="person/nobody")
    >>> told, told.message, told.values
    ('there is no person/nobody', 'there is no %(key)s', {'key': 'person/nobody'})
    """

    __slots__ = ("message", "values")
    message: str
    values: dict[str, object]

    def __new__(cls, message: str, **values: object) -> Self:
        """Return the sentence."""
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made
