"""WARC files (ISO 28500), compressed or not: the pages that are in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from graph.errors import InputError
from graph.sources.item import Document, Item
from graph.sources.pages import TEXTS, content_type
from graph.sources.reading import is_web_iri

__all__ = ["warc_items"]


def warc_items(stream: IO[bytes], where: str, limit: int) -> Iterator[Item]:
    """Yield the pages and texts of ``response`` and ``resource`` records, one record at a time.

    Answers other than 200, pictures and the like are passed over: an archive of a site is full of them. A file that
    breaks off is told after all that came before.

    :param where: path or URL of the file.
    :param limit: bytes that a page may have, before and after decompression.
    """
    number = 0
    try:
        for record in ArchiveIterator(stream):
            number += 1
            if (item := _item(record, f"{where}#{number}", limit)) is not None:
                yield item
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, KeyError, IndexError, TypeError) as error:
        # warcio meets broken bytes with whatever its parts raise.
        cause = f"{where}: breaks off or is broken after record {number} ({type(error).__name__})"
        yield Item(f"{where}#{number + 1}", error=InputError(cause, "what came before is read; get the file again"))


def _item(record: Any, source: str, limit: int) -> Item | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource") or not is_web_iri(url):
        return None
    headers: dict[str, str] = {}
    if record.rec_type == "response":
        if record.http_headers is None or record.http_headers.get_statuscode() != "200":
            return None
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        kind = headers.get("content-type")
    else:
        kind = record.rec_headers.get_header("Content-Type")
    media_type, charset = content_type(kind)
    if media_type not in TEXTS:
        return None
    raw = record.content_stream().read(limit + 1)
    if len(raw) > limit:
        error = InputError(f"{source}: is larger than {limit} bytes", "raise PARLEY_FETCH_LIMIT if it is an article")
        return Item(source, error=error)
    if not raw.strip():
        return None
    headers.pop("set-cookie", None)
    read_at = _time(record.rec_headers.get_header("WARC-Date"))
    return Item(source, Document(raw, media_type, charset, url.partition("#")[0], headers, read_at))


def _time(value: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(value or "")
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
