"""RDF terms written as tokens of a query."""

import pyoxigraph as ox

__all__ = ["write_term"]

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def write_term(term: ox.NamedNode | ox.Literal) -> str:
    r"""Write an IRI or a literal as one token (or two: a string and its datatype) that stands for that term only.

    Codepoint escapes (``\u0022``) may be decoded before the tokens are found or after, and :mod:`graph.sparql.guard`
    reads a query both ways. So the ``u`` after a backslash of the text is itself written as an escape, which means the
    same in both readings.

    >>> print(write_term(ox.NamedNode("https://z.example/id/person/ana")), write_term(ox.Literal('say "no"')))
    <https://z.example/id/person/ana> "say \"no\""
    """
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    text = '"' + term.value.translate(_ESCAPES).replace("\\\\u", "\\\\\\u0075").replace("\\\\U", "\\\\\\u0055") + '"'
    if term.language:
        return f"{text}@{term.language}"
    plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    return text if plain else f"{text}^^<{term.datatype.value}>"
