"""Puts triples into an article's graph: literals of the right kind, values that may be absent, evidence."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from graph.extract.model import Span
from graph.iris import Iris
from graph.vocabulary import EDTF, OA, RDF

__all__ = ["Describer", "confidence", "day", "edtf", "english"]

#: Code points of the text before and after a quotation that its selector keeps (Web Annotation, section 4.2.4).
_CONTEXT = 32


def english(text: str) -> Literal:
    """Return a label in English."""
    return Literal(text, lang="en")


def edtf(value: str) -> Literal:
    """Return an EDTF literal."""
    return Literal(value, datatype=EDTF)


def day(value: date | None) -> Literal | None:
    """Return an ``xsd:date``; None stays None."""
    return None if value is None else Literal(value)


def confidence(value: float) -> Literal:
    """Return a confidence as ``xsd:decimal`` with at most three digits after the point."""
    return Literal(Decimal(str(round(value, 3))))


class Describer:
    """A graph in the making.

    :param article_key: key of the article that the evidence is in; None in a graph without evidence.
    :param text: the article's stored text.
    """

    def __init__(self, iris: Iris, article_key: str | None = None, text: str = "", language: str = "en") -> None:
        # Without prefixes: few need them, and binding takes its time.
        self.graph = Graph(bind_namespaces="none")
        self._iris = iris
        self._article = article_key
        self._text = text
        self._language = language

    def thing(self, key: str) -> URIRef:
        """Return the IRI of the thing with this key."""
        return URIRef(self._iris.thing(key))

    def put(self, subject: URIRef, predicate: URIRef, *values: Node | None) -> None:
        """Say something of a thing, once for each value that is there."""
        for value in values:
            if value is not None:
                self.graph.add((subject, predicate, value))

    def words(self, text: str | None) -> Literal | None:
        """Return words of the article, or about it, in its language; None if there are none."""
        return Literal(text, lang=self._language) if text else None

    def evidence(self, subject: URIRef, predicate: URIRef, spans: Iterable[Span | None]) -> None:
        """Say on which words a thing rests, and describe these words with their two selectors."""
        for span in spans:
            if span is not None:
                self.put(subject, predicate, self._evidence(span))

    def _evidence(self, span: Span) -> URIRef:
        place = f"{span.start}-{span.end}"
        evidence, position, quote = (
            self.thing(f"{self._article}/{part}/{place}") for part in ("evidence", "position", "quote")
        )
        if (evidence, RDF.type, OA.SpecificResource) in self.graph:
            return evidence
        self.put(evidence, RDF.type, OA.SpecificResource)
        self.put(evidence, OA.hasSource, self.thing(str(self._article)))
        self.put(evidence, OA.hasSelector, position, quote)
        self.put(position, RDF.type, OA.TextPositionSelector)
        self.put(position, OA.start, Literal(span.start))
        self.put(position, OA.end, Literal(span.end))
        self.put(quote, RDF.type, OA.TextQuoteSelector)
        self.put(quote, OA.exact, Literal(span.text))
        self.put(quote, OA.prefix, Literal(self._text[max(0, span.start - _CONTEXT) : span.start]))
        self.put(quote, OA.suffix, Literal(self._text[span.end : span.end + _CONTEXT]))
        return evidence
