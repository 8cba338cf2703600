"""No word of the interface stays English on a page in another language: what is neither translated nor data is found.

All kinds of pages are read with a catalog that blanks every word it is asked for; what is left must be from the data.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from babel import Locale
from babel.dates import get_month_names
from flask import Flask
from flask.testing import FlaskClient

from graph.index import FACETS
from graph.store import Dataset
from graph.vocabulary import PREFIXES, RDFS
from tests.web.conftest import ARTICLES, make
from tests.web.pages import BROWSER, Element, Page, page
from tests.web.serving import application
from tests.web.trig import load
from web import language
from web.linked_data.structured import TITLE
from web.published import Published
from web.words import ASPECTS

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
#: Addresses that a page answers with the values that may stand there, as they are written.
LISTED = {"/disagreements?aspect=nobody": frozenset(ASPECTS), "/facets/nobody": frozenset(FACETS)}
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
    "/person/nobody", "/people?page=0", "/people?page=99", "/?page=99", "/on-this-day?day=none", "/facets/nobody",
    "/queries/nobody", "/shapes/nobody", "/disagreements?aspect=nobody", "/person/ana-petrova?page=0", "/ldes/99",
    "/person/ana-petrova?confidence=9", "/embed?from=soon", "/people?generation=none", "/people?generation=99",
    "/queries/meetings-of-a-person?person=Nobody", "/queries/meetings-of-a-person?person=Ana+Petrova&from=soon",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,}")
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


def apart(element: Element) -> bool:
    """Tell whether words in an element claim another language, or are code."""
    return any(e.name in _CODE or (e.name != "html" and "lang" in e.attributes) for e in element.lineage)


def texts_of(shown: Page) -> list[str]:
    """Return the pieces of text of a page, with those in attributes that readers see."""
    said = [e.attributes[name] for e in shown.elements if not apart(e) for name in _SEEN if name in e.attributes]
    return said + [text for text, element in shown.pieces if not apart(element)]


def links_of(shown: Page) -> list[str]:
    """Return where the links of a page lead, but those to another language."""
    return [e.attributes.get("href", "") for e in shown.all("a") if "hreflang" not in e.attributes]


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
    asked = address.partition("?")[0].rpartition("/")[2]
    found = []
    for text in texts:
        # Addresses and fields of one, as written, and names with a prefix, are data.
        written = r"\w+:\w\S*|https?:\S+|[\w./-]*\w/[\w-]\S*|(?<![\w<])/\w+|\b\w+='[^']*'|\b[0-9a-f]{12}\b"
        rest = re.sub(written, " ", " ".join(text.split()))
        rest = data.sub(" ", rest)
        known = NAMELESS | TYPED | {asked} | LISTED.get(address, frozenset())
        words = [word for word in _WORD.findall(rest) if word.casefold() not in known]
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
        shown = page(answer.text)
        wrong = dict.fromkeys(left(texts_of(shown), data, address), address) | wrong
        for link in links_of(shown):
            kind = kind_of(app, link)
            if kind and link not in known and seen[kind] < _OF_A_KIND:
                seen[kind] += 1
                known.add(link)
                waiting.append(link)
    assert len(seen) > 20, seen
    assert not wrong, "\n".join(f"{address}: {text}" for text, address in wrong.items())
