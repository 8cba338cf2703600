"""A small article graph that conforms, about an invented country, and edits that break it.

An edit is a line: ``+ TURTLE`` adds, ``- S P O`` removes (``*`` for any object), ``= S P O`` removes the old values
first, ``~ A B`` renames a thing everywhere.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import rdflib
from rdflib import URIRef
from rdflib.term import Node

__all__ = ["TEXT", "edited", "valid_graph"]

TEXT = (
    "Ana Petrova, foreign minister of Zubrowka, met envoys in Lutz in February 2019. "
    '"We will meet again," Petrova said. Envoys spoke of "a good day".'
)

_HERE = Path(__file__).parent
_ARTICLE = URIRef("https://parley.example/id/article/0123456789ab")
#: The prefixes of the graph, with which edits are written, too.
_PREFIXES = "".join(re.findall(r"^@prefix .*\n", (_HERE / "valid.ttl").read_text("utf-8"), re.MULTILINE))


def valid_graph() -> rdflib.Graph:
    """Return the graph that conforms; a new one each time."""
    graph = rdflib.Graph()
    graph += _valid()
    return graph


@cache
def _valid() -> rdflib.Graph:
    graph = rdflib.Graph().parse(_HERE / "valid.ttl")
    for finding in set(graph.subjects(_term("ply:evidence"))):
        origin = "prov:wasQuotedFrom" if "/claim/" in str(finding) else "prov:wasDerivedFrom"
        graph.add((finding, _term(origin), _ARTICLE))
    for words in sorted({str(o) for o in graph.objects() if "/evidence/" in str(o)}):
        start, end = map(int, words.rpartition("/")[2].split("-"))
        graph += evidence(start, end, TEXT)
    return graph


def evidence(start: int, end: int, text: str) -> rdflib.Graph:
    """Return the description of a piece of evidence, with its selectors."""
    quote = _parsed(
        f"""
        words:{start}-{end} a oa:SpecificResource ; oa:hasSource article:0123456789ab ;
          oa:hasSelector position:{start}-{end}, quote:{start}-{end} .
        position:{start}-{end} a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} .
        quote:{start}-{end} a oa:TextQuoteSelector .
        """
    )
    subject = _term(f"quote:{start}-{end}")
    for name, words in (("exact", text[start:end]), ("prefix", text[max(0, start - 32) : start]),
                        ("suffix", text[end : end + 32])):  # fmt: skip
        quote.add((subject, _term(f"oa:{name}"), rdflib.Literal(words)))
    return quote


def edited(lines: Iterable[str]) -> rdflib.Graph:
    """Return the graph that conforms after some edits; ``second`` as a line adds another article."""
    graph = valid_graph()
    for line in lines:
        if line == "second":
            graph += rdflib.Graph().parse(_HERE / "second.ttl")
            continue
        action, rest = line[0], line[2:]
        if action == "+":
            graph += _parsed(f"{rest} .")
        elif action == "~":
            graph = _renamed(graph, *map(_term, rest.split()))
        elif action in "-=":
            subject, predicate, value = re.fullmatch(r"(\S+) (\S+) (.+)", rest).groups()  # type: ignore[union-attr]
            pattern = (_term(subject), _term(predicate), None if action == "=" or value == "*" else _term(value))
            if not list(graph.triples(pattern)):
                raise ValueError(f"nothing to remove: {line}")
            graph.remove(pattern)
            if action == "=":
                graph += _parsed(f"{rest} .")
        else:
            raise ValueError(f"no edit: {line}")
    return graph


def _parsed(turtle: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=_PREFIXES + turtle, format="turtle")
    return graph


@cache
def _term(text: str) -> Node:
    return next(_parsed(f"<urn:s> <urn:p> {text} .").objects())


def _renamed(graph: rdflib.Graph, old: Node, new: Node) -> rdflib.Graph:
    renamed = rdflib.Graph()
    for triple in graph:
        subject, predicate, value = (new if term == old else term for term in triple)
        renamed.add((subject, predicate, value))
    return renamed
