"""Pages in other languages: catalogs that are complete, the choice of a language, dates, and what stays English."""

import ast
import builtins
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

import graph.sparql
from tests.translations import CATALOGS, extracted
from tests.web.pages import BROWSER, Page, fetch, page
from web import language
from web.language import LANGUAGES
from web.timeline.confidence import printed
from web.words import date_in_words, time_in_words

OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def catalog(tag: str) -> Catalog:
    with (CATALOGS / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=tag)


def keys(messages: Catalog) -> set[tuple[str | None, str]]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in messages if m.id}


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_the_template_has_the_messages_of_today() -> None:
    with (CATALOGS / "messages.pot").open("rb") as file:
        template = read_po(file)
    assert keys(template) == keys(extracted()), "run: python -m tests.translations"


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalog_is_complete(tag: str) -> None:
    there = catalog(tag)
    assert keys(there) == keys(extracted()), "run: python -m tests.translations"
    assert not there.obsolete
    assert [m.id for m in there if m.id and (m.fuzzy or not all(forms(m)))] == []
    assert all(len(forms(m)) == there.num_plurals for m in there if m.pluralizable)


@pytest.mark.parametrize("tag", OTHERS)
def test_placeholders_and_tags_agree(tag: str) -> None:
    for message in (m for m in catalog(tag) if m.id):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        for number, form in enumerate(forms(message)):
            english = ids[min(number, len(ids) - 1)]
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(english)), english
            assert sorted(re.findall(r"</?\w+", form)) == sorted(re.findall(r"</?\w+", english)), english


@pytest.mark.parametrize(
    ("address", "accepts", "expected"),
    [
        ("/", None, "en"),
        ("/", "fr", "fr"),
        ("/", "fr-CA, en;q=0.5", "fr"),
        ("/", "de, en;q=0.8, fr;q=0.4", "en"),
        ("/", "de", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=en", "fr", "en"),
        ("/?lang=tlh", "fr", "fr"),
        ("/nothing-here", "fr", "fr"),
        ("/sparql", "fr", "fr"),
    ],
)
def test_the_language_that_is_asked_for(client: FlaskClient, address: str, accepts: str | None, expected: str) -> None:
    headers = {"Accept": BROWSER} | ({"Accept-Language": accepts} if accepts else {})
    response = client.get(address, headers=headers)
    assert f'<html lang="{expected}">' in response.text
    assert response.headers["Content-Language"] == expected
    assert "Accept-Language" in response.vary


def test_data_has_one_language(client: FlaskClient) -> None:
    plain = client.get("/events.json")
    french = client.get("/events.json", headers={"Accept-Language": "fr"})
    assert plain.data == french.data
    assert plain.headers["ETag"] == french.headers["ETag"]
    assert "Accept-Language" not in french.vary
    assert "Content-Language" not in french.headers
    assert b"lang=" not in client.get("/events.json?lang=fr").data


def test_each_language_has_a_tag_of_its_own(client: FlaskClient) -> None:
    english = client.get("/people", headers={"Accept": BROWSER})
    french = client.get("/people", headers={"Accept": BROWSER, "Accept-Language": "fr"})
    assert english.headers["ETag"] != french.headers["ETag"]
    again = {"Accept": BROWSER, "Accept-Language": "fr", "If-None-Match": french.headers["ETag"]}
    unchanged = client.get("/people", headers=again)
    assert unchanged.status_code == 304
    assert "Accept-Language" in unchanged.vary
    assert client.get("/people", headers=again | {"Accept-Language": "en"}).status_code == 200


def test_links_carry_on_the_language_of_an_address(client: FlaskClient) -> None:
    shown = fetch(client, "/?lang=fr")
    inside = [e.attributes["href"] for e in shown.all("a") if e.attributes["href"].startswith("/")]
    pages = [url for url in inside if not re.search(r"\.\w+(\?|$)|/feed$", url) and "hreflang" not in url]
    assert pages
    assert [url for url in pages if "lang=" not in url] == []
    assert not [url for url in inside if ".json" in url and "lang=" in url]
    assert [e.attributes["value"] for e in shown.all("input") if e.attributes["name"] == "lang"] == ["fr"]
    assert "lang=" not in " ".join(
        e.attributes["href"] for e in fetch(client, "/").all("a") if "hreflang" not in e.attributes
    )


def test_the_switch_names_each_language_in_itself(client: FlaskClient) -> None:
    shown = fetch(client, "/people?lang=fr&q=petrova")
    switch = {e.attributes["hreflang"]: e for e in shown.all("a") if "hreflang" in e.attributes}
    assert {tag: e.text for tag, e in switch.items()} == LANGUAGES
    assert switch["en"].attributes["href"] == "/people?q=petrova&lang=en"
    assert {e.attributes["hreflang"] for e in shown.all("link", rel="alternate") if "hreflang" in e.attributes} == set(
        LANGUAGES
    )


def test_a_page_in_french(client: FlaskClient) -> None:
    shown = fetch(client, "/?lang=fr")
    assert "Chronologie" in shown.text
    for english in ("Timeline of", "Remove", "Apply", "Undated", "earliest first", "Disagreements", "This page as"):
        assert english not in shown.text


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2019-02", "courant février 2019"),
        ("2019", "courant 2019"),
        ("2019-21", "pendant le printemps 2019"),
        ("201X", "pendant les années 2010"),
        ("2019-03-01", "1er mars 2019"),
        ("2019-06-30~", "vers le 30 juin 2019"),
        ("2019-02-27/2019-02-28", "27–28 février 2019"),
        ("2019-02-27/2019-03-01", "27 février – 1er mars 2019"),
        ("2019-03/..", "depuis mars 2019"),
        ("../2019-06-29", "avant le 30 juin 2019"),
        ("../2018", "avant 2019"),
        ("-0043", "courant 44 av. J.-C."),
        ("[2018,2019]", "soit 2018 ou 2019"),
        (None, "sans date"),
    ],
)
def test_dates_in_french(app: Flask, edtf: str | None, expected: str) -> None:
    with app.test_request_context("/?lang=fr"):
        language.speak()
        assert time_in_words(edtf) == expected


def test_outside_of_a_page_words_are_english(app: Flask) -> None:
    assert date_in_words(date(2019, 3, 1)) == "1 March 2019"
    with app.test_request_context("/?lang=fr"):
        assert date_in_words(date(2019, 3, 1)) == "1 March 2019"


@pytest.mark.parametrize(("count", "expected"), [(0, "0 événement"), (1, "1 événement"), (2, "2 événements")])
def test_french_counts_none_as_one(app: Flask, count: int, expected: str) -> None:
    with app.test_request_context("/?lang=fr"):
        language.speak()
        assert f"{count} {language.ngettext('event', 'events', count)}" == expected
        assert language.number(12345) == "12\u202f345"


def test_the_page_of_a_thing_in_french(client: FlaskClient) -> None:
    shown = fetch(client, "/person/ana-petrova?lang=fr")
    assert "Déclarations" in shown.text or "déclaration" in shown.text
    assert "Sur la chronologie" in shown.text


def test_what_is_kept_for_all_pages_has_no_language(client: FlaskClient) -> None:
    french, english = fetch(client, "/articles?lang=fr").text, fetch(client, "/articles").text
    assert "20 mai 2021" in french
    assert "20 May 2021" in english
    assert "20 mai 2021" in fetch(client, "/articles?lang=fr").text


@pytest.mark.parametrize(
    "address",
    [
        "/person/nobody", "/person/ana-petrova?page=0", "/person/ana-petrova?page=99", "/person/ana-petrova?claims=0",
        "/person/ana-petrova?confidence=9", "/people?page=0", "/people?page=99", "/?page=99", "/print?from=soon",
        "/on-this-day?day=none", "/facets/nothing", "/facets/person?page=99", "/queries/nothing", "/shapes/nothing",
        "/disagreements?aspect=nothing", "/ldes/99", "/embed/event/nothing", "/people?generation=x",
        "/people?generation=99", "/nothing-here",
    ],
)  # fmt: skip
def test_a_mistake_is_told_of_in_the_language_of_the_page(client: FlaskClient, address: str) -> None:
    french = f"{address}{'&' if '?' in address else '?'}lang=fr"
    told = client.get(address, headers={"Accept": "application/json"})
    assert told.status_code >= 400
    shown = page(client.get(french, headers={"Accept": BROWSER}).text)
    told_of = [e for e in shown.all("p") if e.parent and e.parent.attributes.get("class") == "error-page"]
    cause, remedy = told_of[1:3]
    assert not {e.attributes.get("lang") for e in shown.elements if shown.one("main") in e.lineage} & {"en"}
    for part, words in (("cause", cause.text), ("remedy", remedy.text)):
        assert words
        assert words[1:-1] != told.get_json()["error"][part][1:]


def test_a_sentence_begins_with_a_capital_and_a_field_does_not(client: FlaskClient) -> None:
    shown = fetch(client, "/people?page=0", 400).text
    assert "Bad Request page='0' is no page number. Give a number from 1 on." in shown


def test_what_the_command_line_says_too_is_marked_as_english(client: FlaskClient) -> None:
    shown = page(client.get("/people?format=nothing&lang=fr", headers={"Accept": BROWSER}).text)
    told = client.get("/people?format=nothing", headers={"Accept": "application/json"}).get_json()["error"]
    marked = [e.text for e in shown.all("span", lang="en")]
    assert [words[1:-1] for words in marked] == [told["cause"][1:], told["remedy"][1:]]


@pytest.mark.parametrize(("tag", "expected"), [("en", ("0.7", "0.69")), ("fr", ("0,7", "0,69"))])
def test_decimals_have_the_sign_of_the_language(app: Flask, tag: str, expected: tuple[str, str]) -> None:
    with app.test_request_context(f"/?lang={tag}"):
        language.speak()
        assert (language.decimal("0.7"), printed(0.699)) == expected


class Marked:
    """A catalog that marks what goes through it."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, several: str, count: int) -> str:
        return f"⟦{one if count == 1 else several}⟧"

    def pgettext(self, _context: str, message: str) -> str:
        return f"⟦{message}⟧"


@pytest.mark.parametrize(
    "address",
    [
        "/", "/?from=2021&confidence=0.7&group=person", "/people", "/articles", "/person/ana-petrova", "/place/geneva",
        "/compare?a=person/ana-petrova&b=person/tom-harding", "/queries", "/sparql", "/dumps", "/ldes", "/shapes",
        "/disagreements", "/on-this-day?day=05-02", "/print", "/facets/person", "/.well-known/void",
    ],
)  # fmt: skip
def test_no_words_of_a_page_are_written_into_its_template(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(language, "_catalog", lambda _tag: Marked())
    source = client.get(address, headers={"Accept": BROWSER, "Accept-Language": "fr"}).text
    # What holds words of pages only, never names from the data.
    # A label without "for" is around a checkbox and the name of a value.
    holders = "button|figcaption|legend|nav|label"
    found = re.findall(rf"<(?!label>)(?:{holders})\b[^>]*>(.*?)</(?:{holders})>", source, re.S)
    assert found
    for inner in found:
        text = re.sub(r"<title>.*?</title>|<[^>]*>", "", inner, flags=re.S)
        while "⟦" in text:
            text, before = re.sub(r"⟦[^⟦⟧]*⟧", "", text), text
            assert text != before
        assert not re.search(r"[A-Za-z]{3}", text), f"{address}: {' '.join(text.split())}"


def test_what_is_quoted_keeps_its_language(client: FlaskClient) -> None:
    event = client.get("/events.json?person=ana-petrova").get_json()["events"][0]["url"]
    french = client.get(f"{event}?lang=fr", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert re.search(r'<h1 lang="en">', french)
    assert re.search(r'<blockquote class="quote"><p lang="en">', french)
    # Names are of no language.
    assert not re.search(r'<a href="/person/[^"]*" lang=', french)
    english = client.get(event, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert (
        'lang="en"'
        not in english.replace('<html lang="en">', "").replace('hreflang="en"', "").partition('<footer class="site"')[0]
    )


#: Addresses that are wrong -> how the cause begins in French; each is asked for as a browser does.
_IN_FRENCH = {
    "/sparql?query=SELECT+nonsense": "Ligne 1, colonne ",
    "/sparql?query=INSERT+DATA+{}": "Ligne 1, colonne 1",
    "/sparql?query=SELECT+*+{+?s+no:p+?o+}": "Ligne 1, colonne ",
    "/sparql?query=SELECT+*+{+SERVICE+<http://else.example/>+{}+}": "Ligne 1, colonne ",
    "/sparql?query=+": "La requête est vide",
    "/sparql?query=ASK+{}&timeout=soon": "timeout='soon' n’est pas",
    "/sparql?query=ASK+{}&default-graph-uri=x+y": "'x y' n’est pas",
    "/graph-store": "La requête ne nomme aucun graphe",
    "/graph-store?graph=nobody": "Il n’y a pas de graphe",
    "/oembed": "url= manque",
    "/oembed?url=https://else.example/": "Https://else.example/ n’est pas une page d’ici",
    "/oembed?url=/&maxwidth=wide": "maxwidth='wide' n’est pas un nombre",
    "/oembed?format=yaml": "format='yaml' n’est pas proposé",
    "/people.ics": "Ce qui figure dans cette liste n’a pas de date",
}


@pytest.mark.parametrize("address", _IN_FRENCH)
def test_what_programs_ask_tells_people_in_their_language(client: FlaskClient, address: str) -> None:
    shown = fetch_any(client, address, "fr")
    told = [e for e in shown.all("p") if e.parent and e.parent.attributes.get("class") in ("error-page", "error")]
    words = [e.text for e in told if e.text]
    assert any(text.startswith(_IN_FRENCH[address]) for text in words), words
    assert not [e for e in shown.all("span", lang="en") if e.parent in told], "the remedy is French, too"
    error = client.get(address, headers={"Accept": "application/json", "Accept-Language": "fr"}).get_json()["error"]
    assert error["cause"] not in " ".join(words), "programs get English"


def fetch_any(client: FlaskClient, address: str, tag: str) -> Page:
    answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": tag})
    assert answer.status_code >= 400
    assert answer.content_type == "text/html; charset=utf-8"
    return page(answer.text)


def test_the_query_service_says_all_its_errors_in_phrases() -> None:
    """A bare sentence would stay English on a page, unseen."""
    bare = []
    for path in sorted(Path(graph.sparql.__file__).parent.glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            said = [each for each in call.args if isinstance(each, ast.JoinedStr | ast.Constant)]
            # An error of Python is a mistake in the program, and reaches no page.
            if (
                name.endswith("Error")
                and not hasattr(builtins, name)
                and any(not isinstance(getattr(each, "value", ""), int) for each in said)
            ):
                bare.append(f"{path.name}:{call.lineno}")
    assert bare == []
