"""What the query service says of trouble, recognised so that pages can say it in their own language.

The service lies below the web and speaks English, to the command line as well; programs get its words as they are.
"""

import re
from functools import cache

from web.language import N_, Phrase

__all__ = ["SENTENCES", "recognised"]

#: Sentences of :mod:`graph.sparql`, with places for what differs.
SENTENCES = (
    N_("the query is empty"),
    N_("send a SELECT, ASK, CONSTRUCT or DESCRIBE query"),
    N_("the query is not valid Unicode"),
    N_("send it as UTF-8"),
    N_("the query contains a null character"),
    N_("remove it"),
    N_("the query has %(size)s bytes, more than the %(most)s allowed"),
    N_("split it, or shorten its VALUES"),
    N_("the query has more than %(most)s words and signs, and one of them may be FROM or SERVICE"),
    N_("split it, or name graphs with default-graph-uri"),
    N_("the query is nested more than %(levels)s levels deep"),
    N_("write it with fewer braces, brackets, parentheses and signs inside each other"),
    N_("SERVICE is not allowed here"),
    N_("ask the other endpoint yourself and bring its results in with VALUES"),
    N_("%(iri)s can be read in two ways"),
    N_("put a space after < if it means less than, or write the IRI in full, with its scheme"),
    N_("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE"),
    N_("begin it with one of them"),
    N_("%(word)s is an update, and this endpoint is read-only"),
    N_("send a SELECT, ASK, CONSTRUCT or DESCRIBE query; the dataset changes only by `parley ingest`"),
    N_("%(word)s is no SELECT, ASK, CONSTRUCT or DESCRIBE"),
    N_("begin the query with one of them, after its PREFIX lines"),
    N_("the query ran for longer than %(seconds)s s"),
    N_("make it more selective, add LIMIT, or run it with `parley query --timeout` on your own copy"),
    N_("the prefix %(prefix)s: is not declared"),
    N_("declare it with PREFIX at the head of the query"),
    N_("the result is larger than %(most)s bytes"),
    N_("the result has more than %(most)s rows"),
    N_("ask for less with LIMIT, or take the dataset's dump"),
    N_("the default graphs that are asked for are too large to merge"),
    N_("name fewer graphs, or none: the default graph is already the merge of all"),
    N_("the query needs more memory than the %(most)s MB that it may have"),
    N_("make it more selective, or take ORDER BY, DISTINCT or GROUP BY from large sets"),
    N_("the query brought the query engine down"),
    N_("write it in a simpler way, with less nesting"),
    N_("“%(words)s” cannot stand here"),
    N_("the query ends too early"),
    N_('expected one of %(words)s, not "%(rest)s"'),
    N_("expected one of %(words)s"),
    N_('expected %(words)s, not "%(rest)s"'),
    N_("expected %(words)s"),
    N_("mend the query there"),
    N_("mend the query"),
    N_("the query service is busy"),
    N_("try again in %(seconds)s seconds"),
    N_("%(share)s queries of yours run or wait, as many as one client may have"),
)
_PLACE = N_("line %(line)s, column %(column)s: %(told)s")


def recognised(words: str) -> str:
    """Return a sentence of the query service as a `Phrase`; any other as it is.

    >>> told = recognised("line 1, column 4: the query ends too early")
    >>> told, told.values["line"]
    ('line 1, column 4: the query ends too early', '1')
    """
    if isinstance(words, Phrase):
        return words
    found = _pattern(_PLACE).fullmatch(words)
    if found:
        return Phrase(_PLACE, line=found["line"], column=found["column"], told=recognised(found["told"]))
    for sentence in SENTENCES:
        match = _pattern(sentence).fullmatch(words)
        if match:
            return Phrase(sentence, **match.groupdict())
    return words


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    pieces = (f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile("".join(pieces), re.DOTALL)
