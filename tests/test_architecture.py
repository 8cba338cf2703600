"""The house keeps to its plan."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_TOPS = (ROOT / "graph", ROOT / "web")
SOURCES = sorted([*(ROOT / "graph").rglob("*.py"), *(ROOT / "web").rglob("*.py")])


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "graph")], ids=str)
def test_graph_never_imports_web(path: Path) -> None:
    assert not any(name.split(".")[0] == "web" for name in _imports(path))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_module_says_what_it_is_and_what_it_offers(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "a module starts with a docstring"
    names = {
        t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
    }
    assert "__all__" in names or path.name in {"__main__.py"} or len(tree.body) == 1


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_module_has_one_job(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "package", sorted({p.parent for p in SOURCES if p.parent.parent in _TOPS and p.name == "__init__.py"}), ids=str
)
def test_the_design_says_where_things_are(package: Path) -> None:
    told = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "design.md").read_text("utf-8"), re.MULTILINE)
    assert f"`{package.relative_to(ROOT).as_posix()}`" in " ".join(told)


def test_the_top_level_is_fixed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if not any(tracked):
        pytest.skip("not a git checkout")
    top = {name.split("/")[0] for name in tracked if name and not name.startswith(".")}
    assert top == {
        "CHANGELOG.md", "LICENSE", "README.md", "data", "docs", "graph", "parley", "pyproject.toml", "shapes", "tests",
        "web",
    }  # fmt: skip


def test_sparql_lives_in_query_files() -> None:
    for path in SOURCES:
        # What a user is shown how to type on the command line is no query of ours.
        text = re.sub(r".*\bparley query\b.*", "", path.read_text("utf-8"))
        assert not re.search(r"[\"'](?:\s*PREFIX\s|\s*(?:SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^\"']*\{)", text), path
