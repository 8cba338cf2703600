"""The templates as they are written: lines of them that would run into each other on the page."""

import re
from itertools import pairwise
from pathlib import Path

import web

TEMPLATES = sorted((Path(web.__file__).parent / "templates").glob("*.html"))
# Jinja takes the break after a block's tag and the spaces before the next one (trim_blocks, lstrip_blocks).
ENDS = re.compile(r"(?:[\w.,;:!?)]|}}|</(?:a|code|em|span|strong|time)>)(?:\{%(?:[^%]|%(?!}))*[^-+]%})+$")
BEGINS = re.compile(r"\s*(?:\{%[^-+](?:[^%]|%(?!}))*[^-]%})+(?:[\w(]|\{\{ _\(|<(?:a|code|em|span|strong|time)\b)")


def glued(text: str) -> list[str]:
    """Return the lines whose last word the next line's first word would follow without a space."""
    return [one for one, other in pairwise(text.splitlines()) if ENDS.search(one) and BEGINS.match(other)]


def test_no_line_runs_into_the_next_one() -> None:
    assert glued("<p>{% trans %}Not borders.{% endtrans %}\n  {% if more %}Not on the map{% endif %}</p>")
    assert not glued("<p>{% trans %}Not borders.{% endtrans +%}\n  {% if more %}Not on the map{% endif %}</p>")
    assert not glued("<p>{% trans %}Not borders.{% endtrans %}\n  {%- if more %} Not on the map{% endif %}</p>")
    assert [(path.name, line) for path in TEMPLATES for line in glued(path.read_text("utf-8"))] == []
