"""The back-ends from the command line to the graph: what is stored of them, in one process and in several."""

import json
from pathlib import Path

import pytest
import spacy

from graph.errors import InputError, ServiceError, UnavailableError
from graph.extract.runner import process_runner
from graph.ingest.ingester import Ingester, Result
from graph.settings import Settings
from graph.store import Dataset
from tests.graph.cli.conftest import ARTICLE, Run, article, parley
from tests.graph.extract.backends.service import GOOD, KEY, Service, answers, error, given_settings, quote, serving
from tests.graph.extract.backends.test_pipelines import named

__all__ = ["article", "parley"]

RUN = """SELECT ?program ?model ?service ?tokens ?unverified ?reports {
  ?run a prov:Activity ; prov:wasAssociatedWith/rdfs:label ?program .
  OPTIONAL { ?run ply:model ?model ; ply:service ?service ; ply:tokens ?tokens ; ply:unverified ?unverified }
  { SELECT ?run (COUNT(?report) AS ?reports) { ?report prov:wasGeneratedBy ?run ; a ply:Report } GROUP BY ?run }
}"""


def environment(service: Service, **values: str) -> dict[str, str]:
    wanted = {"PARLEY_LLM_URL": service.url, "PARLEY_LLM_MODEL": "zubrowka-7b", "PARLEY_LLM_KEY": KEY}
    return {**wanted, **values}


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_model_extracts_into_the_graph_and_provenance_says_so(parley: Run, article: Path, tmp_path: Path) -> None:
    told = {**GOOD, "events": [*GOOD["events"], {**GOOD["events"][0], "mentions": [quote("made up")]}]}
    with serving(answers(told)) as service:
        secret = service.url.replace("http://", "http://ana:hunter2@")
        done = parley("ingest", article, "--extractor", "llm", **environment(service, PARLEY_LLM_URL=secret))
        assert done.returncode == 0, done.stderr
        assert done.stderr.endswith("1 article: 1 added\npublished generation 1\n")
        assert "left out 1 quotations" in done.stderr
        (row,) = json.loads(parley("query", RUN, "--format", "json").stdout)["results"]["bindings"]
        exported = parley("export", "--format", "turtle").stdout
        values = {name: cell["value"] for name, cell in row.items()}
        assert values.pop("program").startswith("parley-llm ")
        assert values == {
            "model": "zubrowka-7b",
            "service": service.url,
            "tokens": "1000",
            "unverified": "1",
            "reports": "2",
        }
    assert "ply:Summit" in exported
    for secret in (KEY, "hunter2", "made up"):
        assert secret not in exported
        assert secret.encode() not in everything_in(tmp_path / "dataset")


def test_an_error_of_the_service_is_one_line_without_the_key(parley: Run, article: Path) -> None:
    with serving(error(401, f"Incorrect API key provided: {KEY}")) as service:
        for command in ("ingest", "extract"):
            done = parley(command, article, "--extractor", "llm", **environment(service))
            assert done.returncode == 4
            line = next(line for line in done.stderr.splitlines() if line.startswith("parley: "))
            assert "set PARLEY_LLM_KEY" in line
            assert KEY not in done.stderr + done.stdout
            assert "Traceback" not in done.stderr


def test_extract_prints_what_the_model_found(parley: Run, article: Path) -> None:
    with serving(answers(GOOD)) as service:
        done = parley("extract", article, PARLEY_EXTRACTOR="llm", **environment(service))
    found = json.loads(done.stdout)
    assert [e["type"] for e in found["events"]] == ["Summit", "Agreement"]
    assert found["extractor"].startswith("parley-llm ")


def test_rebuild_extracts_with_another_back_end(parley: Run, article: Path, tmp_path: Path) -> None:
    assert parley("ingest", article).returncode == 0
    folder = tmp_path / "zubrowka_sm"
    named().to_disk(folder)
    done = parley("rebuild", "--extractor", f"spacy:{folder}")
    assert done.returncode == 0, done.stderr
    rows = parley("query", RUN).stdout.splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["parley-spacy 0.1.0 (en_zubrowka_sm 1.2.3)"], rows
    assert parley("rebuild", "--extractor", "oracle").returncode == InputError.exit_code


def sources(folder: Path, count: int) -> list[str]:
    found = []
    for n in range(count):
        path = folder / f"article-{n}.md"
        path.write_text(ARTICLE.replace("varenna", f"varenna-{n}"), encoding="utf-8")
        found.append(str(path))
    return found


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_cap_ends_the_run_and_what_was_done_stays(tmp_path: Path, jobs: int) -> None:
    dataset = Dataset.create(tmp_path / "dataset", "https://zubrowka.example/")
    # Almost what is reserved for such a question: of a service that counts more, one call in each process is too much.
    with serving(answers(GOOD, tokens=(1900, 1000))) as service:
        settings = given_settings(service, llm_run_tokens=10_000, llm_answer_tokens=1000, jobs=jobs)
        with Ingester(dataset, settings) as ingester, process_runner(settings) as runner:
            outcomes = list(ingester.ingest(sources(tmp_path, 12), runner=runner))
        assert len(service.log) <= 10_000 // 2900
    results = [outcome.result for outcome in outcomes]
    assert results.count(Result.ADDED) == len(service.log) >= 1
    assert results.count(Result.FAILED) == 1, "said once"
    (failed,) = (outcome.error for outcome in outcomes if outcome.error)
    assert isinstance(failed, UnavailableError)
    assert "PARLEY_LLM_RUN_TOKENS" in str(failed)
    with dataset.writer() as store:
        stored = [iri for iri in store.graphs() if "/graph/article/" in iri]
    assert len(stored) == len(service.log)


def test_an_article_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset", "https://zubrowka.example/")
    with serving(answers("no JSON"), answers(GOOD)) as service:
        settings = given_settings(service, llm_attempts=1, jobs=2)
        with Ingester(dataset, settings) as ingester, process_runner(settings) as runner:
            outcomes = list(ingester.ingest(sources(tmp_path, 3), runner=runner))
    assert sorted(o.result for o in outcomes) == [Result.ADDED, Result.ADDED, Result.FAILED]
    (failed,) = (outcome.error for outcome in outcomes if outcome.error)
    assert isinstance(failed, ServiceError), "the error came back from its process whole"
    assert failed.remedy


def test_without_a_runner_the_settings_decide(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset", "https://zubrowka.example/")
    spacy.blank("en").to_disk(tmp_path / "blank")
    with Ingester(dataset, Settings(extractor=f"spacy:{tmp_path / 'blank'}")) as ingester:
        (outcome,) = ingester.ingest(sources(tmp_path, 1))
    assert outcome.result is Result.ADDED
    with pytest.raises(InputError), Ingester(dataset, Settings(extractor="oracle")) as ingester:
        list(ingester.rebuild())
