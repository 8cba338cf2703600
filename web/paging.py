"""Pages of lists: which one a request asks for, how many there are, and the links from one to the next."""

import re
from collections.abc import Callable

from flask import Response

from web.answers import link
from web.mistakes import no_page, no_page_number

__all__ = ["count_pages", "link_pages", "page_number"]


def page_number(text: str, name: str = "page") -> int:
    """Read the number of a page.

    :param name: of the parameter that it is from.
    :raises InputError: if it is none.

    >>> page_number("2")
    2
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise no_page_number(name, text)
    return int(text)


def count_pages(total: int, size: int, page: int) -> int:
    """Return how many pages a list has; an empty one has one.

    :param total: things on the list.
    :param size: things on a page.
    :param page: the one that is asked for.
    :raises NotFoundError: if there is no such page.

    >>> count_pages(101, 50, 3)
    3
    """
    pages = max(1, -(-total // size))
    if page > pages:
        raise no_page(page, pages)
    return pages


def link_pages(response: Response, page: int, pages: int, url: Callable[[int], str], media_type: str) -> Response:
    """Link an answer to the page before and the one after it (RFC 8288), and return it.

    :param url: makes the address of a page.
    """
    for relation, number in (("prev", page - 1), ("next", page + 1)):
        if 1 <= number <= pages:
            response.headers.add("Link", link(url(number), relation, media_type))
    return response
