"""The guard says what a query is, and refuses what must not reach the engine."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import QueryError
from graph.sparql.errors import ReadOnlyError, TooLongError
from graph.sparql.guard import MAX_DEPTH, MAX_LENGTH, check
from graph.sparql.tokens import tokens

U = "http://127.0.0.1:9/"
HEAD = f"PREFIX ex: <{U}> PREFIX : <{U}> "


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("select*{?s?p?o}", "SELECT"),
        ("BASE <urn:x> PREFIX a: <b> ASK { }", "ASK"),
        ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("PREFIX insert: <urn:x> DESCRIBE insert:x", "DESCRIBE"),
        ("SELECT ?insert { ?insert <urn:delete> 'LOAD' }", "SELECT"),
    ],
)
def test_the_form(text: str, form: str) -> None:
    assert check(text).form == form


@pytest.mark.parametrize("word", ["INSERT", "delete", "LOAD", "Clear", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"])
def test_updates_are_refused_as_read_only(word: str) -> None:
    with pytest.raises(ReadOnlyError, match="read-only"):
        check(f"PREFIX a: <urn:a> {word} <urn:x>")


@pytest.mark.parametrize("text", ["", "  \n", "# nothing", "SELEC ?x {}", "{ }", "PREFIX a: <urn:a>", "\x00", "\ud800"])
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        check(text)


# Each of these makes the engine connect, or could in another release: found by trying them on it.
SERVICES = [
    "ASK { SERVICE <U> { } }",
    "ASK { service<U>{ ?s ?p ?o } }",
    "ASK { SERVICE SILENT <U> { ?s ?p ?o } }",
    "ASK{SERVICESILENT<U>{?s ?p ?o}}",
    "ASK{SERVICE:x{?s ?p ?o}}",
    "ASK{SERVICEex:x{?s ?p ?o}}",
    "ASK{SERVICESILENTex:x{?s ?p ?o}}",
    "ASK{?s ?p ?x SERVICE?x{?s ?p ?o}}",
    "ASK{?s ?p trueSERVICE<U>{?s ?p ?o}}",
    "ASK{?s ?p trueSERVICEex:x{?s ?p ?o}}",
    "ASK{?s ?p 1SERVICE<U>{?s ?p ?o}}",
    "ASK{?s ?p ex:a. SERVICE<U>{?s ?p ?o}}",
    "ASK{?s ?p 'a'SERVICE<U>{?s ?p ?o}}",
    "ASK{?s ?p ''SERVICE<U>{?s ?p ?o}}",
    "ASK{#'\rSERVICE<U>{?s ?p ?o}}",
    "ASK{FILTER EXISTS{SERVICE<U>{?s ?p ?o}}}",
    "ASK{FILTER(1<2)SERVICE#>\n<U>{?s ?p ?o}}",
    "ASK{FILTER(1<2)#>'''\nSERVICE<U>{?s ?p ?o}#'''\n}",
    "ASK{FILTER(1<'x>')SERVICE<U>{?s ?p ?o}FILTER('y'='y')}",
    "ASK{FILTER(?a<ex:b#>\n)SERVICE<U>{?s ?p ?o}}",
    r"ASK { \u0053ERVICE <U> { } }",
    r"ASK { S\U00000045RVICE <U> { } }",
    r"ASK { ?s ?p '\u0027 SERVICE <U> { } ?s ?p '' }",
]


@pytest.mark.parametrize("text", SERVICES)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"^line \d+, column \d+: "):
        check(HEAD + text.replace("U", U) if r"\U" not in text else HEAD + text.replace("<U>", f"<{U}>"))


@pytest.mark.parametrize("target", ["<http://ok.example/sparql>", "SILENT <http://ok.example/sparql>", "ok:sparql"])
def test_service_is_let_through_to_those_on_the_list(target: str) -> None:
    text = f"PREFIX ok: <http://ok.example/> ASK {{ SERVICE {target} {{ ?s ?p ?o }} }}"
    assert check(text, ["http://ok.example/sparql"]).form == "ASK"
    with pytest.raises(QueryError):
        check(text, ["http://other.example/"])


def test_a_variable_service_is_refused_even_with_a_list() -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        check("ASK { VALUES ?x { <http://ok.example/> } SERVICE ?x { } }", ["http://ok.example/"])


_QUOTES = st.sampled_from(['"', "'", '"""', "'''"])
_INNER = st.text(st.characters(exclude_characters="\"'\\\x00\r\n", exclude_categories=["Cs"]), max_size=20)


@given(_QUOTES, _INNER, _INNER)
def test_a_string_may_say_service(quote: str, before: str, after: str) -> None:
    assert check(f"ASK {{ ?s ?p {quote}{before} SERVICE <{U}> {{ {after}{quote} }}").form == "ASK"


@given(st.text(st.characters(exclude_characters='<>"{}|^`\\\x00', exclude_categories=["Cs", "Cc", "Zs"]), max_size=20))
def test_an_iri_may_say_service(text: str) -> None:
    inner = re.sub(r"\s", "", text)
    assert check(f"ASK {{ ?s <http://x.example/{inner}/SERVICE#{inner}> ?o }}").form == "ASK"


@given(st.text(st.characters(exclude_characters="\r\n\x00\\", exclude_categories=["Cs"]), max_size=30))
def test_a_comment_may_say_service(text: str) -> None:
    assert check(f"ASK {{ # {text} SERVICE <{U}> {{\n ?s ?p ?o }}").form == "ASK"


@pytest.mark.parametrize(
    "name", ["?service", "$SERVICE", "ex:service", ":service", "_:service", "service:x", "'a'@service"]
)
def test_a_name_may_be_service(name: str) -> None:
    assert check(HEAD + f"PREFIX service: <urn:x> ASK {{ ?s ?p {name} . ?s ?p ?o }}").form == "ASK"


@given(st.data())
def test_service_is_found_however_it_is_spelled(data: st.DataObject) -> None:
    spelled = "".join(
        data.draw(st.sampled_from([c, c.lower(), f"\\u{ord(c):04x}", f"\\U{ord(c):08X}"]), label=c) for c in "SERVICE"
    )
    space = data.draw(st.sampled_from(["", " ", "\n", "\t", "# comment ' \n", "\r\n"]))
    with pytest.raises(QueryError, match="SERVICE"):
        check(f"ASK {{ ?s ?p ?o . {spelled}{space}<{U}> {{ ?a ?b ?c }} }}")


@given(st.text(st.sampled_from(list("SERVICEservic <>{}()[]'\"\\#\n?:.ux0053@^=&!a1")), max_size=60))
def test_the_guard_answers_whatever_it_is_given(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert check(text).text == text


def test_a_long_query_is_refused() -> None:
    with pytest.raises(QueryError, match="bytes"):
        check("ASK { } #" + "x" * MAX_LENGTH)
    with pytest.raises(QueryError, match="bytes"):
        check("ASK { } #" + "é" * (MAX_LENGTH // 2))


@pytest.mark.parametrize(("left", "right"), ["{}", "[]", "()"])
def test_deep_nesting_is_refused(left: str, right: str) -> None:
    assert check("ASK {" + left * (MAX_DEPTH - 1) + right * (MAX_DEPTH - 1) + "}")
    with pytest.raises(QueryError, match="nested"):
        check("ASK {" + left * MAX_DEPTH + right * MAX_DEPTH + "}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ({}true AS ?x) {{ }}".format("!" * (MAX_DEPTH + 1)),
        "SELECT ({}1 AS ?x) {{ }}".format("- " * (MAX_DEPTH + 1)),
        "SELECT ({}1 AS ?x) {{ }}".format("-#\n+" * MAX_DEPTH),
        f"ASK {{ ?s {'^' * (MAX_DEPTH + 1)}<urn:p> ?o }}",
        f"ASK {{ {'<< ' * (MAX_DEPTH + 1)}?a ?b ?c{' >> ?p ?o' * (MAX_DEPTH + 1)} }}",
        f"ASK {{ ?s ?p {'<<( ?a ?b ' * MAX_DEPTH}1{' )>>' * MAX_DEPTH} }}",
        f"ASK {{ ?a ?b ?c {'{| ?p ?o ' * MAX_DEPTH}{'|} ' * MAX_DEPTH} }}",
    ],
)
def test_signs_nest_too(query: str) -> None:
    with pytest.raises(QueryError, match="nested"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ({'1 - ' * 500}1 AS ?x) {{ }}",
        f"SELECT ({'+'.join(['-1'] * 500)} AS ?x) {{ }}",
        f"ASK {{ {'?a << ?b >> ?c . ' * 500} }}",
        f"ASK {{ {('?a <urn:b#x(((> a:b-c-d, a:x' + chr(92) + '(, -1 . ') * 100} }}",
        f"ASK {{ ?s ?p '{'!' * 500}' #{'(' * 500}\n }}",
    ],
)
def test_signs_beside_each_other_do_not_nest(query: str) -> None:
    assert check(query).form


@given(
    st.lists(
        st.sampled_from(["(", ")", "'(", "'", '"', "#[", "\n", "<(", ">", "a:\\(", "?a", "<", "<<", "1"]), max_size=120
    )
)
def test_nesting_is_that_of_the_tokens(parts: list[str]) -> None:
    """Brackets are found without splitting a query into all its tokens; the tokens say which are brackets."""
    text = "ASK { " + "".join(parts)
    depth = deepest = 0
    for token in tokens(text):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        with pytest.raises(QueryError, match="nested"):
            check(text)
    elif "<<" not in text:
        assert check(text).form == "ASK"


def test_a_query_of_too_many_words_is_refused_where_each_must_be_read() -> None:
    words = "1 " * 20_000
    assert check(f"ASK {{ VALUES ?x {{ {words} }} }}").form == "ASK"
    for head in ("ASK FROM <urn:g>", "# service\nASK"):
        with pytest.raises(TooLongError, match="words"):
            check(f"{head} {{ VALUES ?x {{ {words} }} }}")


def test_braces_in_strings_are_no_nesting() -> None:
    assert check("ASK { ?s ?p '" + "{" * 500 + "' }")


def test_the_dataset_that_a_query_names() -> None:
    query = check(
        "BASE <http://x.example/a/> PREFIX g: <urn:g:> "
        "SELECT ?from FROM <b> FROM NAMED g:n\\-1 FROM <b> FROM g:d { ?from ?p ?o }"
    )
    assert query.default_graphs == ("http://x.example/a/b", "urn:g:d")
    assert query.named_graphs == ("urn:g:n-1",)


@pytest.mark.parametrize(
    ("text", "volatile"), [("ASK { BIND(now() AS ?x) }", True), ("ASK { ?now ?p 'NOW()' }", False)]
)
def test_what_may_change_between_two_runs(text: str, volatile: bool) -> None:
    assert check(text).volatile is volatile


def test_the_answer_to_a_query_too_long_to_read_is_not_kept() -> None:
    assert check(f"ASK {{ ?now ?p {'a ' * 20_000} }}").volatile is True
    assert check(f"ASK {{ ?then ?p {'a ' * 20_000} }}").volatile is False


def test_the_position_is_told() -> None:
    with pytest.raises(QueryError, match="line 3, column 3: SERVICE"):
        check("ASK {\n ?s ?p ?o .\n  SERVICE <urn:x> { } }")
