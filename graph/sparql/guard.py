r"""What a query is, and whether it may run: decided from its tokens, before the engine sees it.

The engine cannot be told to refuse ``SERVICE``, and its recursive parser can be crashed by nesting. So the text is
split into tokens (SPARQL 1.1 Query Language, section 19.8), as far as needed, once as it stands and once with its
``\u`` codepoint escapes decoded (section 19.2; engines differ in where they decode them), and refused if either reading
asks for what is not allowed.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from graph.errors import QueryError
from graph.phrase import Phrase
from graph.sparql.errors import ReadOnlyError, TooLongError
from graph.sparql.tokens import COMMENT, IRI, STRING, Token, tokens

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Query", "check", "iris", "position", "undeclared"]

#: Longest query, in bytes of UTF-8. Machine-written VALUES lists fit; a planner's worst case does not.
MAX_LENGTH = 100_000
#: Deepest nesting of braces, brackets, parentheses, triple terms and signs such as `!`. 64 nested lists plan for 0.2 s,
#: 200 for 7 s, 2,500 crash.
MAX_DEPTH = 64
# Most tokens of a query that must be read word by word: 25 ms, during which other threads of the server wait.
_MOST = 10_000
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"})
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_VOLATILE_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_VOLATILE))})\b", re.IGNORECASE)
# What nests, and what can hold signs that do not. Signs before an expression, and before a step of a path, nest without
# a bracket (grammar rules 92 and 118); `<<` and `>>` enclose reified triples and triple terms.
_NESTING = re.compile(
    rf"""
    [^"'\#<\\({{\[)}}\]>!+\-^]+
  | (?P<comment> {COMMENT} )
  | (?P<held> {STRING} | {IRI} | \\. )
  | (?P<open> [({{\[] | << )
  | (?P<close> [)}}\]] | >> )
  | (?P<signs> [!+\-^]+ )
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ESCAPED_LOCAL = re.compile(r"\\(.)")
# `?a <#x> ...` can be an IRI after ?a, or "less than" and a comment; `?a <'x> ...` an IRI or a string. What begins with
# a scheme and `//` can only be an IRI.
_AMBIGUOUS = re.compile(r"<(?![A-Za-z][\w+.\-]*://)[^>]*[#']")
_SERVICE_WORD = re.compile(r"service", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that may run.

    :param text: the query as it was sent.
    :param form: ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.
    :param default_graphs: IRIs after ``FROM``, in order.
    :param named_graphs: IRIs after ``FROM NAMED``, in order.
    :param volatile: whether two runs on the same data can differ (``NOW()``, ``RAND()``...): no answer may be kept.
    """

    text: str
    form: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    volatile: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether the result is a graph (``CONSTRUCT``, ``DESCRIBE``) and not a table or a truth value."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def check(
    text: str, services: Collection[str] = (), prefixes: dict[str, str] | None = None, length: int = MAX_LENGTH
) -> Query:
    r"""Say what a query is, or why it may not run.

    :param services: IRIs that ``SERVICE`` may call.
    :param prefixes: prefixes that need not be declared: prefix -> namespace.
    :param length: longest query, in bytes of UTF-8.
    :raises ReadOnlyError: if it is an update.
    :raises TooLongError: if it has too many bytes or tokens.
    :raises QueryError: if it is empty, too deeply nested, calls a service, or is of no
        known form.

    >>> check("BASE <urn:b> SELECT ?s FROM <urn:g> { ?s ?p ?o }").default_graphs
    ('urn:g',)
    >>> check(r"BASE <urn:b> ASK { \u0053ERVICE <http://example.com/> { } }")
    Traceback (most recent call last):
    ...
    graph.errors.QueryError: line 1, column 20: SERVICE is not allowed here; ask the other endpoint yourself...
    """
    if not text.strip():
        raise QueryError(Phrase("the query is empty"), Phrase("send a SELECT, ASK, CONSTRUCT or DESCRIBE query"))
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise QueryError(Phrase("the query is not valid Unicode"), Phrase("send it as UTF-8")) from None
    if "\x00" in text:
        raise QueryError(Phrase("the query contains a null character"), Phrase("remove it"))
    if size > length:
        raise TooLongError(
            Phrase(
                "the query has %(size)s bytes, more than the %(most)s allowed", size=f"{size:,}", most=f"{length:,}"
            ),
            Phrase("split it, or shorten its VALUES"),
        )
    decoded = _decode(text)
    for reading in dict.fromkeys((text, decoded)):
        _check_depth(reading)
        if "SERVICE" in reading.upper():
            _check_services(_read(reading), reading, frozenset(services), prefixes or {})
    return _describe(text, prefixes or {}, decoded)


def _check_depth(text: str) -> None:
    depth = signs = end = 0
    for match in _NESTING.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "signs":
            # With nothing but space between them they nest, too.
            between = text[end : match.start()]
            signs = len(match[0]) + (signs if not between or between.isspace() else 0)
        if kind != "comment":
            signs = signs if kind == "signs" else 0
        end = match.end()
        if depth > MAX_DEPTH or signs > MAX_DEPTH:
            raise QueryError(
                Phrase("the query is nested more than %(levels)s levels deep", levels=MAX_DEPTH),
                Phrase("write it with fewer braces, brackets, parentheses and signs inside each other"),
                position(text, match.start()),
            )


def _read(text: str) -> list[Token]:
    """Return the tokens of a query that must be read word by word."""
    found = list(islice(tokens(text), _MOST + 1))
    if len(found) > _MOST:
        raise TooLongError(
            Phrase(
                "the query has more than %(most)s words and signs, and one of them may be FROM or SERVICE",
                most=f"{_MOST:,}",
            ),
            Phrase("split it, or name graphs with default-graph-uri"),
        )
    return found


def _decode(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        point = int(match[1] or match[2], 16)
        return match[0] if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF else chr(point)

    return _CODEPOINT.sub(character, text)


def position(text: str, start: int) -> tuple[int, int]:
    """Return line and column of an offset in a query, both from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _check_services(found: list[Token], text: str, services: frozenset[str], prefixes: dict[str, str]) -> None:
    resolver = _Prologue(prefixes)
    for i, token in enumerate(found):
        resolver.see(found, i)
        if _opens_service(found, i):
            target = found[i + 1 : i + 3]
            if target and target[0].kind == "word" and target[0].text.upper() == "SILENT":
                target = target[1:]
            if token.text.upper() != "SERVICE" or not target or resolver.iri(target[0]) not in services:
                raise QueryError(
                    Phrase("SERVICE is not allowed here"),
                    Phrase("ask the other endpoint yourself and bring its results in with VALUES"),
                    position(text, token.start),
                )
        # An IRI that could hide a SERVICE clause from this tokenizer, in a query with that word.
        if token.kind == "iri" and _AMBIGUOUS.match(token.text) and _SERVICE_WORD.search(text):
            raise QueryError(
                Phrase("%(iri)s can be read in two ways", iri=token.text[:40]),
                Phrase("put a space after < if it means less than, or write the IRI in full, with its scheme"),
                position(text, token.start),
            )


def undeclared(text: str, prefixes: dict[str, str]) -> tuple[str, tuple[int, int]] | None:
    """Return the first prefix in a query that is used but not declared, and where; None if there is none.

    >>> undeclared("BASE <urn:b> PREFIX a: <urn:a#> ASK { a:x b:y 1 }", {})
    ('b', (1, 43))
    """
    found = list(islice(tokens(text), _MOST))
    resolver = _Prologue(prefixes)
    for i, token in enumerate(found):
        resolver.see(found, i)
        declares = i > 0 and found[i - 1].text.upper() == "PREFIX"
        if token.kind == "name" and not declares and not token.text.startswith("_:") and resolver.iri(token) is None:
            return token.text.partition(":")[0], position(text, token.start)
    return None


def iris(text: str, prefixes: dict[str, str]) -> Iterator[tuple[str, tuple[int, int]]]:
    r"""Yield the IRIs that the tokens of a query stand for, in both readings, and where: line and column.

    >>> list(iris(r"BASE <urn:b> ASK { <b\u0069f:a> a <urn:c> }", {}))[1:3]
    [('bif:a', (1, 20)), ('urn:c', (1, 35))]
    """
    for reading in dict.fromkeys((text, _decode(text))):
        found = list(tokens(reading))
        resolver = _Prologue(prefixes)
        for i, token in enumerate(found):
            resolver.see(found, i)
            iri = resolver.iri(token)
            if iri:
                yield iri, position(reading, token.start)


def _opens_service(found: list[Token], i: int) -> bool:
    """Whether a token is, or to the engine's parser can begin, a SERVICE clause.

    That parser needs no space after a keyword: `SERVICE:x { }` and `trueSERVICE?x { }` are clauses to it.
    """
    token = found[i]
    if token.kind == "word":
        return "SERVICE" in token.text.upper()
    if token.kind == "name" and "SERVICE" in token.text.partition(":")[0].upper():
        before = found[i - 1].text.upper() if i else ""
        return found[i + 1 : i + 2] != [] and found[i + 1].text == "{" and before != "GRAPH"
    return False


class _Prologue:
    """Resolves IRIs and prefixed names, as PREFIX and BASE declare them."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._base = ""

    def see(self, found: list[Token], i: int) -> None:
        """Take in a declaration that starts at a token."""
        if found[i].kind != "word":
            return
        word = found[i].text.upper()
        if word == "PREFIX" and [t.kind for t in found[i + 1 : i + 3]] == ["name", "iri"]:
            self._prefixes[found[i + 1].text.removesuffix(":")] = self.iri(found[i + 2]) or ""
        elif word == "BASE" and [t.kind for t in found[i + 1 : i + 2]] == ["iri"]:
            self._base = self.iri(found[i + 1]) or ""

    def iri(self, token: Token) -> str | None:
        """Return the IRI that a token stands for, or None."""
        if token.kind == "iri":
            iri = _decode(token.text[1:-1])
            return urljoin(self._base, iri) if self._base else iri
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in self._prefixes:
                return self._prefixes[prefix] + _ESCAPED_LOCAL.sub(r"\1", local)
        return None


def _describe(text: str, prefixes: dict[str, str], decoded: str) -> Query:
    form = ""
    for token in islice(tokens(text), _MOST):
        form = _form(token.text.upper() if token.kind == "word" else "", token, text)
        if form:
            break
    else:
        raise QueryError(
            Phrase("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE"), Phrase("begin it with one of them")
        )
    default: list[str] = []
    named: list[str] = []
    found = _read(text) if "FROM" in text.upper() else []
    resolver = _Prologue(prefixes)
    for i, token in enumerate(found):
        resolver.see(found, i)
        if token.kind == "word" and token.text.upper() == "FROM":
            is_named = found[i + 1 : i + 2] and found[i + 1].text.upper() == "NAMED"
            place = i + (2 if is_named else 1)
            iri = resolver.iri(found[place]) if place < len(found) else None
            if iri:
                (named if is_named else default).append(iri)
    return Query(text, form, tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named)), _is_volatile(decoded))


def _is_volatile(decoded: str) -> bool:
    if not _VOLATILE_WORD.search(decoded):
        return False
    words = list(islice((token.text.upper() for token in tokens(decoded) if token.kind == "word"), _MOST))
    # Of a long query not every word is read: its answer is not kept.
    return len(words) == _MOST or not _VOLATILE.isdisjoint(words)


def _form(word: str, token: Token, text: str) -> str:
    """Return the form that a token of the head names, or nothing while the prologue goes on."""
    if word in _FORMS:
        return word
    if word in _UPDATES:
        raise ReadOnlyError(
            Phrase("%(word)s is an update, and this endpoint is read-only", word=word),
            Phrase("send a SELECT, ASK, CONSTRUCT or DESCRIBE query; the dataset changes only by `parley ingest`"),
            position(text, token.start),
        )
    if token.kind in ("iri", "name") or word in ("PREFIX", "BASE", "VERSION") or token.kind == "string":
        return ""
    raise QueryError(
        Phrase("%(word)s is no SELECT, ASK, CONSTRUCT or DESCRIBE", word=repr(token.text[:40])),
        Phrase("begin the query with one of them, after its PREFIX lines"),
        position(text, token.start),
    )
