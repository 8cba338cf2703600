"""What the pages show of curations, and what they answer for things that were merged or rejected."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.graph.curation.sample import ANNA, PETROVA, curate, key_of, make, merge, reject, say
from tests.web.pages import fetch
from tests.web.serving import application

SUMMIT, COURIER = "event/2021-05-02-varenna-summit", "event/2021-05-04-varenna-summit"
VISIT = "event/lutz-visit"
CLAIM = f"{key_of('courier')}/claim/1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("curations")
    dataset = make(folder)
    correction = say("time", "Correction", SUMMIT, "ply:time", '"2021-05"^^edtf:edtf')
    correction += "<curation/time> dct:source <https://zubrowka.example/list> .\n"
    curate(
        dataset,
        merge("people", PETROVA, ANNA) + merge("events", SUMMIT, COURIER) + reject("no", VISIT, CLAIM) + correction,
    )
    with application(dataset) as app:
        yield app.test_client()


@pytest.mark.parametrize(("gone", "stays"), [(ANNA, PETROVA), (COURIER, SUMMIT)])
def test_what_went_in_a_merge_leads_on(client: FlaskClient, gone: str, stays: str) -> None:
    for path in (f"/{gone}", f"/id/{gone}"):
        answer = client.get(path)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith(stays)
    assert client.get(f"/{gone}.ttl").headers["Location"].endswith(f"{stays}.ttl")


@pytest.mark.parametrize("rejected", [VISIT, CLAIM])
def test_what_was_rejected_is_gone_and_says_why(client: FlaskClient, rejected: str) -> None:
    for path in (f"/{rejected}", f"/id/{rejected}", f"/{rejected}.ttl"):
        answer = client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == 410
        assert f"Ngozi Okoro rejected {rejected} on 1 June 2021: It is so." in answer.get_data(as_text=True)
    assert client.get("/event/none").status_code == 404


def test_a_page_shows_who_curated_it_when_and_why(client: FlaskClient) -> None:
    page = client.get(f"/{SUMMIT}.html").get_data(as_text=True)
    assert "Curated by hand" in page
    for words in (
        "Merged",
        "Corrected",
        "ply:time",
        "Ngozi Okoro",
        "1 June 2021",
        "It is so.",
        "https://zubrowka.example/list",
    ):
        assert words in page
    told = fetch(client, f"/{SUMMIT}").one("main").text
    assert "Merged by Ngozi Okoro on 1 June 2021: It is so." in told
    assert "Corrected (ply:time) by Ngozi Okoro on 1 June 2021: It is so. Source" in told
    assert "Curated by hand" in client.get(f"/{PETROVA}.html").get_data(as_text=True)
    assert "Curated by hand" not in client.get("/place/lutz.html").get_data(as_text=True)
    shown = client.get(f"/{SUMMIT}.json").get_json()["curations"]
    assert [(one["action"], one["property"], one["when"]) for one in shown] == [
        ("Merge", None, "2021-06-01"),
        ("Merge", None, "2021-06-01"),
        ("Correction", "ply:time", "2021-06-01"),
    ]


def test_a_curation_and_a_curator_have_pages(client: FlaskClient) -> None:
    assert "It is so." in client.get("/curation/time.html").get_data(as_text=True)
    assert "Ngozi Okoro" in client.get("/curator/ngozi-okoro.html").get_data(as_text=True)
    assert "ply:Correction" in client.get("/curation/time.ttl").get_data(as_text=True)
