"""The spacy back-end: pipelines made here, saved, and loaded by their folder as by a name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from graph.article import Article
from graph.errors import InputError
from graph.extract.backends import load_backend
from graph.extract.backends.clear import to_universal
from graph.extract.backends.pipelines import SpacyBackend
from graph.extract.model import EventType, PlaceKind
from graph.extract.pipeline import extract, extract_by
from graph.extract.text import segment
from graph.settings import Settings

TEXT = (
    "Qrxv Zblk met Tom Harding in Wmbltn on May 2, 2025. The Zorp signed the treaty with the Zubrowkan delegation.\n\n"
    "“It went well,” Mr. Zblk said of the summit in Wmbltn. German officials agreed. Zorp's office was silent."
)
ARTICLE = Article.create(TEXT, published=date(2025, 5, 3))
PATTERNS = [
    {"label": "PERSON", "pattern": "Qrxv Zblk"},
    {"label": "PER", "pattern": "Tom Harding"},
    {"label": "GPE", "pattern": "Wmbltn"},
    {"label": "ORG", "pattern": "The Zorp"},
    {"label": "NORP", "pattern": "German"},
    {"label": "DATE", "pattern": "May 2"},
]


def named() -> Language:
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(PATTERNS)
    nlp.meta["name"], nlp.meta["version"] = "zubrowka_sm", "1.2.3"
    return nlp


@Language.component("clear_style", assigns=["token.dep", "token.head", "token.pos", "token.tag"])
def clear_style(doc: Doc) -> Doc:
    """Hang every word on the first one."""
    for token in doc:
        token.head = doc[0]
        token.dep_ = "ROOT" if token.i == 0 else "dep"
        token.pos_, token.tag_ = ("VERB", "VBD") if token.text == "met" else ("NOUN", "NN")
    return doc


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Language], str]:
    def save(nlp: Language) -> str:
        folder = tmp_path / "pipeline"
        nlp.to_disk(folder)
        return f"spacy:{folder}"

    return save


def test_names_of_the_pipeline_become_our_entities(saved: Callable[[Language], str]) -> None:
    found = load_backend(Settings(extractor=saved(named()))).extract(ARTICLE)
    assert {p.key: [m.text for m in p.mentions] for p in found.people} == {
        "person/qrxv-zblk": ["Qrxv Zblk", "Zblk"],
        "person/tom-harding": ["Tom Harding"],
    }
    assert {o.name: [m.text for m in o.mentions] for o in found.organizations} == {"Zorp": ["Zorp", "Zorp"]}
    assert {p.name: (p.kind, len(p.mentions)) for p in found.places} == {"Wmbltn": (PlaceKind.CITY, 2)}
    assert all(TEXT[m.start : m.end] == m.text for e in found.entities() for m in e.mentions)
    assert "2025-05-02" in {t.value for t in found.times}
    met = next(r for r in found.reports if r.mentions[0].text in ("met", "summit"))
    assert {"person/qrxv-zblk", "person/tom-harding"} <= set(met.participants)
    assert met.type in (EventType.MEETING, EventType.SUMMIT)
    assert any("person/qrxv-zblk" in c.speakers for c in found.claims)


def test_extractor_names_the_pipeline_and_no_folder(saved: Callable[[Language], str], tmp_path: Path) -> None:
    backend = load_backend(Settings(extractor=saved(named())))
    found = backend.extract(ARTICLE)
    assert found.extractor == f"parley-spacy {backend.version}"
    assert "en_zubrowka_sm 1.2.3" in found.extractor
    assert str(tmp_path) not in found.extractor
    assert found.service is None


def test_a_pipeline_that_can_do_nothing_leaves_all_to_the_embedded_steps(saved: Callable[[Language], str]) -> None:
    article = Article.create("Ana Petrova met Ivo Novak in Vienna on May 2, 2025. She said that it had been useful.")
    found = load_backend(Settings(extractor=saved(spacy.blank("en")))).extract(article)
    ours = extract(article)
    assert (found.people, found.places, found.reports, found.claims) == (
        ours.people,
        ours.places,
        ours.reports,
        ours.claims,
    )


def test_the_parse_of_the_pipeline_is_carried_over_to_our_words() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("clear_style")
    seen = []

    def watch(tagged: Any, people: Any = ()) -> tuple[()]:
        seen.append(tagged)
        return ()

    article = Article.create("They couldn't meet U.S.-based officials. Nobody's met.")
    steps = SpacyBackend("test", nlp).steps(segment(article))
    extract_by(replace(steps, events=watch, claims=lambda *_: ()), article, "test 1")
    (tagged,) = seen
    parse = tagged.parse
    words = [w.text for w in tagged.words]
    roots = [i for i in range(len(words)) if parse.head(i) == i]
    assert [words[i] for i in roots] == ["They", "Nobody"]
    assert {parse.relation(i) for i in roots} == {"root"}
    assert all(parse.subtree(root) == bounds for root, bounds in zip(roots, tagged.bounds, strict=True))
    assert (parse.tag(words.index("met")), parse.form(words.index("met"))) == ("VERB", "VBD")


#: Word, tag, head and relation in the CLEAR style, head and relation in Universal Dependencies.
CLEAR = """\
petrova PROPN was nsubj minister nsubj
was AUX was ROOT minister cop
the DET minister det minister det
minister NOUN was attr minister root
of ADP minister prep zubrowka case
zubrowka PROPN of pobj minister nmod
, PUNCT was punct minister punct
met VERB was conj minister conj
novak PROPN met dobj met obj
and CCONJ met cc left cc
left VERB met conj minister conj
after ADP left prep dining mark
dining VERB after pcomp left advcl
. PUNCT was punct minister punct"""


def test_clear_trees_become_universal_ones() -> None:
    rows = [line.split() for line in CLEAR.splitlines()]
    words, tags, heads, relations = ([row[k] for row in rows] for k in (0, 1, 2, 3))
    found, names = to_universal(words, tags, [words.index(head) for head in heads], relations)
    assert [(words[head], name) for head, name in zip(found, names, strict=True)] == [(row[4], row[5]) for row in rows]


RELATIONS = ("nsubj", "attr", "acomp", "prep", "pobj", "pcomp", "agent", "conj", "cc", "dobj", "dep", "ROOT")


@settings(max_examples=200)
@given(st.data())
def test_trees_stay_trees(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    order = data.draw(st.permutations(range(size)))
    heads = [0] * size
    for n, i in enumerate(order):
        heads[i] = order[data.draw(st.integers(0, n - 1))] if n else i
    relations = [data.draw(st.sampled_from(RELATIONS)) for _ in heads]
    words = [data.draw(st.sampled_from(("is", "was", "met"))) for _ in heads]
    found, names = to_universal(words, ["VERB"] * size, heads, relations)
    assert len(names) == size
    for i in range(size):
        for _ in range(size):
            i = found[i]
        assert found[i] == i, "every word leads to a root"
    assert sum(found[i] == i for i in range(size)) == 1


@settings(max_examples=60)
@given(st.text(max_size=200).filter(lambda t: any(c.isalnum() for c in t)))
def test_no_text_makes_it_fail(text: str) -> None:
    nlp = named()
    nlp.add_pipe("clear_style")
    found = SpacyBackend("test", nlp).extract(Article.create(text))
    assert all(found.article.text[m.start : m.end] == m.text for e in found.entities() for m in e.mentions)


def test_a_sentence_of_any_length_is_read() -> None:
    text = f"{'word ' * 5000}Qrxv Zblk {'x' * 9000} met Tom Harding"
    found = SpacyBackend("test", named()).extract(Article.create(text))
    assert {p.name for p in found.people} == {"Qrxv Zblk", "Tom Harding"}


@pytest.mark.parametrize(
    ("extractor", "words"),
    [("spacy:no_such_pipeline", "no pipeline 'no_such_pipeline'"), ("spacy:", "needs a pipeline"), ("spacy", "needs")],
)
def test_what_cannot_be_loaded_is_said(extractor: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        load_backend(Settings(extractor=extractor))


def test_a_broken_pipeline_is_said(tmp_path: Path, saved: Callable[[Language], str]) -> None:
    name = saved(named())
    (tmp_path / "pipeline" / "config.cfg").write_text("[nlp]\npipeline = [", encoding="utf-8")
    with pytest.raises(InputError, match="spaCy cannot load"):
        load_backend(Settings(extractor=name))
