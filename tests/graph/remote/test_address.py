"""The setting that names the remote store."""

import pytest

from graph.errors import InputError
from graph.files import data_path
from graph.remote.address import read_address

_BASE = "https://zubrowka.example/"


def test_the_kind_says_what_follows_the_url() -> None:
    found = read_address("virtuoso+http://store.example:8890/", _BASE)
    assert (found.query, found.update) == ("http://store.example:8890/sparql", "http://store.example:8890/sparql-auth")
    assert (found.merge, found.graphs, found.auth) == (f"{_BASE}graph/merge", "", "digest")
    assert read_address("oxigraph+https://store.example", _BASE).graphs == "https://store.example/store"


def test_a_store_of_no_known_kind_may_have_two_urls() -> None:
    one = read_address("sparql+http://store.example/sparql", _BASE)
    assert one.query == one.update == "http://store.example/sparql"
    two = read_address("sparql+http://store.example/q http://store.example/u", _BASE)
    assert (two.query, two.update, two.merge) == ("http://store.example/q", "http://store.example/u", "")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("", "no remote store is set; set PARLEY_REMOTE_STORE"),
        ("http://store.example/", "'http://store.example/' is no kind of store; begin with one of sparql, oxigraph"),
        ("mysql+http://store.example/", "'mysql' is no kind of store"),
        ("fuseki+store.example", "no plain http or https URL"),
        ("fuseki+http://ana:secret@store.example/ds", "name and password have settings of their own"),
        ("fuseki+http://store.example/ds?a=b", "no plain http or https URL"),
        ("sparql+http://a.example/ http://b.example/ http://c.example/", "more than two URLs"),
    ],
)
def test_what_is_wrong_with_it_is_said(setting: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_address(setting, _BASE)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


def test_every_kind_is_documented() -> None:
    text = (data_path().parent / "docs" / "stores.md").read_text("utf-8")
    kinds = [
        line[1:-1] for line in data_path("remote", "kinds.toml").read_text("utf-8").splitlines() if line[:1] == "["
    ]
    assert len(kinds) > 5
    for kind in kinds:
        assert f"| `{kind}` |" in text
        assert read_address(f"{kind}+http://store.example/x", _BASE).kind == kind
