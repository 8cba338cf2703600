"""Reads the pages that the application sends: their elements, links and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

__all__ = ["BROWSER", "Element", "Page", "fetch", "json_of", "page"]

#: What a browser accepts.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "base"})


@dataclass
class Element:
    """An element with all the text in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    parent: "Element | None" = field(default=None, repr=False, compare=False)

    @property
    def lineage(self) -> Iterator["Element"]:
        """The element and those that it is in, from the inside out."""
        here: Element | None = self
        while here is not None:
            yield here
            here = here.parent


@dataclass
class Page:
    """A page taken apart."""

    source: str
    elements: list[Element] = field(default_factory=list)
    #: Each piece of text, as it is written, with the element that it stands in.
    pieces: list[tuple[str, Element]] = field(default_factory=list)

    def all(self, name: str, **attributes: str) -> list[Element]:
        """Return the elements of this name that have these attributes; ``class_`` stands for ``class``."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            e
            for e in self.elements
            if e.name == name and all(_has(e.attributes.get(key), key, value) for key, value in wanted.items())
        ]

    def one(self, name: str, **attributes: str) -> Element:
        """Return the only such element."""
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} elements {name} {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        """All words of the page, spaces as a reader sees them."""
        return " ".join(self.one("body").text.split())

    @property
    def links(self) -> list[str]:
        """Targets of all links, forms, styles, scripts and images."""
        return [e.attributes[key] for e in self.elements for key in ("href", "src", "action") if key in e.attributes]

    @property
    def ids(self) -> list[str]:
        """All ids."""
        return [e.attributes["id"] for e in self.elements if "id" in e.attributes]


def _has(given: str | None, key: str, wanted: str) -> bool:
    return given is not None and (wanted in given.split() if key == "class" else given == wanted)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.pieces: list[tuple[str, Element]] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else None
        element = Element(tag, {key: value or "" for key, value in attrs}, parent=parent)
        assert len(element.attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without its beginning"
        assert self.open[-1].name == tag, f"</{tag}> within <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
        if self.open:
            self.pieces.append((data, self.open[-1]))


def page(source: str) -> Page:
    """Take a page apart; each of its elements must be closed."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    assert not parser.open, f"left open: {[e.name for e in parser.open]}"
    for element in parser.elements:
        element.text = re.sub(r"\s+", " ", element.text).strip()
    return Page(source, parser.elements, parser.pieces)


def fetch(client: FlaskClient, url: str, status: int = 200) -> Page:
    """Get a page as a browser does."""
    answer: TestResponse = client.get(url, headers={"Accept": BROWSER})
    assert answer.status_code == status, f"{answer.status_code} {url}"
    assert answer.content_type == "text/html; charset=utf-8"
    return page(answer.text)


def json_of(client: FlaskClient, url: str) -> dict[str, Any]:
    """Return an answer as JSON."""
    answer = client.get(url, headers={"Accept": "application/json"})
    assert answer.status_code == 200, f"{url}: {answer.text}"
    assert isinstance(answer.json, dict)
    return answer.json
