"""The packages that Parley needs to run, as they are installed here, with their licences."""

import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["Package", "allowed", "needed"]

_ROOT = Path(__file__).parents[2]
_LIST = tomllib.loads((Path(__file__).parent / "licences.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """An installed package; its licence is an SPDX expression, or the name that it gives."""

    name: str
    version: str
    licence: str


def needed() -> list[Package]:
    """Return the packages that Parley needs to run, all the way down."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(line), frozenset[str]()) for line in project["dependencies"]]
    while waiting:
        requirement, extras = waiting.pop()
        marker = requirement.marker
        if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            continue  # of another system or version of Python
        key = canonicalize_name(requirement.name)
        if key in found and not requirement.extras:
            continue
        here = found[key] = distribution(requirement.name)
        waiting += ((Requirement(line), frozenset(requirement.extras)) for line in here.requires or ())
    return sorted(Package(key, here.version, _licence(key, here)) for key, here in found.items())


def _licence(key: str, here: Distribution) -> str:
    if key in _LIST["said"]:
        return str(_LIST["said"][key])
    if "License-Expression" in here.metadata:
        return here.metadata["License-Expression"]
    names = [
        classifier.rpartition(" :: ")[2]
        for classifier in here.metadata.get_all("Classifier") or ()
        if classifier.startswith("License :: OSI Approved :: ")
    ]
    (short, *_) = here.metadata.get_all("License") or [""]
    return " AND ".join(names) or short.partition("\n")[0] or "unknown"


def allowed(licence: str) -> bool:
    """Tell whether a licence is on the list.

    >>> allowed("MIT OR GPL-3.0-only"), allowed("MIT AND GPL-3.0-only"), allowed("(MIT OR X) AND BSD-3-Clause")
    (True, False, True)
    """
    if licence in _LIST["allowed"]:
        return True
    parts = re.split(r"\s+AND\s+(?![^(]*\))", licence)
    if len(parts) > 1:
        return all(map(allowed, parts))
    choices = re.split(r"\s+OR\s+", licence.strip("()"))
    return len(choices) > 1 and any(map(allowed, choices))
