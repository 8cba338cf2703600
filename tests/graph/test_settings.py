"""Settings come from one table, the environment and options."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.settings import PREFIX, Settings


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
