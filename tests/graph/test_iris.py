"""IRIs come from one builder and lead back to their keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.iris import Iris, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Hafiz al-Asad", "hafiz-al-asad"),
        ("Côte d’Ivoire", "cote-d-ivoire"),
        ("U.S.", "us"),
        ("J. R. Smith", "j-r-smith"),
        ("  São  Tomé ", "sao-tome"),
        ("習近平", "習近平"),
        ("…", "unnamed"),
    ],
)
def test_slugs_can_be_read(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_slugs_are_stable_and_safe_in_a_path(name: str) -> None:
    slug = slugify(name)
    assert slug
    assert len(slug) <= 80
    assert slugify(slug) == slug
    assert not set(slug) & set("/?#%&<>\"' .:\n")


def test_key_and_iri_lead_to_each_other() -> None:
    iris = Iris("https://parley.example/data/")
    assert iris.key(iris.thing("article/1/report/2")) == "article/1/report/2"
    assert iris.key("https://parley.example/id/x") is None
    assert iris.key("https://parley.example/data/id/") is None


@pytest.mark.parametrize(
    "base", ["", "parley.example/", "https://parley.example", "ftp://a/", "http://a b/", "http://a/?q=/", "http://a/#/"]
)
def test_a_base_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(InputError, match="base IRI"):
        Iris(base)
