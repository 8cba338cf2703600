"""The llm back-end when the service misbehaves: every way ends in words, within limits of time, size and cost."""

import json
import time
from typing import Any

import pytest

from graph.article import Article
from graph.errors import InputError, ServiceError, UnavailableError
from graph.extract.backends import load_backend
from graph.extract.backends.meter import Meter
from graph.settings import Settings
from tests.graph.extract.backends.service import (
    ARTICLE,
    GOOD,
    KEY,
    TEXT,
    Route,
    answer,
    answers,
    completion,
    error,
    extract,
    given_settings,
    person,
    raw,
    serving,
)
from tests.loopback import drip, endless, hang, hang_up

WRONG = {
    "no JSON": "I found a summit in Geneva.",
    "another form": json.dumps({"people": []}),
    "wrong types": json.dumps({**GOOD, "events": [{**GOOD["events"][0], "same_as": True}]}),
    "a list": json.dumps([GOOD]),
    "an unknown type": json.dumps({**GOOD, "events": [{**GOOD["events"][0], "type": "Party"}]}),
    "null": None,
    "nested": "[" * 100_000,
    "a long number": json.dumps(GOOD).replace('"same_as": 0', f'"same_as": {"9" * 5000}', 1),
    "too many": json.dumps({**GOOD, "claims": GOOD["claims"] * 1000}),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_asked_for_again_and_then_an_error(content: str | None) -> None:
    with serving(answers(content), answers(GOOD)) as service:
        assert extract(service).reports
    assert service.log[0][2]["seed"] != service.log[1][2]["seed"], "or the same answer would come again"
    with serving(answers(content)) as service, pytest.raises(ServiceError, match=r"^talks\.txt: http.*its answer"):
        extract(service, llm_attempts=2)
    assert len(service.log) == 2


BAD: dict[str, Route] = {
    "HTML": raw(b"<html><body>Welcome to the proxy</body></html>", Content_Type="text/html"),
    "empty": raw(b""),
    "empty choices": raw(b'{"choices": []}'),
    "choices of another type": raw(b'{"choices": {"a": 1}}'),
    "choice of another type": raw(b'{"choices": [3]}'),
    "no message": raw(b'{"choices": [{"message": null}]}'),
    "refusal": answers(None, refusal="I cannot help with that."),
    "filtered": answers("", finish="content_filter"),
    "bytes": raw(bytes(range(256))),
    "server error": error(500, "out of memory"),
    "gateway": raw(b"<html>502</html>", 502),
    "hang-up": hang_up,
    "broken off": raw(b"{", Content_Length="5000"),
}


@pytest.mark.parametrize("route", BAD.values(), ids=BAD)
def test_a_bad_answer_is_asked_for_again_and_then_an_error(route: Route) -> None:
    with serving(route, answers(GOOD)) as service:
        assert extract(service, llm_timeout=2.0).reports
    with serving(route) as service, pytest.raises(ServiceError) as caught:
        extract(service, llm_attempts=2, llm_timeout=2.0)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 4
    assert "<html>" not in str(caught.value)


@pytest.mark.parametrize("route", [hang, drip], ids=["hang", "drip"])
def test_a_slow_service_is_given_up(route: Route) -> None:
    with serving(route) as service, pytest.raises(ServiceError, match=r"took longer than 0\.3 seconds.*LLM_TIMEOUT"):
        extract(service, llm_timeout=0.3, llm_attempts=2)
    assert len(service.log) == 2


def test_an_endless_answer_is_cut() -> None:
    with serving(endless) as service, pytest.raises(ServiceError, match="larger than 8,000,000 bytes"):
        extract(service, llm_attempts=1, llm_timeout=30.0)


def test_a_busy_service_is_waited_for_as_it_asks() -> None:
    with serving(error(429, "slow down", Retry_After="1"), answers(GOOD)) as service:
        begun = time.monotonic()
        assert extract(service).reports
        assert time.monotonic() - begun >= 1
    with (
        serving(error(429, "slow down", Retry_After="3600")) as service,
        pytest.raises(ServiceError, match="try again in 3600 seconds"),
    ):
        extract(service)
    assert len(service.log) == 1


@pytest.mark.parametrize(
    ("status", "message", "remedy"),
    [
        (401, f"Incorrect API key provided: {KEY}", "set PARLEY_LLM_KEY"),
        (403, "no", "set PARLEY_LLM_KEY"),
        (402, "no credit", "account"),
        (404, "model not found", "check PARLEY_LLM_URL and PARLEY_LLM_MODEL"),
        (307, "elsewhere", "check PARLEY_LLM_URL"),
    ],
)
def test_what_will_not_get_better_ends_the_run(status: int, message: str, remedy: str) -> None:
    with serving(error(status, message, Location="http://127.0.0.1:9/")) as service:
        with pytest.raises(UnavailableError, match=remedy) as caught:
            extract(service)
        assert len(service.log) == 1
    assert KEY not in str(caught.value)
    assert f"HTTP {status}" in str(caught.value)


def test_nobody_there_ends_the_run() -> None:
    with serving(answers(GOOD)) as service:
        gone = given_settings(service, llm_attempts=2)
    with pytest.raises(UnavailableError, match=r"refuses the connection.*PARLEY_LLM_URL"):
        load_backend(gone).extract(ARTICLE)


def test_a_question_that_is_refused_for_good_is_an_error_of_the_article() -> None:
    with serving(error(400, "bad \x1b[31mrequest")) as service, pytest.raises(ServiceError) as caught:
        extract(service)
    assert not isinstance(caught.value, UnavailableError)
    assert str(caught.value).isprintable()


def test_an_answer_that_is_cut_off_is_asked_for_in_halves() -> None:
    long = Article.create("\n\n".join(f"{TEXT}\n\nNumber {n} of many paragraphs." for n in range(4)))

    def route(handler: Any, payload: dict[str, Any]) -> None:
        too_long = len(payload["messages"][1]["content"]) > 900
        told = json.dumps(answer(people=[person("Ana Petrova", "Ana Petrova", "Petrova")]))
        handler.reply(200, completion(told[:20] if too_long else told, finish="length" if too_long else "stop"))

    with serving(route) as service:
        found = extract(service, long)
    assert len(found.people[0].mentions) == 8
    with (
        serving(answers("{", finish="length")) as service,
        pytest.raises(ServiceError, match=r"cut off.*PARLEY_LLM_ANSWER_TOKENS"),
    ):
        extract(service, long)


def test_a_question_that_is_too_long_for_the_model_is_halved() -> None:
    long = Article.create(TEXT * 4)
    refusal = error(400, "This model's maximum context length is 512 tokens.")
    with serving(refusal, answers(answer(people=[person("Ana Petrova")]))) as service:
        assert extract(service, long).people
    assert len(service.log) == 3
    assert service.log[1][2]["response_format"]["type"] == "json_schema"


def test_the_cap_of_an_article_fails_it_before_it_is_passed() -> None:
    long = Article.create("\n\n".join([TEXT] * 20))
    with serving(answers(GOOD, tokens=(4000, 1000))) as service, pytest.raises(ServiceError) as caught:
        extract(service, long, llm_chunk=400, llm_article_tokens=15_000, llm_answer_tokens=1000)
    assert "PARLEY_LLM_ARTICLE_TOKENS" in str(caught.value)
    assert not isinstance(caught.value, UnavailableError), "the next article may be shorter"
    assert 1 <= len(service.log) <= 3


def test_the_cap_of_a_run_is_for_all_its_articles() -> None:
    meter, done = Meter(), 0
    options: dict[str, Any] = {"llm_run_tokens": 8000, "llm_answer_tokens": 1000}
    with serving(answers(GOOD, tokens=(1000, 500))) as service:
        while meter.spent + 1000 + 3000 <= 8000:
            assert extract(service, ARTICLE, meter, **options).reports
            done += 1
        with pytest.raises(UnavailableError, match="PARLEY_LLM_RUN_TOKENS"):
            extract(service, ARTICLE, meter, **{**options, "llm_run_tokens": meter.spent + 1000})
    assert len(service.log) == done >= 2
    assert meter.spent == 1500 * done


@pytest.mark.parametrize("usage", [None, (-1, 5), (True, 5), ("many", 5), (10**30, 1)])
def test_what_the_service_does_not_count_is_estimated(usage: Any) -> None:
    meter = Meter()
    with serving(answers(GOOD, tokens=usage)) as service:
        found = extract(service, ARTICLE, meter)
    assert found.service is not None
    assert found.service.tokens == meter.spent > len(TEXT) // 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"llm_url": ""}, "PARLEY_LLM_URL"),
        ({"llm_url": "ftp://a.example/"}, "PARLEY_LLM_URL"),
        ({"llm_url": "http://[oops/"}, "PARLEY_LLM_URL"),
        ({"llm_model": " "}, "PARLEY_LLM_MODEL"),
        ({"llm_key": "süß"}, "PARLEY_LLM_KEY"),
        ({"extractor": "llm:gpt"}, "PARLEY_LLM_MODEL"),
        ({"extractor": "oracle"}, "choose embedded, spacy:PIPELINE or llm"),
        ({"extractor": "embedded:fast"}, "just embedded"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_asked(values: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"extractor": "llm", "llm_url": "http://127.0.0.1:9/v1", "llm_model": "zubrowka-7b"}
    with pytest.raises(InputError, match=words):
        load_backend(Settings(**{**good, **values}))


def test_credentials_in_the_url_are_used_and_never_told() -> None:
    with serving(answers(GOOD), error(400, "ana:hunter2 may not")) as service:
        url = service.url.replace("http://", "http://ana:hunter2@") + "?api-version=2&key=hunter3"
        found = extract(service, llm_url=url, llm_key="")
        with pytest.raises(ServiceError) as caught:
            extract(service, llm_url=url, llm_key="")
    assert service.log[0][0] == "/v1/chat/completions?api-version=2&key=hunter3"
    assert service.log[0][1]["Authorization"].startswith("Basic ")
    assert found.service is not None
    assert found.service.url == service.url
    assert "hunter" not in str(caught.value)
    assert "hunter" not in repr(found)


def test_settings_do_not_show_the_key() -> None:
    assert KEY not in repr(Settings(llm_key=KEY))


def test_the_version_names_the_model() -> None:
    with serving(answers(GOOD)) as service:
        backend = load_backend(given_settings(service))
    assert backend.name == "llm"
    assert "zubrowka-7b" in backend.version
