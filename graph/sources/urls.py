"""Lists of URLs: one a line."""

from collections.abc import Iterator

from graph.errors import InputError
from graph.sources.item import Item
from graph.sources.reading import is_web_iri

__all__ = ["url_items"]


def url_items(text: str, where: str) -> Iterator[Item]:
    r"""Yield what each line names; blank lines and those that start with # are comments.

    >>> [item.source for item in url_items("# news\nhttps://news.example/1\n", "urls.txt")]
    ['https://news.example/1']

    :param where: path of the list.
    """
    for number, line in enumerate(text.splitlines(), 1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        if is_web_iri(url):
            yield Item(url.partition("#")[0])
        else:
            error = InputError(f"{where}: line {number} is no web address: {url[:200]!r}", "write one URL a line")
            yield Item(f"{where}#{number}", error=error)
