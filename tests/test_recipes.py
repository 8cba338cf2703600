"""The recipes of docs/recipes.md do what they say, run against a served demo."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.web.serving import served

PAGE = Path(__file__).parents[1] / "docs" / "recipes.md"
ADDRESS = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


class Recipe(NamedTuple):
    """A recipe: where it stands, its language, its text, and what it prints."""

    title: str
    language: str
    text: str
    printed: str


def _recipes() -> list[Recipe]:
    page = PAGE.read_text("utf-8")
    headings = list(_HEADING.finditer(page))
    return [
        Recipe(next(h[1] for h in reversed(headings) if h.start() < block.start()), block[1], block[2], block[3])
        for block in _BLOCK.finditer(page)
    ]


RECIPES = _recipes()


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    """Where the demo is served."""
    with served(demo) as (base, _):
        yield base


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_prints_what_the_page_shows(recipe: Recipe, address: str) -> None:
    for module in re.findall(r"^(?:import|from) (pandas|SPARQLWrapper)\b", recipe.text, re.MULTILINE):
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    if recipe.language == "bash" and (shutil.which("bash") is None or shutil.which("curl") is None):
        pytest.skip("there is no curl here")
    text = recipe.text.replace(ADDRESS, address)
    command = [sys.executable, "-c", text] if recipe.language == "python" else ["bash", "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    # The names of things are those of the dataset, wherever it is served.
    assert done.stdout == recipe.printed, done.stderr
    assert done.returncode == 0, done.stderr


def test_every_client_has_a_recipe() -> None:
    assert {recipe.title for recipe in RECIPES} == {"curl", "pandas", "SPARQLWrapper", "Jupyter"}
    page = PAGE.read_text("utf-8")
    assert {"curl", "pandas", "SPARQLWrapper", "Jupyter", "R"} <= {heading[1] for heading in _HEADING.finditer(page)}
    # Whatever is shown is either run or said not to be.
    shown = len(re.findall(r"^```(?:python|bash)$", page, re.MULTILINE))
    assert shown == len(RECIPES)
