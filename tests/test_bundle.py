"""How the editor of the SPARQL page is built: its sources, and what decides that it is built anew."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "web" / "assets"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))


def test_every_source_decides_when_it_is_built_anew() -> None:
    watched = {path for key in PROJECT["tool"]["uv"]["cache-keys"] for path in ROOT.glob(key["file"])}
    sources = {
        path for path in ASSETS.rglob("*") if path.is_file() and not {"node_modules", "__pycache__"} & {*path.parts}
    }
    assert sources <= watched
    assert len(sources) > 10
    assert any("static/yasgui" in key["file"] for key in PROJECT["tool"]["uv"]["cache-keys"]), (
        "what is built counts, too"
    )


def test_every_package_is_fixed_by_its_digest_and_from_no_named_host() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert "node_modules/@zazuko/yasgui" in packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, f"{name} names the host it came from"


def test_every_package_that_we_name_has_its_reason() -> None:
    asked = json.loads((ASSETS / "package.json").read_text("utf-8"))
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
        assert f"`{name}`" in text
    hook = (ASSETS / "build_hook.py").read_text("utf-8")
    for name in re.findall(r'return \[\] if .* else \["([\w-]+)', hook):
        assert f"`{name}`" in text


def test_nothing_that_is_built_is_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/web/static/yasgui/", "node_modules/"} <= set(ignored)


def test_our_scripts_name_no_other_host() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ASSETS / "src").iterdir())
    assert not re.findall(r"https?://[a-z]", sources)
