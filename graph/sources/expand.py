"""Opening sources that hold or name many things to read: feeds, sitemaps, JSON Lines, WARC, lists of URLs."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, cast

from graph.errors import InputError
from graph.settings import Settings
from graph.sources.decode import decode_text
from graph.sources.feeds import feed_items
from graph.sources.files import discover, is_web, open_file, read_file
from graph.sources.inflate import Inflater
from graph.sources.isolate import parse_isolated
from graph.sources.item import Document, Form, Item
from graph.sources.jsonlines import json_items
from graph.sources.recognise import HEAD, is_gzip, recognise
from graph.sources.sitemaps import sitemap_items
from graph.sources.urls import url_items

__all__ = ["expand", "file_items", "held_form", "held_items"]


def expand(sources: Sequence[str], settings: Settings, form: Form | None = None) -> Iterator[Item]:
    """Yield what sources stand for: files, folders, URLs, ``-`` for standard input, ``@FILE`` for a list of URLs.

    Web addresses come as they are: what they lead to is seen when they are fetched.

    :param form: the form of the sources; None to see by their content.
    :raises InputError: if a path does not exist, or a folder holds nothing to read.
    """
    seen: set[str] = set()
    for source in sources:
        if source == "-":
            yield from _standard_input(settings, form)
        elif source.startswith("@") and len(source) > 1:
            yield from file_items(source[1:], settings, Form.URLS)
        elif is_web(source):
            yield Item(source, form=form)
        else:
            for path in discover([source], collections=True):
                known = os.path.realpath(path)
                if known in seen:
                    continue
                seen.add(known)
                yield from file_items(path, settings, form)


def file_items(path: str, settings: Settings, form: Form | None = None) -> Iterator[Item]:
    """Yield what a file holds: itself if it is an article, else all that is in it or named by it."""
    if form is None:
        try:
            with open_file(path) as file:
                form = recognise(file.read(HEAD))
        except InputError:
            form = Form.ARTICLE  # reading it will say what is wrong
    shown = path.encode("utf-8", "backslashreplace").decode()
    if form is Form.ARTICLE:
        yield Item(path, form=form)
    elif form in (Form.WARC, Form.JSONL):
        try:
            with open_file(path) as file:
                yield from _streamed(form, file, shown, settings)
        except InputError as error:
            yield Item(shown, error=error)
    else:
        try:
            raw = read_file(path, settings.file_limit)
        except InputError as error:
            yield Item(shown, error=error)
            return
        yield from held_items(form, raw, shown, settings, settings.file_limit)


def held_form(raw: bytes) -> Form:
    """Return the form of a source whose bytes are at hand."""
    return recognise(raw[:HEAD])


def held_items(form: Form, raw: bytes, where: str, settings: Settings, limit: int) -> Iterator[Item]:
    """Yield what a source holds whose bytes are at hand; one item with the error if it cannot be taken apart.

    :param limit: bytes that it may have without its compression.
    """
    if form in (Form.WARC, Form.JSONL):
        yield from _streamed(form, io.BytesIO(raw), where, settings)
        return
    try:
        plain = _plain(raw, where, limit)
        if form is Form.URLS:
            items = url_items(decode_text(plain), where)
        elif form is Form.FEED:
            items = feed_items(parse_isolated(form, plain, where if is_web(where) else ""), where)
        else:
            items = sitemap_items(parse_isolated(form, plain, where if is_web(where) else ""), where)
    except InputError as error:
        cause = error.cause if error.cause.startswith(where) else f"{where}: {error.cause}"
        yield Item(where, error=InputError(cause, error.remedy))
        return
    yield from items


def _plain(raw: bytes, where: str, limit: int) -> bytes:
    if not is_gzip(raw):
        return raw
    inflate = Inflater(where, "gzip")
    plain = inflate(raw, limit + 1)
    if len(plain) > limit:
        raise InputError(f"is larger than {limit} bytes when unpacked", "give a part of it, or raise the limit")
    return plain


def _streamed(form: Form, file: IO[bytes], where: str, settings: Settings) -> Iterator[Item]:
    if form is Form.WARC:
        # Imported when there is one: most runs have none.
        from graph.sources.warc import warc_items

        yield from warc_items(file, where, settings.fetch_limit)
        return
    packed = is_gzip(file.read(2))
    file.seek(0)
    stream = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
    try:
        yield from json_items(stream, where, settings.file_limit)
    except (EOFError, OSError, zlib.error) as error:
        cause = f"{where}: its compression breaks off or is broken ({type(error).__name__})"
        yield Item(where, error=InputError(cause, "what came before is read; get the file again"))


def _standard_input(settings: Settings, form: Form | None) -> Iterator[Item]:
    limit = max(settings.file_limit, settings.fetch_limit)
    raw = sys.stdin.buffer.read(limit + 1)
    if len(raw) > limit:
        raise InputError(f"standard input is larger than {limit} bytes", "save it to a file and read that")
    form = form or held_form(raw)
    if form is Form.ARTICLE:
        yield Item("standard input", Document(raw, "text/markdown"))
    else:
        yield from held_items(form, raw, "standard input", settings, limit)
