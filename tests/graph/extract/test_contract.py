"""The JSON that ``parley extract`` prints."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from graph.article import Article
from graph.extract.contract import to_json
from graph.extract.pipeline import extract
from graph.iris import Iris

TEXT = (
    "Envoy Ana Petrova met Ivo Novak in Vienna on March 3, 2024. She said that the talks were useful. "
    "Ana Petrova and Ivo Novak said that the harbour was closed."
)
BASE = "https://news.example/"


def _json(text: str = TEXT) -> dict[str, object]:
    article = Article.create(text, title="Envoys meet", published=date(2024, 3, 4))
    return dict(to_json(extract(article), Iris(BASE)))


def test_the_parts_that_scorers_rely_on() -> None:
    values = json.loads(json.dumps(_json()))
    assert values["text"] == TEXT
    assert values["article"]["published"] == "2024-03-04"
    for kind in ("people", "organizations", "places", "times", "events", "claims"):
        assert isinstance(values[kind], list)
    assert {e["name"] for e in values["people"]} == {"Ana Petrova", "Ivo Novak"}
    (vienna,) = values["places"]
    assert vienna["kind"] == "city"


def test_every_span_is_a_slice_of_the_text() -> None:
    found = 0

    def walk(value: object) -> None:
        nonlocal found
        if isinstance(value, dict):
            if {"start", "end", "text"} <= value.keys():
                assert TEXT[value["start"] : value["end"]] == value["text"]
                found += 1
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(_json())
    assert found > 10


def test_things_are_named_by_iris_of_the_dataset() -> None:
    values = json.loads(json.dumps(_json()))
    known = {e["iri"] for kind in ("people", "organizations", "places", "events") for e in values[kind]}
    assert all(iri.startswith(f"{BASE}id/") for iri in known)
    for event in values["events"]:
        assert {*event["participants"], *event["places"]} <= known
    for claim in values["claims"]:
        assert {*claim["speakers"], *claim["about"]} <= known


def test_one_speaker_or_several() -> None:
    values = json.loads(json.dumps(_json()))
    one, both = values["claims"]
    assert one["speaker"] == f"{BASE}id/person/ana-petrova"
    assert one["speakers"] == [one["speaker"]]
    assert both["speaker"] == "Ana Petrova and Ivo Novak"
    assert both["speakers"] == [f"{BASE}id/person/ana-petrova", f"{BASE}id/person/ivo-novak"]


def test_three_speakers_are_joined_as_they_are_written() -> None:
    values = json.loads(
        json.dumps(_json("Ana Petrova, Tom Harding and Ngozi Okoro agreed that the harbour was closed."))
    )
    (claim,) = values["claims"]
    assert claim["speaker"] == "Ana Petrova, Tom Harding and Ngozi Okoro"
    assert len(claim["speakers"]) == 3


def test_a_speaker_that_is_unknown() -> None:
    values = json.loads(json.dumps(_json("Critics said that the harbour was closed.")))
    (claim,) = values["claims"]
    assert (claim["speaker"], claim["speakers"]) == (None, [])
    assert claim["speaker_span"]["text"] == "Critics"


def _documented() -> dict[str, list[str]]:
    """Return the fields that docs/extraction.md lists, by heading."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "extraction.md").read_text(encoding="utf-8")
    part = page.split("\n## The JSON\n", 1)[1].split("\n## ", 1)[0]
    found = {}
    for section in part.split("\n### ")[1:]:
        heading, _, table = section.partition("\n")
        found[heading.strip("` ")] = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    return found


def test_the_documentation_lists_every_field() -> None:
    values: Any = _json(f"{TEXT} The State Department waited.")
    kinds = ("people", "organizations", "places", "times", "events", "claims", "sections")
    printed = {"top": values, "article": values["article"], "span": values["events"][0]["mentions"][0]}
    printed |= {f"{kind}[]": values[kind][0] for kind in kinds}
    printed["people[].roles[]"] = next(p for p in values["people"] if p["roles"])["roles"][0]
    assert _documented() == {heading: list(fields) for heading, fields in printed.items()}
