"""What form a source has, by how it begins."""

import json
import re
import zlib

from graph.sources.item import Form

__all__ = ["HEAD", "is_gzip", "recognise"]

#: So many bytes are looked at.
HEAD = 8192
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?[^>]*>\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:\w+:)?(\w+)\b",
    re.DOTALL,
)
_ROOTS = {
    b"rss": Form.FEED,
    b"feed": Form.FEED,
    b"RDF": Form.FEED,
    b"urlset": Form.SITEMAP,
    b"sitemapindex": Form.SITEMAP,
}
_URLS = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*(?:#[^\n]*|https?://[^\s<>\"]+[ \t\r]*)(?:\n|\Z))+\s*", re.IGNORECASE)
_FIRST_KEY = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')


def is_gzip(head: bytes) -> bool:
    """Tell whether bytes begin as gzip does."""
    return head.startswith(b"\x1f\x8b")


def recognise(head: bytes) -> Form:
    r"""Return the form of a source that begins so.

    >>> str(recognise(b"<?xml version='1.0'?><rss version='2.0'>")), str(recognise(b"WARC/1.1\r\n"))
    ('feed', 'warc')
    >>> str(recognise(b"They met in Lutz."))
    'article'
    """
    if is_gzip(head):
        try:
            head = zlib.decompressobj(47).decompress(head, HEAD)
        except zlib.error:
            return Form.ARTICLE
    if head.startswith(b"WARC/"):
        return Form.WARC
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\x00", b"")[2:]
    if root := _XML.match(head):
        return _ROOTS.get(root[1], Form.ARTICLE)
    whole = head if len(head) < HEAD else head.rpartition(b"\n")[0]
    if b"://" in whole and _URLS.fullmatch(whole) and re.search(rb"(?m)^\s*https?://", whole):
        return Form.URLS
    if _FIRST_KEY.match(head):
        line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
        try:
            # Of a long first line only the beginning is here: that it begins so has to do.
            return Form.JSONL if len(line) >= HEAD - 16 or isinstance(json.loads(line), dict) else Form.ARTICLE
        except ValueError:
            return Form.ARTICLE
    return Form.ARTICLE
