"""The style guide says of the style sheet what is so."""

import re
from pathlib import Path

import pytest

from web.drawing.palette import DARK, LIGHT, contrast, palette

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "style-guide.md").read_text("utf-8")
SHEET = (ROOT / "web" / "static" / "parley.css").read_text("utf-8")
TEMPLATES = "\n".join(path.read_text("utf-8") for path in (ROOT / "web" / "templates").glob("*.html"))
PAIRS = re.findall(r"^\| `--([a-z-]+)` on `--([a-z-]+)` \| ([\d.]+) \| ([\d.]+) \|$", GUIDE, flags=re.MULTILINE)
#: Lines between things carry no meaning by themselves.
_NO_CONTRAST = frozenset({"rule"})


def test_every_variable_is_in_the_guide_and_no_other() -> None:
    there = set(re.findall(r"^ +--([a-z-]+):", SHEET, flags=re.MULTILINE))
    assert len(there) > 10
    assert set(re.findall(r"^\| `--([a-z-]+)` \|", GUIDE, flags=re.MULTILINE)) == there


def test_every_color_has_the_value_that_the_guide_says() -> None:
    rows = re.findall(r"^\| `--([a-z-]+)` \| `(#\w+)` \| `(#\w+)` \|", GUIDE, flags=re.MULTILINE)
    assert {name: light for name, light, _ in rows} == dict(palette(LIGHT))
    assert {name: dark for name, _, dark in rows} == dict(palette(DARK))


@pytest.mark.parametrize(("ink", "ground", "light", "dark"), PAIRS)
def test_colors_stand_out_as_much_as_the_guide_says(ink: str, ground: str, light: str, dark: str) -> None:
    least = 3 if ink in ("bar", "line") else 4.5
    for scheme, told in ((LIGHT, light), (DARK, dark)):
        colors = palette(scheme)
        found = contrast(colors[ink], colors[ground])
        assert f"{found:.2f}" == told
        assert found >= least


def test_the_guide_tells_of_every_color_what_it_stands_on() -> None:
    assert {name for ink, ground, *_ in PAIRS for name in (ink, ground)} == set(palette()) - _NO_CONTRAST


def test_sizes_and_classes_of_the_guide_are_in_use() -> None:
    sizes = re.findall(r"^\| `([^`]*rem\)?)` \|", GUIDE, flags=re.MULTILINE)
    assert len(sizes) > 5
    for size in sizes:
        assert f"font-size: {size};" in SHEET, size
    classes = re.findall(r"\| `\.([a-z]+)` \|", GUIDE)
    assert len(classes) > 8
    for name in classes:
        assert f".{name}" in SHEET, name
        assert re.search(rf'class="[^"]*\b{name}\b', TEMPLATES), name


def test_no_color_is_written_anywhere_else() -> None:
    body = re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsl\(", body)
