"""No word of the interface stays English on a page in another language: what is neither translated nor data is found.

All kinds of pages are read with a catalog that blanks every word it is asked for; what is left must be from the data.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from babel import Locale
from babel.dates import get_month_names
from flask import Flask
from flask.testing import FlaskClient

from graph.store import Dataset
from graph.vocabulary import PREFIXES, RDFS
from tests.web.conftest import ARTICLES, make
from tests.web.pages import BROWSER
from tests.web.serving import application
from tests.web.trig import load
from web import language
from web.published import Published
from web.structured import TITLE

#: What has one name in all languages: formats, standards, licences, programs, fields of addresses.
NAMELESS = frozenset(
    re.findall(
        r"\w+",
        "parley sparql csv json jsonld turtle rdf xml tsv html triples quads atom trig timex timelinejs bibtex csl iri "
        "icalendar void dcat ldes shacl edtf hydra sha utc yasgui english français geonames wikidata",
    )
) | set(PREFIXES)
#: What the addresses below search for and get wrong.
TYPED = frozenset({"petrova", "nobody", "nothingatall", "soon", "none", "selec"})
#: Addresses that no link on a page has: forms that were filled in, and mistakes.
STARTS = (
    "/", "/?from=2021&confidence=0.7&group=person&type=Meeting&status=occurred&q=petrova&source=official-records",
    "/?from=2021-13&confidence=9", "/?sort=none&group=none&page=x", "/?from=2022&to=2021", "/?group=place",
    "/?from=0000",
    "/?from=soon", "/?from=2021-02-30", "/?from=2021-05&to=2021-05", "/?from=2021-01&to=2021-12", "/?q=nothingatall",
    "/compare", "/compare?a=person/ana-petrova&b=person/tom-harding", "/compare?a=Ana+Petrova&b=Ana+Petrova",
    "/compare?a=Nobody&b=Petrova", "/sparql?query=ASK{}", "/sparql?query=SELEC", "/people?q=nobody",
    "/facets/type", "/facets/source", "/facets/status", "/ldes", "/queries", "/disagreements", "/dumps", "/shapes",
    "/ontology", "/.well-known/void", "/on-this-day?day=05-02", "/print", "/embed", "/nothing-here",
    "/queries/meetings-of-a-person?person=Nobody", "/queries/meetings-of-a-person?person=Ana+Petrova&from=soon",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,}")
_VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "base"})
#: Elements whose text is code, an address or an identifier.
_CODE = frozenset({"code", "pre", "script", "style", "textarea"})
#: Attributes that readers see or hear.
_SEEN = ("title", "aria-label", "alt", "placeholder")
#: Pages of one kind that are read.
_OF_A_KIND = 2


class Blank:
    """A catalog that blanks the words of messages and leaves what is put into them."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s|<[^>]*>)", message)
        shown = (
            re.sub(r'(title|aria-label)="[^"]*"', "", part) if part[:1] in ("%", "<") else blank(part) for part in parts
        )
        return "".join(shown)

    def ngettext(self, one: str, several: str, count: int) -> str:
        return self.gettext(one if count == 1 else several)

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)


def blank(text: str) -> str:
    return re.sub(r"[^\W\d_]", "·", text)


class Reader(HTMLParser):
    """Collects the links of a page, and the pieces of text that claim no other language and are no code."""

    def __init__(self) -> None:
        super().__init__()
        self._open = [False]
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "hreflang" not in given:
            self.links.append(given.get("href", ""))
        apart = self._open[-1] or tag in _CODE or (tag != "html" and "lang" in given)
        if not apart:
            self.texts += [given[name] for name in _SEEN if name in given]
        if tag not in _VOID:
            self._open.append(apart)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, _tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open[-1]:
            self.texts.append(data)


@pytest.fixture(scope="module", params=["articles", "disagreements.trig", "outcomes.trig", "quotations.trig"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path, name = tmp_path_factory.mktemp("untranslated"), str(request.param)
    return make(path, ARTICLES, records=12) if name == "articles" else load(path, name, "https://zubrowka.example/")


@pytest.fixture(scope="module")
def app(made: Dataset) -> Iterator[Flask]:
    with application(made) as app:
        yield app


def data_of(app: Flask) -> re.Pattern[str]:
    """Return a pattern of the names and texts in the data, the longest first."""
    published = app.extensions["parley"]
    assert isinstance(published, Published)
    store = published.current().store
    # Words such as "said" are in the data, too: as words of the interface they would pass unseen.
    texts = {TITLE} | {
        " ".join(quad.object.value.split()) for quad in store
        if isinstance(quad.object, ox.Literal)
        and (quad.predicate.value == str(RDFS.label) or not re.fullmatch(r"[a-z]+", quad.object.value))
    }  # fmt: skip
    months = {
        name.rstrip(".") for width in ("wide", "abbreviated")
        for name in get_month_names(width, "format", Locale.parse("fr")).values()
    }  # fmt: skip
    return re.compile("|".join(rf"(?<!\w){re.escape(t)}(?!\w)" for t in sorted(texts | months, key=len, reverse=True)))


def left(texts: list[str], data: re.Pattern[str], address: str) -> list[str]:
    """Return the pieces of text with words that are neither translated nor from the data."""
    page = address.partition("?")[0].rpartition("/")[2]
    found = []
    for text in texts:
        # Addresses, and names with a prefix, are data.
        rest = re.sub(r"\w+:\w\S*|https?:\S+|[\w./-]*\w/[\w-]\S*|\b[0-9a-f]{12}\b", " ", " ".join(text.split()))
        rest = data.sub(" ", rest)
        words = [word for word in _WORD.findall(rest) if word.casefold() not in NAMELESS | TYPED | {page}]
        if words:
            found.append(f"{' '.join(text.split())[:120]} [{' '.join(words)}]")
    return found


def kind_of(app: Flask, address: str) -> tuple[str, str] | None:
    """Return which kind of page an address leads to; None if it leads to none."""
    path = address.partition("?")[0].partition("#")[0]
    if not path.startswith("/") or re.search(r"\.\w+$", path):
        return None
    endpoint, values = app.url_map.bind("localhost").match(path)
    return endpoint, str(next(iter(values.values()), "")).partition("/")[0]


def test_no_interface_word_is_left_in_english(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalog", lambda _tag: Blank())
    data, seen, wrong = data_of(app), Counter[tuple[str, str]](), dict[str, str]()
    waiting, known = list(STARTS), set(STARTS)
    while waiting:
        address = waiting.pop(0)
        asked = f"{address}{'&' if '?' in address else '?'}lang=fr" if "lang=fr" not in address else address
        answer = client.get(asked, headers={"Accept": BROWSER})
        if answer.mimetype != "text/html" or answer.location:
            continue
        reader = Reader()
        reader.feed(answer.text)
        wrong = dict.fromkeys(left(reader.texts, data, address), address) | wrong
        for link in reader.links:
            kind = kind_of(app, link)
            if kind and link not in known and seen[kind] < _OF_A_KIND:
                seen[kind] += 1
                known.add(link)
                waiting.append(link)
    assert len(seen) > 20, seen
    assert not wrong, "\n".join(f"{address}: {text}" for text, address in wrong.items())
