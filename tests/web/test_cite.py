"""Citations: what is in them, and that hostile names break neither BibTeX nor JSON."""

import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.web.pages import fetch
from web.cite import Citation

KEYS = ("event/2021-05-02-geneva-summit", "person/ana-petrova", "place/geneva", "organization/the-daily-zubrowkan")


def read_bibtex(text: str) -> tuple[str, str, dict[str, str]]:
    """Read one entry with fields in braces; fails where braces do not pair, as BibTeX does."""
    head = re.match(r"@(\w+)\{([A-Za-z0-9-]+),\n", text)
    assert head, text
    fields, position = {}, head.end()
    while text[position] != "}":
        name = re.compile(r"\s*(\w+) = \{").match(text, position)
        assert name, text[position:]
        depth, start, position = 1, name.end(), name.end()
        while depth:
            if text[position] == "\\":
                position += 1
            elif text[position] in "{}":
                depth += 1 if text[position] == "{" else -1
            position += 1
        fields[name[1]] = text[start : position - 1]
        position = re.compile(r",?\n").match(text, position).end()  # type: ignore[union-attr]
    assert text[position:] == "}\n"
    return head[1], head[2], fields


@pytest.mark.parametrize("key", KEYS)
def test_a_thing_is_cited_with_iri_and_generation(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/{key}.bib")
    assert answer.content_type == "application/x-bibtex; charset=utf-8"
    kind, _, fields = read_bibtex(answer.text)
    assert (kind, fields["version"]) == ("misc", "1")
    assert fields["note"].replace("\\_", "_").endswith(f"/id/{key}")
    answer = client.get(f"/{key}", headers={"Accept": "application/vnd.citationstyles.csl+json"})
    (entry,) = json.loads(answer.text)
    assert entry["type"] == "webpage"
    assert entry["note"].endswith(f"/id/{key}")
    assert entry["URL"] == f"http://localhost/{key}"


def test_an_article_is_cited_as_its_publisher_printed_it(client: FlaskClient) -> None:
    items = client.get("/articles.json").get_json()["items"]
    found = {}
    for item in items:
        kind, _, fields = read_bibtex(client.get(f"/{item['key']}.bib").text)
        assert kind == "article"
        found[fields["title"]] = fields
    talks = found["{Talks in Geneva}"]
    assert (talks["author"], talks["journal"], talks["year"], talks["month"], talks["day"]) == (
        "{Eva Novak}", "The Daily Zubrowkan", "2021", "5", "3",
    )  # fmt: skip
    assert talks["url"] == "https://news.example/2021/05/03/geneva"
    assert any("<script>alert('t')</script> \\& " in title for title in found)


def test_the_dataset_is_cited(client: FlaskClient) -> None:
    kind, _, fields = read_bibtex(client.get("/citation.bib").text)
    assert (kind, fields["version"], fields["url"]) == ("misc", "1", "http://localhost/")
    (entry,) = client.get("/citation.csl").get_json(force=True)
    assert entry["type"] == "dataset"


def test_each_page_says_how_to_cite_it(client: FlaskClient) -> None:
    for path in (*KEYS, ".well-known/void"):
        page = fetch(client, f"/{path}")
        assert "Cite this" in page.text, path
        assert "Generation 1" in page.text, path


def test_parts_of_articles_have_no_citation(client: FlaskClient) -> None:
    key = client.get("/articles.json").get_json()["items"][0]["key"]
    assert client.get(f"/{key}/report/1.bib").status_code == 404


@pytest.mark.parametrize(
    "title", ["}", "{", "a } b { c", "\\", "100% & $5 #1 a_b ~ ^", "Zoë 李 Ł", "@misc{x, y = {z}}"]
)
def test_no_title_breaks_bibtex(title: str) -> None:
    cited = Citation(
        "parley-x", "webpage", title, (title, "Ana Petrova"), "Parley", date(2021, 5, 3), "7",
        "https://zubrowka.example/id/event/x_y", "https://zubrowka.example/{}?a=1&b=%20",
    )  # fmt: skip
    _, _, fields = read_bibtex(cited.bibtex())
    plain = fields["title"][1:-1]
    for written, sign in (("{\\textbackslash}", "\\"), ("{\\textasciitilde}", "~"), ("{\\textasciicircum}", "^")):
        plain = plain.replace(written, sign) if sign != "\\" else plain.replace(written, "\0")
    assert re.sub(r"\\([{}$&%#_])", r"\1", plain).replace("\0", "\\") == title
    assert fields["url"] == "https://zubrowka.example/%7B%7D?a=1&b=%20"
    assert json.loads(cited.csl())[0]["title"] == title
