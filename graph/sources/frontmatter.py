"""YAML front matter: the block between two ``---`` lines at the top of an article file.

Only the keys of an article are read, the others are ignored. All scalars are text (a title ``1984`` or ``No`` is no
number and no truth value), aliases are refused and the size is limited, so that no document can be made to grow in
memory.
"""

import re
from datetime import date, datetime
from typing import Any

import yaml

from graph.errors import InputError
from graph.sources.reading import is_language, is_web_iri, one_line

__all__ = ["metadata", "parse_date", "split"]

#: Longest front matter, in characters: room for any metadata, none for an attack.
LIMIT = 32_768

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:(?:\s|$)", re.MULTILINE)
_TEXT_KEYS = ("title", "publisher", "license", "genre", "abstract")
_LIST_KEYS = ("authors", "keywords")


def split(text: str) -> tuple[dict[str, Any], str]:
    r"""Take front matter off a text.

    :param text: with ``\n`` line ends.
    :returns: metadata, named as the fields of an article; and the text below the front matter.
    :raises InputError: if the front matter is not closed, is no YAML mapping, or a key has a wrong value.

    >>> split("---\ntitle: Talks\npublished: 2019-02-28\n---\n\nThey met.")
    ({'title': 'Talks', 'published': datetime.date(2019, 2, 28)}, '\nThey met.')
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, text
    rest = text[opening.end() :]
    closing = _CLOSING.search(rest, 0, LIMIT)
    block = rest[: closing.start()] if closing else rest[:LIMIT]
    if not _KEY.search(block):  # a rule above the text, not front matter
        return {}, text
    if not closing:
        if len(rest) > LIMIT:
            raise InputError(f"the front matter does not end within {LIMIT} characters", "close it with a line ---")
        raise InputError("the front matter is not closed", "end it with a line --- before the text")
    return metadata(_load(block)), rest[closing.end() :]


class _Loader(yaml.BaseLoader):
    """Reads every scalar as text; refuses aliases, with which a few lines can describe gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)


def _load(block: str) -> dict[Any, Any]:
    try:
        loader = _Loader(block)
        try:
            values = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        remedy = "write `key: value` lines, with quotes around values that hold a colon"
        raise InputError(f"the front matter is no YAML{where}: {problem}", remedy) from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"the front matter is no YAML: {type(error).__name__}", "write `key: value` lines") from None
    if not isinstance(values, dict):
        raise InputError("the front matter is no list of keys and values", "write `key: value` lines")
    return values


def metadata(values: dict[Any, Any]) -> dict[str, Any]:
    """Return the fields of an article that values hold, under the names that front matter has.

    :raises InputError: if one of them is not what it should be.
    """
    found: dict[str, Any] = {key: _text(key, values[key]) for key in (*_TEXT_KEYS, "url", "language") if key in values}
    found |= {key: _texts(key, values[key]) for key in _LIST_KEYS if key in values}
    if "author" in values and not found.get("authors"):
        found["authors"] = _texts("author", values["author"])
    for key in ("published", "date"):
        if not found.get("published") and (written := _text(key, values.get(key, ""))):
            found["published"] = parse_date(key, written)
    if found.get("url") and not is_web_iri(found["url"]):
        raise InputError(f"url: {found['url']!r} is no web address", "write an http or https URL")
    if language := found.get("language"):
        if not is_language(language):
            raise InputError(f"language: {language!r} is no language tag", "write a tag like en or pt-br")
        found["language"] = language.lower()
    return {key: value for key, value in found.items() if value}


def _text(key: str, value: object) -> str | None:
    if isinstance(value, list | dict):
        kind = "a list" if isinstance(value, list) else "a mapping"
        raise InputError(f"{key}: is {kind}", f"write one text after `{key}:`")
    return None if value in ("~", "null") else one_line(str(value))


def _texts(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        raise InputError(f"{key}: is a mapping", f"write a text or a list of texts after `{key}:`")
    texts = [_text(key, item) for item in value] if isinstance(value, list) else [_text(key, value)]
    return tuple(dict.fromkeys(text for text in texts if text))


def parse_date(key: str, value: str) -> date:
    """Read a date, or the date of a date and time, as it is written.

    :param key: named in the error.
    :raises InputError: if it is none.

    >>> parse_date("published", "2019-07-01T09:30:00Z")
    datetime.date(2019, 7, 1)
    """
    try:
        if not re.match(r"\d{4}-\d\d-\d\d(?:[T ]\d|\Z)", value, re.ASCII):
            raise ValueError
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise InputError(f"{key}: {value!r} is no date", "write YYYY-MM-DD") from None
