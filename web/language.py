"""The language of a page: which one a request asks for, and its words and numbers.

Messages are English; the catalogs of other languages lie under ``translations/`` as text and are compiled in memory.
Only pages speak another language: whatever else is sent, is sent in English.
"""

from contextvars import ContextVar
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

from babel import Locale
from babel.dates import get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request

from graph.phrase import Phrase

__all__ = [
    "DEFAULT", "LANGUAGES", "N_", "asked_language", "carried", "decimal", "gettext", "install", "is_spoken",
    "language", "month_name", "ngettext", "number", "pgettext", "speak", "translated",
]  # fmt: skip

DEFAULT = "en"
#: Language of pages -> its name in itself.
LANGUAGES = {"en": "English", "fr": "français"}
# A page asks two thousand times: what `g` has takes longer to look up than most of the words.
_SPOKEN: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalog(tag: str) -> NullTranslations:
    if tag == DEFAULT:
        return NullTranslations()
    source = files("web").joinpath("translations", tag, "LC_MESSAGES", "messages.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=tag))
    compiled.seek(0)
    return Translations(compiled)


def N_(message: str) -> str:  # noqa: N802  # the name that extractors know
    """Mark a message that is translated where it is shown."""
    return message


def asked_language() -> str:
    """Return the language that the request asks for: ``lang=``, else by ``Accept-Language``, else English.

    (RFC 4647, section 3.4: lookup; ``fr-CA`` finds ``fr``.)
    """
    if carried():
        return request.args["lang"]
    for wanted, _ in request.accept_languages:
        tag = wanted.replace("_", "-").casefold()
        while tag:
            if tag in LANGUAGES:
                return tag
            tag = tag.rpartition("-")[0]
    return DEFAULT


def carried() -> str | None:
    """Return the language that the address names, which links carry on."""
    named = request.args.get("lang") if has_request_context() else None
    return named if named in LANGUAGES else None


def speak() -> str:
    """Let what is built for this request be in the language that it asks for, and return that."""
    _SPOKEN.set(asked_language())
    return language()


def is_spoken() -> bool:
    """Tell whether what is built for this request is in the language that it asks for."""
    return _SPOKEN.get() is not None


def language() -> str:
    """Return the language that is spoken: English but on a page."""
    return _SPOKEN.get() or DEFAULT


def gettext(message: str, **values: object) -> str:
    """Return a message in the language of the page."""
    words = str(_catalog(language()).gettext(message))
    return words % values if values else words


def translated(message: str) -> str:
    """Return a message that was marked by `N_`, or a `Phrase`, in the language of the page."""
    if isinstance(message, Phrase):
        values = {name: translated(v) if isinstance(v, Phrase) else v for name, v in message.values.items()}
        return gettext(message.message, **values)
    return str(_catalog(language()).gettext(message)) if message else ""


def pgettext(context: str, message: str, **values: object) -> str:
    """Return a message that means different things in different places."""
    words = str(_catalog(language()).pgettext(context, message))
    return words % values if values else words


def ngettext(one: str, several: str, count: int, **values: object) -> str:
    """Return a message in the form that a number asks for; ``%(num)s`` is the number as it is written."""
    words = str(_catalog(language()).ngettext(one, several, count))
    return words % {"num": number(count), **values}


def number(value: float) -> str:
    """Return a number with the separators of the language."""
    tag = language()
    between = _between_thousands(tag)
    # A drawing and its table have hundreds of numbers.
    return _written(value, tag) if between is None or value != int(value) else f"{int(value):,}".replace(",", between)


@cache
def _between_thousands(tag: str) -> str | None:
    """Return what stands between groups of three digits; None where groups have other lengths."""
    plain = Locale.parse(tag).decimal_formats[None]
    return str(get_group_symbol(tag)) if plain.grouping == (3, 3) else None


def decimal(text: str) -> str:
    """Return a number that is written with a point as the language writes it: ``0.7`` is “0,7” in French."""
    return text.replace(".", get_decimal_symbol(language()))


@lru_cache(4096)
def _written(value: float, tag: str) -> str:
    return str(format_decimal(value, locale=tag))


def month_name(month: int, *, short: bool = False) -> str:
    """Return the name of a month within a date, in full or in a few letters."""
    return str(_months(language(), "abbreviated" if short else "wide")[month])


@cache
def _months(tag: str, width: Literal["wide", "abbreviated"]) -> Any:
    return get_month_names(width, "format", Locale.parse(tag))


def _hush(_: BaseException | None = None) -> None:
    """Speak English again: a thread goes on with the request of somebody else."""
    _SPOKEN.set(None)


def install(app: Flask) -> None:
    """Give templates their messages and numbers."""
    app.before_request(_hush)
    app.teardown_request(_hush)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _bare, lambda one, several, count: _catalog(language()).ngettext(one, several, count), newstyle=True
    )
    env.filters |= {"number": number, "translated": translated}
    env.globals |= {"language": language, "carried_language": carried, "languages": LANGUAGES}


def _bare(message: str) -> str:
    return translated(message)
