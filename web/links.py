"""Links as pages show them. A list of events has hundreds, so they are put together here and not by a template."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from web.language import DEFAULT, language
from web.language import gettext as _

__all__ = ["as_read", "link", "links"]

#: Kinds of things whose names are words of the data and no proper names.
_IN_WORDS = ("event", "article", "record")


def as_read(key: str | None = None) -> Markup:
    """Return the attribute for what is shown as it is in the data, on a page in another language (WCAG 2.2, 3.1.2).

    :param key: of the thing whose name is shown. Names of people and places are in no language.
    """
    known = language() == DEFAULT or (key and key.partition("/")[0] not in _IN_WORDS)
    return Markup() if known else Markup(' lang="{}"').format(DEFAULT)


def link(to: Any, name: str | None = None) -> Markup:
    """Return a link, or only the name of what has no address.

    :param to: has ``name``, ``url`` and ``key``, as fields or as attributes.
    :param name: instead of its own.
    """
    values = to if isinstance(to, Mapping) else {each: getattr(to, each, None) for each in ("name", "url", "key")}
    words, url, key = escape(name or values["name"]), values.get("url"), values.get("key")
    if not url:
        return words
    read = as_read(key) if key and not name else ""
    return Markup(f'<a href="{escape(url)}"{read}>{words}</a>')  # noqa: S704 - each part is escaped above, or here


def links(every: Sequence[Any], most: int | None = None) -> Markup:
    """Return links to several things, and how many more there are than are shown."""
    shown = Markup(", ").join(link(to) for to in every[:most])
    if most is None or len(every) <= most:
        return shown
    return shown + Markup(" ") + _("and %(more)s more", more=len(every) - most)
