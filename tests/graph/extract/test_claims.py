"""Claims: direct, indirect, mixed, interview; speakers, cues, contents."""

import cProfile
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.article import Article
from graph.extract.claims import find_claims
from graph.extract.learned.parser import Parse
from graph.extract.model import Claim, Extraction, Manner
from graph.extract.pipeline import extract
from graph.extract.tagging import Tagged, tag
from graph.extract.text import segment

ANA, IVO = "person/ana-petrova", "person/ivo-novak"


def _extract(text: str) -> Extraction:
    return extract(Article.create(text, published=date(2024, 5, 10)))


def _claims(text: str) -> tuple[Claim, ...]:
    return _extract(text).claims


def _content(claim: Claim) -> list[str]:
    return [s.text for s in claim.content]


def _cue(claim: Claim) -> str | None:
    return claim.cue.text if claim.cue else None


def test_indirect_speech_is_without_that() -> None:
    (claim,) = _claims("Envoy Ana Petrova said that the harbour was closed.")
    assert (claim.speakers, _cue(claim), claim.manner) == ((ANA,), "said", Manner.INDIRECT)
    assert _content(claim) == ["the harbour was closed"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ('Envoy Ana Petrova said: "The harbour will stay closed."', "said"),
        ('"The harbour will stay closed," said Envoy Ana Petrova.', "said"),
        ('"The harbour will stay closed," Ana Petrova told reporters.', "told"),
        ("“The harbour will stay closed,” Ana Petrova added.", "added"),
    ],
)
def test_direct_speech(text: str, cue: str) -> None:
    (claim,) = _claims(text)
    assert (claim.speakers, _cue(claim), claim.manner) == ((ANA,), cue, Manner.DIRECT)
    assert _content(claim)[0].rstrip(".") == "The harbour will stay closed"


def test_a_quotation_interrupted_by_its_cue_is_one_claim() -> None:
    (claim,) = _claims('"The harbour," said Ana Petrova, "will stay closed all winter."')
    assert [c.rstrip(".,") for c in _content(claim)] == ["The harbour", "will stay closed all winter"]


def test_a_quotation_that_goes_on_has_the_same_speaker() -> None:
    first, second = _claims('"The harbour is closed," said Ana Petrova. "It will stay closed all winter."')
    assert second.speakers == first.speakers == (ANA,)
    assert second.cue is None


def test_words_quoted_within_a_clause_make_it_mixed() -> None:
    (claim,) = _claims('Envoy Ana Petrova said the harbour was "closed for good" to ships.')
    assert claim.manner == Manner.MIXED
    assert _content(claim) == ['the harbour was "closed for good" to ships']


@pytest.mark.parametrize(
    "text",
    [
        "According to Ana Petrova, the harbour is closed.",
        "The harbour is closed, according to Ana Petrova.",
    ],
)
def test_according_to(text: str) -> None:
    (claim,) = _claims(text)
    assert claim.speakers == (ANA,)
    assert _content(claim)[0].casefold() == "the harbour is closed"
    assert (_cue(claim) or "").casefold() == "according to"


def test_a_stance_is_a_claim() -> None:
    (claim,) = _claims("Envoy Ana Petrova rejected the fishing quota.")
    assert (_cue(claim), _content(claim)) == ("rejected", ["the fishing quota"])


def test_a_pronoun_means_who_was_spoken_of() -> None:
    claim = _claims("Envoy Ana Petrova came late. She said that the harbour was closed.")[-1]
    assert claim.speakers == (ANA,)
    assert claim.speaker_span is not None
    assert claim.speaker_span.text == "She"


def test_unnamed_sources_keep_their_words() -> None:
    (claim,) = _claims("Two senior officials said that the harbour was closed.")
    assert claim.speakers == ()
    assert claim.speaker_span is not None
    assert claim.speaker_span.text == "Two senior officials"


def test_joint_speakers() -> None:
    (claim, *_) = _claims("Ana Petrova and Ivo Novak said that the harbour was closed.")
    assert claim.speakers == (ANA, IVO)


@pytest.mark.parametrize(
    "text",
    [
        "Presidents Ana Petrova and Ivo Novak said that the harbour was closed.",
        "President Ana Petrova and Prime Minister Ivo Novak said that the harbour was closed.",
        "President Ana Petrova and Prime Minister Ivo Novak met on Monday. They said that the harbour was closed.",
        "President Ana Petrova met Ivo Novak. Both leaders said that the harbour was closed.",
        "Ana Petrova and Ivo Novak met in Vienna. It was late. The two leaders said that the harbour was closed.",
    ],
)
def test_a_group_speaks(text: str) -> None:
    (claim,) = _claims(text)
    assert (claim.speakers, _content(claim)) == ((ANA, IVO), ["the harbour was closed"])


def test_countries_speak_together() -> None:
    (claim,) = _claims("France and Germany met in Vienna. Both sides said that the harbour was closed.")
    assert claim.speakers == ("place/france", "place/germany")


def test_what_follows_according_to_is_the_source() -> None:
    (claim,) = _claims("According to Zubrowkan weekly Lantern, Petrova left the harbour on Monday.")
    assert claim.speaker_span is not None
    assert "Lantern" in claim.speaker_span.text


def test_a_list_ends_where_a_clause_begins() -> None:
    (claim,) = _claims("Ana Petrova met Tom Harding, and Ivo Novak said that the harbour was closed.")
    assert claim.speakers == (IVO,)


def test_they_are_not_a_pair_that_others_came_after() -> None:
    (claim,) = _claims("Ana Petrova and Ivo Novak met. Critics disagreed. They said that the harbour was closed.")
    assert claim.speakers == ()


def test_interview_turns() -> None:
    asked = "Ana Petrova and Ivo Novak were asked."
    lines = (asked, "Ana Petrova: The harbour is closed.", "For good.", "Ivo Novak: I doubt it.")
    text = "\n\n".join(lines)
    spoken = [c for c in _claims(text) if c.manner == Manner.INTERVIEW]
    assert [(c.speakers, _content(c)) for c in spoken] == [
        ((ANA,), ["The harbour is closed."]),
        ((ANA,), ["For good."]),
        ((IVO,), ["I doubt it."]),
    ]


def test_a_caption_printed_twice_is_one_claim() -> None:
    line = "Envoy Ana Petrova said that the harbour was closed for good."
    assert len(_claims(f"{line}\n\n{line}")) == 1


def test_claims_know_the_reports_they_are_about() -> None:
    found = _extract("Envoy Ana Petrova said that the summit in Vienna was useful.")
    (claim,) = found.claims
    assert claim.about == (found.reports[0].key,)


def test_a_claim_at_an_occasion_is_about_it() -> None:
    found = _extract("At the summit in Vienna, Envoy Ana Petrova said that the harbour was closed.")
    (claim,) = found.claims
    assert claim.about == (found.reports[0].key,)


def test_narration_is_no_claim() -> None:
    assert not _claims("The harbour was closed. Ships waited outside. Nobody came.")


@pytest.mark.parametrize(
    "text",
    [
        "Zubrowkan Foreign Minister Ana Petrova said that the harbour was closed.",
        "One senator, Ana Petrova, said that the harbour was closed.",
        "Zubrowkan Foreign Minister Ana Petrova came late and said that the harbour was closed.",
        "According to the mayor, Ana Petrova, the harbour was closed.",
        "The harbour was closed, according to the mayor, Ana Petrova.",
    ],
)
def test_a_speaker_named_with_a_role_is_the_person(text: str) -> None:
    claim = _claims(text)[-1]
    assert claim.speakers == (ANA,)
    assert _content(claim)[0].casefold() == "the harbour was closed"


def test_a_place_in_an_unnamed_source_is_not_the_source() -> None:
    claim = _claims("Critics within Norway said that the harbour was closed.")[-1]
    assert claim.speakers == ()


def test_quotations_lined_up_under_names() -> None:
    lines = (
        "Many praised the plan.", "Senator Ana Petrova: “The harbour will stay open.”", "It was a long day.",
        "Governor Ivo Novak: “It took courage.”",
    )  # fmt: skip
    quoted = [c for c in _claims("\n\n".join(lines)) if c.manner == Manner.DIRECT]
    assert [(c.speakers, _content(c)) for c in quoted] == [
        ((ANA,), ["The harbour will stay open."]),
        ((IVO,), ["It took courage."]),
    ]


def test_a_quote_that_its_cue_interrupts_has_two_parts() -> None:
    (claim,) = _claims('"The harbour," Ana Petrova said, "will stay closed for the year."')
    assert _content(claim) == ["The harbour", "will stay closed for the year."]


def test_an_adverbial_before_that_is_not_said() -> None:
    (claim,) = _claims("Envoy Ana Petrova said after the summit that she wanted to replace the treaty.")
    assert _content(claim) == ["she wanted to replace the treaty"]


@pytest.mark.parametrize(
    "text",
    ["Ana Petrova welcomed the two leaders in Oslo.", "Ana Petrova welcomed Ivo Novak in Oslo.",
     "Ana Petrova and Ivo Novak concluded their accords in Oslo."],
)  # fmt: skip
def test_hospitality_and_signing_are_no_claims(text: str) -> None:
    assert not _claims(text)


def test_a_welcome_to_a_decision_is_a_claim() -> None:
    (claim,) = _claims("Ana Petrova welcomed the decision.")
    assert _content(claim) == ["the decision"]


def _told(text: str) -> list[tuple[tuple[str, ...], str | None, str | None, list[str]]]:
    return [(c.speakers, c.speaker_span.text if c.speaker_span else None, _cue(c), _content(c)) for c in _claims(text)]


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("Envoy Ana Petrova condemned the blockade.", "condemned", "the blockade"),
        ("Envoy Ana Petrova called for an end to the blockade.", "called for", "an end to the blockade"),
        ("Envoy Ana Petrova expressed concern about the blockade.", "expressed concern about", "the blockade"),
        ("Ana Petrova spoke in Oslo, adding that the harbour was closed.", "adding", "the harbour was closed"),
        ("Envoy Ana Petrova refused to sign the treaty.", "refused", "to sign the treaty"),
        ("Envoy Ana Petrova told reporters that the harbour was closed.", "told", "the harbour was closed"),
        ("The harbour was closed, Ana Petrova said.", "said", "The harbour was closed"),
        ("Few shared Ana Petrova's belief that the harbour was closed.", "belief", "the harbour was closed"),
        ("Ana Petrova was confident that the harbour was closed.", "confident", "the harbour was closed"),
        ("Ana Petrova was critical of the fishing quota.", "critical of", "the fishing quota"),
    ],
)
def test_kinds_of_attribution(text: str, cue: str, content: str) -> None:
    assert ((ANA,), "Ana Petrova", cue, [content]) in _told(text)


def test_a_claim_within_a_claim_is_a_claim() -> None:
    told = _told("Envoy Ana Petrova said that Ivo Novak opposed the fishing quota.")
    assert ((ANA,), "Ana Petrova", "said", ["Ivo Novak opposed the fishing quota"]) in told
    assert ((IVO,), "Ivo Novak", "opposed", ["the fishing quota"]) in told


def test_two_apostrophes_are_a_quotation_mark() -> None:
    (claim,) = _claims("''The harbour will stay closed,'' said Envoy Ana Petrova.")
    assert (claim.speakers, claim.manner, _content(claim)) == ((ANA,), Manner.DIRECT, ["The harbour will stay closed"])


def test_a_noun_means_the_person_of_that_role() -> None:
    came = "Zubrowkan Foreign Minister Ana Petrova came to Oslo."
    told = _told(f"{came} The foreign minister said that the harbour was closed.")
    assert told[-1][:2] == ((ANA,), "The foreign minister")


def test_nobody_is_the_source_of_hearsay() -> None:
    (claim,) = _claims("The harbour was reportedly closed by the army.")
    assert (claim.speakers, claim.speaker_span, _cue(claim)) == ((), None, "reportedly")


QUOTING = ("“", "”", '"', "''", "said", "Ana Petrova", "he", ",", ".", "that", "the harbour is shut", "\n\n", "?", ":")


@settings(max_examples=80)
@given(st.lists(st.sampled_from(QUOTING), max_size=50).map(" ".join).filter(lambda t: any(c.isalnum() for c in t)))
def test_any_quoting_gives_consistent_claims(text: str) -> None:
    found = _extract(text)
    for claim in found.claims:
        spans = [*claim.content, *(s for s in (claim.cue, claim.speaker_span) if s)]
        assert all(s.text and found.article.text[s.start : s.end] == s.text for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(claim.content))
        assert 0 < claim.confidence < 1


def test_many_quotations_take_work_by_their_number() -> None:
    """Twice as many quotations take about twice the calls: none is compared with all the others."""

    def calls(times: int) -> int:
        document = segment(Article.create('"The harbour is closed," said Ana Petrova. "It is cold." ' * times))
        tagged = tag(document, [], [], [])
        _ = tagged.parse
        with cProfile.Profile() as profile:
            find_claims(tagged)
        return sum(entry.callcount for entry in profile.getstats())

    calls(2)  # the models are read once
    assert calls(400) < 2.2 * calls(200)


def test_a_megabyte_of_quotation_marks() -> None:
    def flat(tagged: Tagged) -> Parse:  # the parser is not what is tried here
        number = len(tagged.words)
        return Parse(["PUNCT|''"] * number, list(range(number)), ["root"] * number)

    tagged = tag(segment(Article.create("x " + '" ' * 500_000)), [], [], [], flat)
    assert find_claims(tagged) == ()
