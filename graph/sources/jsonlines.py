"""JSON Lines: an article a line, its fields named as in front matter, its text in ``text`` (or a page in ``html``)."""

import json
from collections.abc import Iterator
from typing import IO

from graph.errors import InputError
from graph.sources.item import Document, Item

__all__ = ["json_items", "parse_json"]

_BLOCK = 1_000_000


def json_items(stream: IO[bytes], where: str, limit: int) -> Iterator[Item]:
    """Yield a document for each line that is not blank; a line that is too long is told and passed over.

    :param where: path or URL of the file.
    :param limit: bytes that a line may have.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        source = f"{where}#{number}"
        if len(line) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_BLOCK)
            error = InputError(f"{source}: is larger than {limit} bytes", "raise PARLEY_FILE_LIMIT if it is an article")
            yield Item(source, error=error)
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield Item(source, Document(line.strip(b"\xef\xbb\xbf \t\r\n"), "application/json"))


def parse_json(raw: bytes) -> dict[str, object]:
    """Return the fields of one line.

    :raises InputError: if it is no JSON object.
    """
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is no JSON ({error})", 'write one object a line: {"title": "…", "text": "…"}') from None
    if not isinstance(values, dict):
        raise InputError("it is no JSON object", 'write one object a line: {"title": "…", "text": "…"}')
    return values
