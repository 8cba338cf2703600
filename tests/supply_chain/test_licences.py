"""Every package that Parley needs to run has a licence that is on the list."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.supply_chain.licences import Package, allowed, needed

ROOT = Path(__file__).parents[2]
PACKAGES = needed()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_package_has_a_licence_of_the_list(package: Package) -> None:
    assert allowed(package.licence), f"{package.name} {package.version}: {package.licence}"


def test_all_dependencies_are_looked_at() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {canonicalize_name(re.split(r"[>=<;\[ ]", line)[0]) for line in project["dependencies"]}
    assert named - {package.name for package in PACKAGES} <= {"backports-zstd"}
    assert len(PACKAGES) > len(named), "what they need in turn is looked at, too"


@pytest.mark.parametrize(
    ("licence", "verdict"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_expressions_are_read_as_they_are_meant(licence: str, verdict: bool) -> None:
    assert allowed(licence) is verdict
