"""Confidence on pages: the least that a reader wants to see, from the filter ``confidence``, and figures as printed."""

import math
import re
from typing import NamedTuple, Self

from web.language import decimal
from web.language import gettext as _

__all__ = ["ANY", "Minimum", "Offer", "printed"]

_MINIMUM = re.compile(r"0|1|0?\.[0-9]{1,9}|1\.0{1,9}")
#: What a page offers; any other minimum is asked for in the address.
_OFFERED = ("0.5", "0.7", "0.9")


class Offer(NamedTuple):
    """A minimum that a page offers."""

    value: str
    words: str
    chosen: bool

    @property
    def minimum(self) -> "Minimum":
        """The minimum itself."""
        return Minimum.read(self.value)


class Minimum(NamedTuple):
    """The least confidence that a reader wants to see.

    :param text: as written; empty for any.
    :param value: from 0 to 1; None for any.
    """

    text: str = ""
    value: float | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the filter.

        :raises ValueError: with words for the reader, if it is no number from 0 to 1.

        >>> Minimum.read(" 0.7 "), Minimum.read("")
        (Minimum(text='0.7', value=0.7), Minimum(text='', value=None))
        >>> Minimum.read("70%")
        Traceback (most recent call last):
        ValueError: “70%” is no confidence: write a number from 0 to 1, such as 0.7
        """
        text = text.strip()
        if not text:
            return cls()
        if not _MINIMUM.fullmatch(text):
            raise ValueError(_("“%(text)s” is no confidence: write a number from 0 to 1, such as 0.7", text=text[:40]))
        return cls(text, float(text))

    def admits(self, confidence: float | None) -> bool:
        """Tell whether something of this confidence is to be seen; what has none is seen only where any is wanted.

        >>> Minimum.read("0.7").admits(0.7), Minimum.read("0.7").admits(None), Minimum().admits(None)
        (True, False, True)
        """
        return self.value is None or (confidence is not None and confidence >= self.value)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filter as pairs of a query string."""
        return [("confidence", self.text)] if self.text else []

    @property
    def words(self) -> str:
        """The filter in words."""
        return _("at least %(number)s", number=decimal(self.text)) if self.text else _("any")

    @property
    def offers(self) -> list[Offer]:
        """What a page offers, in order; this one is among them."""
        offered = {None: ANY} | {float(text): Minimum(text, float(text)) for text in _OFFERED}
        offered[self.value] = self
        return [
            Offer(one.text, one.words, value == self.value)
            for value, one in sorted(offered.items(), key=lambda item: -1 if item[0] is None else item[0])
        ]


#: No minimum.
ANY = Minimum()


def printed(confidence: float) -> str:
    """Return a confidence as pages print it: rounded down, so that what reads 0.70 passes where 0.7 is asked for.

    >>> printed(0.93), printed(0.699), printed(0.57), printed(1.0)
    ('0.93', '0.69', '0.57', '1.00')
    """
    return decimal(f"{math.floor(round(confidence * 1000) / 10) / 100:.2f}")
