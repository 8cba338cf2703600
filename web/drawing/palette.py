"""The colours of the style sheet, for what is drawn and checked outside of a browser."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["DARK", "LIGHT", "contrast", "palette"]

LIGHT, DARK = "light", "dark"
_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
_COLOR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


@cache
def palette(scheme: str = LIGHT) -> Mapping[str, str]:
    """Return the colours by name, as ``#rrggbb``; in the dark those that stay the same, too.

    >>> palette()["ink"] != palette(DARK)["ink"]
    True
    """
    sheet = (Path(__file__).parents[1] / "static" / "parley.css").read_text("utf-8")
    light, dark = (dict(_COLOR.findall(rules)) for rules in _ROOT.findall(sheet)[:2])
    return MappingProxyType(light if scheme == LIGHT else light | dark)


def contrast(one: str, other: str) -> float:
    """Return how much two colours stand out from each other, from 1 to 21 (WCAG 2.2, contrast ratio).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
