"""Mistakes in an address that several pages tell of."""

from graph.errors import InputError
from graph.phrase import Phrase
from web.answers import NotFoundError

__all__ = ["no_page", "no_page_number", "no_thing"]


def no_page_number(name: str, text: str) -> InputError:
    """Return the error for what stands where a page is asked for by number.

    >>> no_page_number("page", "x").cause
    "page='x' is no page number"
    """
    return InputError(
        Phrase("%(field)s is no page number", field=f"{name}={text[:40]!r}"), Phrase("give a number from 1 on")
    )


def no_page(number: int, pages: int) -> NotFoundError:
    """Return the error for a page behind the last one of a list.

    >>> no_page(9, 2).cause
    'there is no page 9: the last one is 2'
    """
    return NotFoundError(
        Phrase("there is no page %(number)s: the last one is %(pages)s", number=number, pages=pages),
        Phrase("go back to the first page"),
    )


def no_thing(key: str) -> NotFoundError:
    """Return the error for a person, place, event or other thing that the dataset does not have.

    >>> no_thing("person/nobody").cause
    'there is no person/nobody in this dataset'
    """
    return NotFoundError(
        Phrase("there is no %(key)s in this dataset", key=key[:200]),
        Phrase("check the address, or search the timeline"),
    )
