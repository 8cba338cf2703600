"""Bytes as text: strictly for files that people write, as browsers do it for web pages."""

import codecs
import re

from graph.errors import InputError

__all__ = ["decode_html", "decode_text", "looks_like_html"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
# The labels of the WHATWG Encoding Standard that Python knows; its codecs that are no character sets stay out.
_CHARSET = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|windows-125[0-8]|cp125[0-8]|x-cp125[0-2]|iso-?8859-?\d{1,2}|latin-?[1-9]|l1|us-ascii|ascii"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|big5-hkscs|shift[_-]jis|sjis|euc-(?:jp|kr)|iso-2022-jp|macintosh|ibm866|cp866"
    r"|tis-620|windows-874",
    re.IGNORECASE,
)
_SPECIAL = {"macintosh": "mac-roman", "windows-874": "cp874", "iso-2022-jp": "iso2022_jp", "x-cp1251": "cp1251",
            "x-cp1252": "cp1252", "x-cp1250": "cp1250"}  # fmt: skip
_META = re.compile(rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")


def decode_text(raw: bytes, charset: str | None = None) -> str:
    """Decode a text file: UTF-8, or UTF-16 with its byte order mark; a guess could change words and offsets.

    :param charset: what an HTTP header names; None for files.
    :raises InputError: if it is binary, or not in that encoding.
    """
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            raise InputError(f"it is {kind}, not text", "save the article as plain text, Markdown or HTML")
    mark, codec = next(((m, c) for m, c in _MARKS if raw.startswith(m)), (b"", _codec(charset) or "utf-8"))
    if not codec.startswith("utf-16") and b"\x00" in raw:
        at = raw.index(b"\x00")
        raise InputError(f"it is binary, not text (NUL byte at {at})", "save the article as UTF-8 text")
    try:
        return raw[len(mark) :].decode(codec)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        name = codec.upper()
        raise InputError(f"it is not {name} (byte 0x{raw[at]:02x} at offset {at})", "save it as UTF-8") from None


def decode_html(raw: bytes, charset: str | None = None) -> str:
    """Decode a web page: byte order mark, HTTP header, what the page declares, UTF-8, Windows-1252, in that order.

    The order is that of the HTML standard, section 13.2.3.2. Never fails: a page that fits none of them is decoded as
    what it says that it is, and bytes that are wrong become U+FFFD.
    """
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace")
    head = raw[:4096]
    declared = _DECLARATION.match(head) or _META.search(head)
    inner = _codec(declared.group(1).decode("ascii")) if declared else None
    if inner and inner.startswith("utf-16"):  # bytes in which an ASCII pattern was found are not UTF-16
        inner = "utf-8"
    candidates = [codec for codec in (_codec(charset), inner, "utf-8") if codec]
    for codec in candidates:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    if candidates == ["utf-8"]:
        return raw.decode("cp1252", "replace")
    return raw.decode(candidates[0], "replace")


def _codec(label: str | None) -> str | None:
    """Return Python's name for a character set, None if there is none or it is none."""
    label = (label or "").strip().lower()
    if not _CHARSET.fullmatch(label):
        return None
    if label in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"):
        return "cp1252"  # as the Encoding Standard has it
    try:
        return codecs.lookup(_SPECIAL.get(label, label)).name
    except LookupError:
        return None


def looks_like_html(text: str) -> bool:
    """Tell whether a text starts as a web page does.

    >>> looks_like_html("<!DOCTYPE html><p>Hi"), looks_like_html("Talks <html>")
    (True, False)
    """
    return bool(_START.match(text[:4096]))
