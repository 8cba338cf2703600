"""The tokens of a query (SPARQL 1.1 Query Language, section 19.8), and which of them is the first that cannot stand.

Needs nothing but the standard library: the worker processes load it by its path.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

__all__ = ["COMMENT", "IRI", "PADDING", "STRING", "Token", "first_fault", "tokens"]

#: What follows a part of a query that is tried. The engine's parser names a place up to a keyword's length behind the
#: fault, the longest being ENCODE_FOR_URI; only what fails at the very end of so many lines has no fault before.
PADDING = "\n" * 40
_NAME = r"[^\W_](?:[\w.\-·]*[\w\-·])?"
_LOCAL = r"(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\.|\.(?=[\w:\-·%\\.]))*"
#: Patterns (in verbose syntax) of what can hold any other sign.
COMMENT = r"\#[^\r\n]*"
STRING = (
    r"""\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''"""
    r"""| "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'"""
)
IRI = r"<[^<>\"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>\"{}|^`\\\x00-\x20]*)*>"
_TOKEN = re.compile(
    rf"""
    (?P<space> \s+ )
  | (?P<sign> [!&*+,/;=>^|] )
  | (?P<open> [({{\[] )
  | (?P<close> [)}}\]] )
  | (?P<variable> [?$]\w+ )
  | (?P<comment> {COMMENT} )
  | (?P<string> {STRING} )
  | (?P<iri> {IRI} )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<name> (?:_|{_NAME})?:{_LOCAL} )
  | (?P<number> (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
  | (?P<word> [^\W\d]\w* )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token of a query: its kind (a group of the tokenizer), its text, and where it starts."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Split a query into tokens, without white space and comments.

    Never fails: what is no token comes as a mark of one character, and the engine's parser has the last word.

    >>> [token.text for token in tokens("BASE <urn:b> ASK { <urn:a> ?p 'SERVICE' } # SERVICE")]
    ['BASE', '<urn:b>', 'ASK', '{', '<urn:a>', '?p', "'SERVICE'", '}']
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind == "sign":  # a mark that begins nothing longer: found before all that is looked for at length
            kind = "mark"
        if kind not in ("space", "comment"):
            yield Token(kind, match[0], match.start())


def first_fault(text: str, stands: Callable[[str], bool]) -> int:
    """Return the offset of the first token with which no query can go on; the end of the text if there is none.

    :param stands: tells whether a query can begin with a text, which ends in :data:`PADDING`.

    >>> first_fault("{ ?s ?p }", lambda beginning: "}" not in beginning)
    8
    """
    found = list(tokens(text))
    # So many tokens stand, and so many do not.
    low, high = 0, len(found) + 1
    while high - low > 1:
        middle = (low + high) // 2
        last = found[middle - 1]
        if stands(text[: last.start + len(last.text)] + PADDING):
            low = middle
        else:
            high = middle
    return found[low].start if low < len(found) else len(text.rstrip())
