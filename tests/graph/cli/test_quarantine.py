"""What the shapes refuse, from the command line: an article of tomorrow is refused until tomorrow."""

from pathlib import Path

import pytest

from tests.graph.cli.conftest import ARTICLE, Run


@pytest.fixture
def tomorrow(tmp_path: Path) -> Path:
    path = tmp_path / "tomorrow.md"
    path.write_text(ARTICLE.replace("published: 2025-05-03", "published: 2999-01-01"), encoding="utf-8")
    return path


def _ids(listed: str) -> list[str]:
    return [line.split("\t")[0] for line in listed.splitlines()]


def test_a_refused_article_is_listed_shown_and_retried(parley: Run, tomorrow: Path) -> None:
    refused = parley("ingest", tomorrow)
    assert refused.returncode == 5
    message, counts, published = refused.stderr.splitlines()
    assert message.startswith(f"parley: {tomorrow}: ")
    assert "schema:datePublished" in message
    assert counts == "1 article: 1 refused"
    assert published == "published generation 1"
    assert parley("query", "SELECT ?e { ?e a sem:Event }").stdout.splitlines() == ["e"]

    listed = parley("quarantine", "list").stdout
    (key,) = _ids(listed)
    assert listed == f"{key}\t1\tTalks in Varenna\n"
    assert f"`parley quarantine show article/{key}`" in message
    shown = parley("quarantine", "show", key)
    assert shown.returncode == 0
    assert "An article was published (schema:datePublished) before it was read" in shown.stdout
    assert "sh:ValidationReport" in parley("quarantine", "show", key, "--format", "turtle").stdout

    again = parley("quarantine", "retry", key)
    assert again.returncode == 5
    assert _ids(parley("quarantine", "list").stdout) == [key]

    tomorrow.write_text(ARTICLE, encoding="utf-8")
    mended = parley("ingest", tomorrow)
    assert mended.returncode == 0, mended.stderr
    assert parley("quarantine", "list").stdout == ""


def test_wrong_usage_of_retry(parley: Run, article: Path) -> None:
    parley("ingest", article)
    assert parley("quarantine", "retry").returncode == 2
    nothing = parley("quarantine", "retry", "--all")
    assert (nothing.returncode, nothing.stderr) == (0, "0 articles: nothing to do\n")
    missing = parley("quarantine", "retry", "0123456789ab")
    assert missing.returncode == 3
    assert missing.stderr.startswith("parley: no article 0123456789ab is in quarantine; ")
