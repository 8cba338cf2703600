"""Settings come from one table, the environment and options."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.settings import FILE, PREFIX, Settings, read_settings


def test_defaults_without_environment() -> None:
    assert Settings.from_environment({}) == Settings()


def test_environment_is_read_by_type() -> None:
    settings = Settings.from_environment(
        {
            "PARLEY_DATASET": "/srv/x",
            "PARLEY_PORT": "0",
            "PARLEY_SPARQL_TIMEOUT": "2.5",
            "PARLEY_BASE": "https://a.example/",
        }
    )
    assert settings.dataset == Path("/srv/x")
    assert (settings.port, settings.sparql_timeout, settings.base) == (0, 2.5, "https://a.example/")


def test_options_win_and_none_is_no_option() -> None:
    settings = Settings.from_environment({"PARLEY_PORT": "1", "PARLEY_HOST": "::1"}, port=2, host=None)
    assert (settings.port, settings.host) == (2, "::1")


@pytest.mark.parametrize("value", ["many", "", "-1", "nan", "inf"])
def test_bad_number_names_the_variable(value: str) -> None:
    with pytest.raises(InputError, match="PARLEY_SPARQL_TIMEOUT"):
        Settings.from_environment({"PARLEY_SPARQL_TIMEOUT": value})


def test_every_setting_has_a_help_text_and_a_line_in_the_docs() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    for setting in fields(Settings):
        assert setting.metadata["help"] in documented, setting.name
        assert f"`{PREFIX}{setting.name.upper()}`" in documented
        default = str(setting.default)
        assert (
            f"| `{setting.name}` | `{PREFIX}{setting.name.upper()}` | {f'`{default}`' if default else 'empty'} |"
            in documented
        )


def _file(tmp_path: Path, text: str, name: str = FILE) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_options_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    _file(tmp_path, 'host = "a"\nport = 1\nprocesses = 2\nsparql_timeout = 3\n')
    given, origins = read_settings({"PARLEY_PORT": "10", "PARLEY_HOST": "b"}, dataset=tmp_path, host="c", port=None)
    assert (given.host, given.port, given.processes, given.sparql_timeout) == ("c", 10, 2, 3.0)
    assert given.threads == Settings().threads
    assert [str(origins[name]) for name in ("host", "port", "processes", "threads", "dataset")] == [
        "option --host", "environment PARLEY_PORT", f"file {tmp_path / FILE}", "default", "option --dataset",
    ]  # fmt: skip


def test_one_file_is_read_and_which_is_said(tmp_path: Path) -> None:
    _file(tmp_path, "port = 1\n")
    named = _file(tmp_path, 'port = 2\ndataset = "elsewhere"\n', "named.toml")
    other = _file(tmp_path, "port = 3\n", "other.toml")
    by_variable = {"PARLEY_SETTINGS": str(named), "PARLEY_DATASET": str(tmp_path)}
    assert read_settings({"PARLEY_DATASET": str(tmp_path)})[0].port == 1
    assert read_settings(by_variable)[0].port == 2
    assert read_settings(by_variable, other)[0].port == 3
    assert read_settings({"PARLEY_SETTINGS": str(named)})[0].dataset == Path("elsewhere")
    assert read_settings({}, dataset=tmp_path / "none")[0].port == Settings().port


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prt = 1", "prt is no setting; see `parley settings`"),
        ('port = "1"', "port = '1' is not a number; write a number"),
        ("port = true", "port = True is not a number"),
        ("port = 1.5", "port = 1.5 is no whole number"),
        ("port = -1", "port = -1 is out of range"),
        ("sparql_timeout = inf", "sparql_timeout = inf is out of range"),
        ("sparql_timeout = nan", "sparql_timeout = nan is out of range"),
        ("host = 1", "host = 1 is not a text in quotes"),
        ("host = [1]", "is not a text in quotes"),
        ("[server]\nport = 1", "server is no setting"),
        ("port = ", "the settings are no TOML"),
        ('llm_key = "x"', "llm_key is a secret and not read from a file; set PARLEY_LLM_KEY in the environment"),
        ('dataset = "x"', "it cannot name another one; remove the line"),
    ],
)
def test_a_wrong_line_of_a_file_is_named_with_its_remedy(tmp_path: Path, text: str, words: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(InputError) as error:
        read_settings({}, dataset=tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert words in str(error.value)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: the settings cannot be read"):
        read_settings({"PARLEY_SETTINGS": str(tmp_path / "none.toml")})
