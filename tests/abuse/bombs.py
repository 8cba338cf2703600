"""Queries that are small to write and large to answer, on the dataset of :mod:`tests.abuse.dataset`."""

from itertools import pairwise

from tests.abuse.dataset import KNOWS, NAME

__all__ = ["BOMBS", "CUT", "HUGE", "MALFORMED"]

_K, _N = f"<{KNOWS}>", f"<{NAME}>"
_CROSS = f"?a {_N} ?b . ?c {_N} ?d . ?e {_N} ?f"
_TEN = " ".join(f"'{n}'" for n in range(10))
_LETTERS = "abcdefghijkl"
_MANY = " ".join(f"'{n:06}'" for n in range(9_000))
_LIMITS = {503, 504}
_ANY = {200, *_LIMITS}
#: Stands for an answer that began and was cut off: HTTP shows that it is not whole.
CUT = 0

#: A result of gigabytes.
HUGE = f"SELECT * {{ ?a {_N} ?b . ?c {_N} ?d }}"

#: Name -> query, and the statuses that are honest answers to it.
BOMBS: dict[str, tuple[str, set[int]]] = {
    "cross join": (f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}", {504}),
    "sorted cross join": (f"SELECT * {{ {_CROSS} }} ORDER BY ?b ?d ?f", _LIMITS),
    "distinct cross join": (f"SELECT DISTINCT ?b ?d ?f {{ {_CROSS} }}", _LIMITS | {CUT}),
    "grouped cross join": (f"SELECT ?a ?c ?e (COUNT(*) AS ?n) {{ {_CROSS} }} GROUP BY ?a ?c ?e", _LIMITS),
    "group_concat": (f"SELECT (GROUP_CONCAT(CONCAT(?b, ?d, ?f)) AS ?x) {{ {_CROSS} }}", _LIMITS),
    "paths": (f"SELECT (COUNT(*) AS ?n) {{ ?a ({_K}|^{_K})+ ?b . ?b (!<urn:x>)* ?c . ?c {_K}* ?d }}", _LIMITS),
    "nested paths": (f"SELECT (COUNT(*) AS ?n) {{ ?a ((({_K}*)*)+/(^{_K}*)*)* ?b }}", _LIMITS),
    "all paths": ("SELECT DISTINCT ?a ?b { ?a (!<urn:x>|!^<urn:y>)* ?b } ORDER BY ?b", _LIMITS),
    "long path": (f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([_K] * 200)} ?b }}", _LIMITS),
    "regex": (
        f'SELECT * {{ ?s {_N} ?o FILTER(REGEX(?o, "{"(" * 7}x{"{50})" * 7}")) }}', {200, 400, 503, 504},
    ),
    "regex over a cross join": (f'SELECT * {{ {_CROSS} FILTER(REGEX(CONCAT(?b, ?d, ?f), "(a|a)*(a|aa)+$z")) }}', {504}),
    "replace": (
        "SELECT (STRLEN(?l) AS ?n) { BIND('xxxxxxxxxx' AS ?a) "
        + " ".join(
            f"BIND(REPLACE(?{x}, 'x', 'xxxxxxxxxx') AS ?{y})" for x, y in pairwise(_LETTERS)
        )
        + " }",
        _LIMITS,
    ),
    "concat": (
        "SELECT (STRLEN(?l) AS ?n) { BIND('xxxxxxxxxx' AS ?a) "
        + " ".join(
            f"BIND(CONCAT({', '.join([f'?{x}'] * 10)}) AS ?{y})"
            for x, y in pairwise(_LETTERS)
        )
        + " }",
        _LIMITS,
    ),
    "values": (f"SELECT (COUNT(*) AS ?n) {{ VALUES ?y {{ {_MANY} }} VALUES ?x {{ {_TEN} }} {_CROSS} }}", _LIMITS),
    "values by values": (
        "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{x} {{ {_TEN} }}" for x in _LETTERS) + " }", _LIMITS,
    ),
    "join": (f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(3000))} }}", _LIMITS),
    "union": (f"SELECT * {{ {' UNION '.join(['{ ?s ?p ?o }'] * 2000)} }} ORDER BY ?s", _LIMITS),
    "optionals": (
        f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'OPTIONAL {{ ?s{n} {_K} ?o{n} }}' for n in range(50))} }}", _LIMITS,
    ),
    "exists": (f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER NOT EXISTS {{ ?b ?q ?d . ?x ?y ?z }} }}", _LIMITS),
    "construct": (f"CONSTRUCT {{ ?a ?b ?c . ?c ?d ?e . ?e ?f ?a }} {{ {_CROSS} FILTER(?b = ?x) }}", {504}),
    "describe": (f"DESCRIBE ?a ?c ?e {{ {_CROSS} }}", _LIMITS | {CUT}),
    "unary operators": (f"SELECT ({'!' * 90_000}true AS ?x) {{ }}", {400}),
    "fewer unary operators": (f"SELECT ({'!-' * 15_000}true AS ?x) {{ }}", {400}),
    "lists in lists": (f"ASK {{ ?s ?p {'(' * 2500}1{')' * 2500} }}", {400}),
    "5 KB of braces": (f"ASK {{ {'{' * 2500}{'}' * 2500} }}", {400}),
    "200 nested blank nodes": (f"ASK {{ ?s ?p {'[ <urn:p> ' * 200}1{' ]' * 200} }}", {400}),
    "64 nested braces": (f"ASK {{ {'{' * 60}{'}' * 60} }}", {200}),
    "triple terms in triple terms": (f"ASK {{ ?s ?p {'<<( ?a ?b ' * 2000}1{' )>>' * 2000} }}", {400}),
    "reifiers in reifiers": (f"ASK {{ {'<< ' * 5000}?a ?b ?c{' >> ?p ?o' * 5000} }}", {400}),
    "annotations in annotations": (f"ASK {{ ?a ?b ?c {'{| ?p ?o ' * 2000}{'|} ' * 2000} }}", {400}),
    "signs": (f"SELECT ({'- ' * 30_000}1 AS ?x) {{ }}", {400}),
    "inverse paths": (f"ASK {{ ?s {'^' * 30_000}<urn:p> ?o }}", {400}),
    "alternatives": (f"SELECT (COUNT(*) AS ?n) {{ ?s {'|'.join(['<urn:p>'] * 9000)} ?o }}", {200, 503, 504}),
    "sums": (f"SELECT ({'+'.join(['1'] * 45_000)} AS ?x) {{ }}", _ANY),
    "fewer sums": (f"SELECT ({'+'.join(['1'] * 3_900)} AS ?x) {{ }}", _ANY),
    "unions": (f"ASK {{ {'UNION'.join(['{}'] * 14_000)} }}", _ANY),
    "many optionals": (f"ASK {{ {'OPTIONAL{}' * 9_900} }}", _ANY),
    "minuses": (f"ASK {{ {'MINUS{}' * 14_000} }}", _ANY),
    "groups": (f"ASK {{ {'{?s ?p 1}' * 11_000} }}", _ANY),
    "filters": (f"ASK {{ {'FILTER(1)' * 11_000} }}", _ANY),
    "binds": (f"ASK {{ {' '.join(f'BIND(1AS?a{n})' for n in range(6_000))} }}", _ANY),
    "steps": (f"PREFIX : <urn:> ASK {{ ?s :p{'/:p' * 33_000} ?o }}", _ANY),
    "steps of any length": (f"ASK {{ ?s a{'/a*' * 33_000} ?o }}", _ANY),
    "a list": (f"ASK {{ ?s ?p ({'1 ' * 49_000}) }}", _ANY),
    "objects": (f"ASK {{ ?s ?p 1{',1' * 49_000} }}", _ANY),
    "blank nodes": (f"ASK {{ {'[]a[].' * 16_000} }}", _ANY),
    "sort keys": (f"SELECT * {{ ?s ?p ?o }} ORDER BY {'(1)' * 33_000}", _ANY),
    "columns": (f"SELECT {' '.join(f'(1AS?a{n})' for n in range(8_000))} {{ }}", _ANY),
    "semicolons": (f"ASK {{ ?s ?p ?o {';' * 90_000} }}", {200}),
    "ors": (f"ASK {{ FILTER({'||'.join(['?a'] * 10_000)}) }}", _ANY),
    "in": (f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(?b IN ({_MANY.replace(' ', ',')})) }}", _LIMITS),
    "names of prefixes": (f"{'PREFIX a: <urn:a> ' * 5000}ASK {{ }}", {200, 400, 503, 504}),
    "an unclosed string": (f"ASK {{ ?s ?p '{'x' * 90_000} }}", {400}),
    "quotes": (f"ASK {{ ?s ?p {chr(39) * 90_001} }}", {400}),
    "angle brackets": (f"ASK {{ {'<' * 30_000} }}", {400}),
    "backslashes": (f"ASK {{ ?s ?p <urn:{chr(92) * 90_000}> }}", {400}),
    "escapes": ("ASK { ?s ?p <urn:" + "\\u0041" * 16_000 + "> }", {200, 400}),
    "colons": (f"ASK {{ {'a:' * 45_000} }}", {400}),
}  # fmt: skip

#: What no parser should choke on.
MALFORMED = ("", " ", "\x00", "ASK", "}", "﻿ASK {}", "ASK { ?s ?p '\\uD800' }", "ASK { ?s ?p 1 } ASK {}")
