"""The queries of ``data/queries/named``: SPARQL with parameters, for those who know none.

A file says in the comments at its head what it asks and for what::

    # title: Claims of a person
    # Lines of description.
    # parameter person (person): Who speaks.
    # parameter to (date, last day; default 9999-12-31): Not after this day.
    # example person=ana-petrova
    SELECT ... { ?claim schema:author $person }

In these files ``$person`` is the parameter, ``?person`` would be a variable. A value goes in as one token, a term that
is written by :func:`graph.sparql.terms.write_term`; nothing that a reader types is ever part of the query's grammar.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import pyoxigraph as ox

from graph.files import data_path
from graph.sparql.terms import write_term
from graph.sparql.tokens import tokens

__all__ = ["KINDS", "NamedQuery", "Parameter", "named_queries", "named_query", "read_named"]

#: Kinds of parameters; the first four are things of the dataset.
KINDS = ("person", "place", "organization", "event", "date", "text")
_LINE = re.compile(r"# (title|parameter|example)\b:?\s*(.*)")
_PARAMETER = re.compile(
    rf"(?P<name>[a-z]+) \((?P<kind>{'|'.join(KINDS)})(?P<last>, last day)?(?:; default (?P<default>[^)]+))?\): "
    r"(?P<help>.+)"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query asks for.

    :param name: as the address and the query have it.
    :param kind: one of :data:`KINDS`.
    :param help: a sentence for the reader.
    :param default: value where the reader gives none; None where one must be given.
    :param last: whether ``2019`` means the last day of the year and not the first.
    """

    name: str
    kind: str
    help: str
    default: str | None = None
    last: bool = False

    @property
    def is_thing(self) -> bool:
        """Whether its value is a thing of the dataset."""
        return self.kind not in ("date", "text")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with parameters.

    :param name: its file's name without ending, and the last part of its address.
    :param title: one line.
    :param description: what it finds, for people.
    :param parameters: in the order of the form.
    :param example: values that find something in the demo's dataset.
    :param text: the query.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    text: str

    def fill(self, values: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
        """Return the query with terms in place of its parameters.

        :param values: the term of each parameter.
        """
        pieces, done = [f"# {self.title}\n"], 0
        # Tokens, not text: what looks like a parameter within a string or a comment is none.
        for token in tokens(self.text):
            if token.kind == "variable" and token.text[0] == "$":
                pieces += [self.text[done : token.start], write_term(values[token.text[1:]])]
                done = token.start + len(token.text)
        return "".join([*pieces, self.text[done:]])


def read_named(path: Path) -> NamedQuery:
    """Read one file.

    :raises ValueError: if its head is not as it should be.
    """
    lines = path.read_text("utf-8").splitlines()
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    title, example, described, parameters = "", "", [], []
    for line in lines[:head]:
        match = _LINE.fullmatch(line)
        if match is None:
            described.append(line.lstrip("# ").strip())
        elif match[1] == "parameter":
            parameters.append(_parameter(path, match[2]))
        elif match[1] == "title":
            title = match[2]
        else:
            example = match[2]
    text = "\n".join(lines[head:]).strip() + "\n"
    used = {token.text[1:] for token in tokens(text) if token.kind == "variable" and token.text[0] == "$"}
    if used != {parameter.name for parameter in parameters}:
        raise ValueError(f"{path.name}: the parameters declared are not those used: {sorted(used)}")
    return NamedQuery(path.stem, title, " ".join(described), tuple(parameters), dict(parse_qsl(example)), text)


def _parameter(path: Path, words: str) -> Parameter:
    match = _PARAMETER.fullmatch(words)
    if match is None:
        raise ValueError(f"{path.name}: no parameter is declared by {words!r}")
    default = "" if match["default"] == "nothing" else match["default"]
    return Parameter(match["name"], match["kind"], match["help"], default, bool(match["last"]))


@cache
def named_queries() -> tuple[NamedQuery, ...]:
    """Return all of them, by title."""
    return tuple(sorted(map(read_named, data_path("queries", "named").glob("*.rq")), key=lambda query: query.title))


def named_query(name: str) -> NamedQuery | None:
    """Return the query of this name; None if there is none."""
    return next((query for query in named_queries() if query.name == name), None)
