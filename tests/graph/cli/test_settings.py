"""``parley settings``, and the settings file as commands read it."""

import json
from dataclasses import fields
from pathlib import Path

from graph.settings import Settings
from tests.graph.cli.conftest import Run


def test_all_settings_are_printed_with_their_origin_and_secrets_are_not(parley: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("port = 8123\n")
    secret = "a-key-that-costs-money"
    done = parley("settings", "--settings", file, PARLEY_HOST="::1", PARLEY_LLM_KEY=secret, PARLEY_PROT="1")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [setting.name for setting in fields(Settings)]
    assert {" ".join(line.split()) for line in lines} >= {
        f"port 8123 (file {file})",
        'host "::1" (environment PARLEY_HOST)',
        'llm_key "(set)" (environment PARLEY_LLM_KEY)',
        "threads 8 (default)",
    }
    assert "PARLEY_PROT is set in the environment, but there is no such setting" in done.stderr
    found = json.loads(parley("settings", "--format", "json", PARLEY_LLM_KEY=secret).stdout)
    assert found["llm_key"]["value"] == "(set)"
    assert found["port"] == {
        "value": 8000,
        "origin": "default",
        "help": "port that the server listens on; 0 for any free one",
    }
    assert secret not in done.stdout + done.stderr + json.dumps(found)


def test_the_file_of_a_dataset_is_read_by_each_command_and_errors_are_one_line(parley: Run, tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    file = tmp_path / "dataset" / "parley.toml"
    file.write_text('base = "https://zubrowka.example/"\n')
    (tmp_path / "a.txt").write_text("President Ana Petrova of Zubrowka met Tom Harding in Geneva on May 2, 2025.")
    assert parley("ingest", tmp_path / "a.txt").returncode == 0
    assert json.loads(parley("status", "--format", "json").stdout)["base"] == "https://zubrowka.example/"
    file.write_text("bsae = 1\n")
    done = parley("status")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"parley: {file}: bsae is no setting; see `parley settings` for those there are\n"
