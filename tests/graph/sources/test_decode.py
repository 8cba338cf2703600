"""Bytes become text, or are refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.sources.decode import decode_html, decode_text


@pytest.mark.parametrize(
    "raw",
    [
        "Café".encode(),
        codecs.BOM_UTF8 + "Café".encode(),
        codecs.BOM_UTF16_LE + "Café".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Café".encode("utf-16-be"),
    ],
)
def test_text_with_or_without_a_mark(raw: bytes) -> None:
    assert decode_text(raw) == "Café"


def test_a_header_can_name_another_encoding() -> None:
    assert decode_text("Łódź".encode("iso8859-2"), "ISO-8859-2") == "Łódź"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Café".encode("latin-1"), "it is not UTF-8 (byte 0xe9 at offset 3)"),
        (codecs.BOM_UTF8 + b"a\xff", "it is not UTF-8 (byte 0xff at offset 4)"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "it is not UTF-16-LE"),
        (b"\xed\xa0\x80", "it is not UTF-8"),
        (b"They\x00met", "it is binary, not text (NUL byte at 4)"),
        ("They met".encode("utf-16-le"), "it is binary"),
        (b"%PDF-1.7 They met", "it is a PDF"),
        (b"PK\x03\x04", "it is a ZIP archive or office document"),
        (b"\x1f\x8b\x08", "it is gzip-compressed"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_text(raw)
    assert words in str(caught.value)


PAGE = '<html><head>{}</head><body>"Łódź" and “talks”</body></html>'


@pytest.mark.parametrize(
    ("declaration", "codec", "header"),
    [
        ("", "utf-8", None),
        ("", "utf-8", "utf-8"),
        ("", "utf-8-sig", "iso-8859-2"),
        ("", "utf-16", None),
        ("", "cp1250", "windows-1250"),
        ('<meta charset="windows-1250">', "cp1250", None),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">', "cp1250", None),
        ('<meta charset="utf-8">', "cp1250", "windows-1250"),
        ('<meta charset="utf-16">', "utf-8", None),
        ('<meta charset="x-unknown">', "utf-8", "no-such-thing"),
    ],
)
def test_pages_are_decoded_as_browsers_do(declaration: str, codec: str, header: str | None) -> None:
    page = PAGE.format(declaration)
    assert decode_html(page.encode(codec), header) == page


def test_an_old_page_that_says_nothing() -> None:
    assert decode_html("“Café”".encode("cp1252")) == "“Café”"
    assert decode_html("“Café”".encode("cp1252"), "iso-8859-1") == "“Café”"


def test_broken_bytes_do_not_spoil_a_page() -> None:
    assert decode_html(b"They \xff met", "utf-8") == "They � met"


@pytest.mark.parametrize("label", ["utf-7", "rot13", "hex", "unicode_escape", "idna", "zlib", "punycode"])
def test_codecs_that_are_no_character_set_are_not_used(label: str) -> None:
    assert decode_html(b"+AGE- \\x41", label) == "+AGE- \\x41"


@given(
    st.binary(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "gbk", "shift_jis", "koi8-r", "iso-2022-jp"])
)
def test_any_page_is_decoded(raw: bytes, charset: str | None) -> None:
    assert isinstance(decode_html(raw, charset), str)
