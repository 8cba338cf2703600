"""The llm back-end against a real server that speaks the API: what it asks, what it takes, what it leaves out."""

import json
import logging
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.backends import load_backend
from graph.extract.model import EventType, Manner, Status
from tests.graph.extract.backends.service import (
    ARTICLE,
    GOOD,
    KEY,
    TEXT,
    answer,
    answers,
    claim,
    completion,
    error,
    event,
    extract,
    given_settings,
    person,
    place,
    quote,
    serving,
)
from tests.graph.extract.consistency import check


def test_a_good_answer_becomes_an_extraction() -> None:
    with serving(answers(GOOD)) as service:
        found = extract(service)
    assert {p.name: [m.text for m in p.mentions] for p in found.people} == {
        "Ana Petrova": ["Ana Petrova", "Petrova"],
        "Tom Harding": ["Tom Harding", "Harding"],
    }
    assert [r.span.text for p in found.people for r in p.roles] == ["President", "Prime Minister"]
    assert {p.key: p.kind.value for p in found.places} == {
        "place/zubrowka": "country",
        "place/geneva": "city",
        "place/vienna": "city",
    }
    assert {p.key: p.latitude is not None for p in found.places}["place/vienna"], "the gazetteer knows it"
    summit, agreement = found.reports
    assert (summit.type, summit.status) == (EventType.SUMMIT, Status.OCCURRED)
    assert [m.text for m in summit.mentions] == ["met", "summit", "meeting"]
    assert set(summit.participants) == {"person/ana-petrova", "person/tom-harding"}
    assert (summit.places, summit.time, summit.earliest) == (("place/geneva",), "2025-05-02", date(2025, 5, 2))
    assert (agreement.time, agreement.time_spans) == (None, ())
    first, second = found.claims
    assert (first.manner, first.speakers, first.about) == (
        Manner.INDIRECT,
        ("person/ana-petrova",),
        (summit.key,),
    )
    assert second.content[0].text == "We will meet again in Vienna next month,", "plain quotes stand for typographic"
    assert (second.speakers, second.speaker_span and second.speaker_span.text) == (("person/tom-harding",), "Harding")
    check(found)
    assert "2025-06" in {t.value for t in found.times}, "times are read by our own rules"
    assert found.service is not None
    assert (found.service.model, found.service.url) == ("zubrowka-7b", service.url)
    assert (found.service.tokens, found.service.unverified) == (1000, 0)
    assert found.extractor.startswith("parley-llm ")


def test_what_is_asked_is_deterministic_and_keeps_the_key_in_its_header() -> None:
    with serving(answers(GOOD)) as service:
        extract(service)
        extract(service)
    (path, headers, first), (_, _, second) = service.log
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert first == second
    assert (first["model"], first["temperature"], isinstance(first["seed"], int)) == ("zubrowka-7b", 0, True)
    assert first["response_format"]["type"] == "json_schema"
    assert first["response_format"]["json_schema"]["strict"] is True
    assert "Published: 2025-05-03" in first["messages"][1]["content"]
    assert TEXT in first["messages"][1]["content"]
    assert KEY not in json.dumps(first)


def test_a_service_without_json_schema_is_asked_for_an_object_and_stays_so() -> None:
    refusal = error(400, "response_format json_schema is not supported")
    with serving(refusal, answers(f"```json\n{json.dumps(GOOD)}\n```")) as service:
        backend = load_backend(given_settings(service))
        assert len(backend.extract(ARTICLE).reports) == 2
        backend.extract(ARTICLE)
    formats = [payload["response_format"]["type"] for _, _, payload in service.log]
    assert formats == ["json_schema", "json_object", "json_object"]
    assert '"quotation"' in service.log[1][2]["messages"][0]["content"], "the schema is told in words then"


def test_parameters_that_a_service_does_not_take_are_left_out() -> None:
    routes = [
        error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        error(400, "'temperature' does not support 0 with this model."),
        error(422, "unknown field: seed"),
        answers(GOOD),
    ]
    with serving(*routes) as service:
        assert extract(service).reports
    last = service.log[-1][2]
    assert "max_completion_tokens" in last
    assert not {"max_tokens", "temperature", "seed"} & last.keys()


def test_what_is_not_in_the_text_is_left_out_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    made_up = answer(
        people=[person("Ngozi Okoro"), person("Ana Petrova", "Ana Petrova", "Ana P. Petrova")],
        places=[place("Lutz")],
        events=[
            event("Summit", "the second summit", "second summit"),
            event("Meeting", "a great day", "met", participants=["Ngozi Okoro", "Ana Petrova"], places=["Lutz"],
                  time=[quote("on May 3, 2025")]),
        ],
        claims=[claim("peace for our time", "said"), claim("opened a new chapter", "claimed", speakers=["Ivo Novak"])],
    )  # fmt: skip
    with serving(answers(made_up)) as service, caplog.at_level(logging.WARNING):
        found = extract(service)
    assert [p.name for p in found.people] == ["Ana Petrova"]
    assert found.places == ()
    (met,) = found.reports
    assert (met.participants, met.places, met.time) == (("person/ana-petrova",), (), None)
    assert met.label == "met"
    (said,) = found.claims
    assert (said.cue, said.speakers) == (None, ())
    assert found.service is not None
    assert found.service.unverified == 11
    assert "left out 11 quotations" in caplog.text


def test_occurrences_are_counted_by_whole_words_and_ambiguous_ones_are_left_out() -> None:
    text = "The meetings began with a meeting in Lutz. A second meeting followed."
    found_by = {}
    for occurrence in (1, 2, 3, -1, 0):
        asked = answer(events=[{**event("Meeting", "meeting"), "mentions": [quote("meeting", occurrence)]}])
        with serving(answers(asked)) as service:
            found = extract(service, Article.create(text))
        found_by[occurrence] = [m.start for r in found.reports for m in r.mentions]
    first, second = text.index("meeting in"), text.index("meeting followed")
    assert found_by == {1: [first], 2: [second], 3: [], -1: [], 0: [first, second]}


def test_times_are_those_of_the_text_and_intervals_are_joined() -> None:
    text = "The conference in Lutz ran from July 17, 1945 to August 2, 1945. It was long."
    for words, expected in (
        ("from July 17, 1945 to August 2, 1945", "1945-07-17/1945-08-02"),
        ("July 17, 1945", "1945-07-17"),
        ("long", None),
    ):
        asked = answer(events=[event("Conference", "conference in Lutz", "conference", time=[quote(words, 1)])])
        with serving(answers(asked)) as service:
            (report,) = extract(service, Article.create(text)).reports
        assert report.time == expected


def test_a_long_article_goes_in_pieces_that_know_of_each_other() -> None:
    paragraphs = [
        f"Ana Petrova met Tom Harding in Geneva on May {n}, 2025 for talks that took the whole day. "
        f"Petrova called the summit number {n} useful, and Harding did not speak to the reporters at the hotel."
        for n in range(1, 9)
    ]
    article = Article.create("\n\n".join(paragraphs))

    def route(handler: Any, payload: dict[str, Any]) -> None:
        words = payload["messages"][1]["content"].partition("The part of the article:")[2]
        found = [n for n in range(1, 9) if f"number {n} useful" in words]
        told = answer(
            people=[person("Ana Petrova", "Ana Petrova", "Petrova")],
            events=[event("Summit", f"summit number {n}", f"summit number {n}", time=[quote(f"May {n}, 2025", 1)],
                          participants=["Ana Petrova"]) for n in found],
            claims=[claim(f"the summit number {n} useful", "called", speakers=["Ana Petrova"]) for n in found],
        )  # fmt: skip
        handler.reply(200, completion(json.dumps(told)))

    with serving(route) as service:
        found = extract(service, article, llm_chunk=500)
    assert len(service.log) >= 4
    questions = [payload["messages"][1]["content"] for _, _, payload in service.log]
    assert all(len(q) < 1500 for q in questions)
    assert "Events so far:\n1. Summit: summit number 1" in questions[1]
    assert "Names so far: Ana Petrova" in questions[1]
    assert [r.time for r in found.reports] == [f"2025-05-0{n}" for n in range(1, 9)]
    assert [r.key.rpartition("/")[2] for r in found.reports] == [str(n) for n in range(1, 9)]
    assert len(found.claims) == 8
    assert len(found.people) == 1
    assert len(found.people[0].mentions) == 16
    assert found.service is not None
    assert found.service.tokens == 1000 * len(service.log)


def test_events_told_again_are_one() -> None:
    paragraph = "Ana Petrova came to the summit in Lutz. " * 12
    article = Article.create(f"{paragraph}\n\n{paragraph}\n\n{paragraph}")
    counter = iter(range(100))

    def route(handler: Any, payload: dict[str, Any]) -> None:
        told = event("Summit", "summit in Lutz", "summit", same_as=0 if next(counter) == 0 else 1)
        handler.reply(200, completion(json.dumps(answer(events=[told]))))

    with serving(route) as service:
        found = extract(service, article, llm_chunk=500)
    assert len(service.log) == 3
    (report,) = found.reports
    assert len(report.mentions) == 3


QUOTES = st.builds(quote, st.one_of(st.sampled_from(TEXT.split()), st.text(max_size=8)), st.integers(-2, 9))
QUOTED = st.lists(QUOTES, max_size=3)
NAMES = st.lists(st.sampled_from(["Ana Petrova", "Tom Harding", "Nobody", ""]), max_size=3)
KINDS = st.sampled_from(["city", "country"])
ANSWERS = st.fixed_dictionaries(
    {
        "people": st.lists(st.fixed_dictionaries({"name": st.text(max_size=5), "mentions": QUOTED, "roles": QUOTED})),
        "organizations": st.lists(st.fixed_dictionaries({"name": st.text(max_size=5), "mentions": QUOTED})),
        "places": st.lists(st.fixed_dictionaries({"name": st.text(max_size=5), "kind": KINDS, "mentions": QUOTED})),
        "events": st.lists(
            st.fixed_dictionaries(
                {
                    "same_as": st.integers(-3, 5),
                    "type": st.sampled_from(["Summit", "Visit"]),
                    "label": QUOTES,
                    "mentions": QUOTED,
                    "participants": NAMES,
                    "places": NAMES,
                    "time": QUOTED,
                    "status": st.just("planned"),
                }
            )
        ),
        "claims": st.lists(
            st.fixed_dictionaries(
                {
                    "content": QUOTED,
                    "cue": QUOTED,
                    "speaker_words": QUOTED,
                    "speakers": NAMES,
                    "manner": st.just("mixed"),
                }
            )
        ),
    }
)


@hypothesis_settings(max_examples=60)
@given(st.lists(ANSWERS, min_size=1, max_size=3))
def test_whatever_a_model_answers_the_extraction_is_consistent(told: list[dict[str, Any]]) -> None:
    waiting = iter(told * 50)

    def route(handler: Any, payload: dict[str, Any]) -> None:
        handler.reply(200, completion(json.dumps(next(waiting))))

    with serving(route) as service:
        found = extract(service, llm_chunk=100)
    check(found)
