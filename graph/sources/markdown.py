"""Markdown as plain text: markup goes, words and paragraphs stay.

Careful rather than complete: a text without markup comes out exactly as it went in, and what might be words is
kept. So list marks and rules stay, a bracket is a link only before something that looks like an address, and an
asterisk is emphasis only in pairs around words. The constructs are those of CommonMark 0.31.
"""

import html
import itertools
import re

__all__ = ["headline", "plain", "unwrap"]

_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]+)\]:[ \t]+<?\S+>?(?:[ \t]+[\"'(].*)?$\n?", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_UNDERLINE = re.compile(r"(?<=\S\n)=+[ \t]*$\n?", re.MULTILINE)
_QUOTED = re.compile(r"^ {0,3}>[ \t]?(?=\S|$)", re.MULTILINE)
_TARGET = r"\((?:<[^>\n]*>|(?=[^\s()]*[./#:])[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)"
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]" + _TARGET)
_LINK = re.compile(r"\[([^\[\]\n]+)\]" + _TARGET)
_REFERENCE = re.compile(r"\[([^\[\]\n]+)\] ?\[([^\[\]\n]*)\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
_BOTH = re.compile(r"(?<![\\*\w])\*\*\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*\*\*(?![*\w])")
_STRONG = re.compile(r"(?<![\\*])\*\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*\*(?!\*)")
_STRONG_LINE = re.compile(r"(?<![\\\w])__(?=[^\s_])([^_\n]+?)(?<=[^\s_\\])__(?!\w)")
_EMPHASIS = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![*\w])")
_EMPHASIS_LINE = re.compile(r"(?<![\\\w])_(?=[^\s_])([^_\n]+?)(?<=[^\s_\\])_(?!\w)")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    r"""Return the text without its Markdown.

    :param text: with ``\n`` line ends.

    >>> plain("# Talks\n\nThe *two* met in [Zubrowka](https://zubrowka.example/).")
    'Talks\n\nThe two met in Zubrowka.'
    """
    text = _without_comments(text)
    names = {m.group(1).casefold() for m in _DEFINITION.finditer(text)}
    text = _DEFINITION.sub("", text)
    text = _UNDERLINE.sub("", text)
    text = _QUOTED.sub("", _HEADING.sub(lambda m: _closed(m[1]), text))
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    if names:
        text = _REFERENCE.sub(lambda m: m[1] if (m[2] or m[1]).casefold() in names else m[0], text)
    text = _AUTOLINK.sub(r"\1", text)
    for pattern in (_BOTH, _STRONG, _STRONG_LINE, _EMPHASIS, _EMPHASIS_LINE):
        text = pattern.sub(r"\1", text)
    return _ENTITY.sub(lambda m: html.unescape(m[0]), _ESCAPE.sub(r"\1", text))


def _without_comments(text: str) -> str:
    # By hand: a pattern would look for the end of each of a million comments that have none.
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join((*kept, text[at:]))


def _closed(heading: str) -> str:
    """Take the closing number signs off a heading."""
    heading = heading.rstrip(" \t")
    bare = heading.rstrip("#")
    return bare.rstrip(" \t") if bare.endswith((" ", "\t")) else heading


_HEADLINE = re.compile(r"\s*#[ \t]+(\S.*)(?:\n|\Z)")


def headline(text: str) -> tuple[str, str] | None:
    r"""Take the headline off a text that starts with one.

    >>> headline("# The *talks*\n\nThey met.")
    ('The talks', '\nThey met.')
    """
    found = _HEADLINE.match(text)
    return (plain(_closed(found[1])), text[found.end() :]) if found else None


#: A text is taken for hard-wrapped if its longest line is this long, in characters.
_NARROWEST, _WIDEST = 50, 120
#: ... and there are so many breaks of wrapping, and they are so large a part of the breaks inside paragraphs.
_FEWEST, _MOST = 2, 0.75

_NEW_LINE = re.compile(r"[ \t]|[-*+•–—>|]|\d+[.)]\s|[A-Z][\w.' ]{0,40}:\s")


def unwrap(text: str) -> str:
    r"""Join the lines of a text that was wrapped at some column, for a paragraph is what stands between line breaks.

    A break is one of wrapping if the next line's first word would not have fitted. Each is replaced by one space,
    so that offsets stay. A text with longer lines than anyone wraps at, or with other breaks as well, is left alone.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return text
    inside = [
        i for i, (a, b) in enumerate(itertools.pairwise(lines)) if a.strip() and b.strip() and not _NEW_LINE.match(b)
    ]
    wrapped = {i for i in inside if len(lines[i]) + 1 + len(lines[i + 1].split(" ", 1)[0]) > width}
    if len(wrapped) < _FEWEST or len(wrapped) < _MOST * len(inside):
        return text
    return "".join(line + (" " if i in wrapped else "\n") for i, line in enumerate(lines))[:-1]
