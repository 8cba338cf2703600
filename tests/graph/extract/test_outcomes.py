"""How an event came out, in which words; and which roles are offices held at the time."""

from datetime import date

import pytest

from graph.article import Article
from graph.extract.model import EventType, Extraction, Outcome, Report
from graph.extract.offices import is_office
from graph.extract.outcomes import contradicting
from graph.extract.pipeline import extract


def _extract(text: str, **more: object) -> Extraction:
    return extract(Article.create(text, **more))  # type: ignore[arg-type]


def _told(text: str, kind: EventType) -> list[tuple[str, str]]:
    reports = [r for r in _extract(text).reports if r.type is kind]
    return [(o.value, s.text) for r in reports for o, s in zip(r.outcomes, r.outcome_spans, strict=True)]


@pytest.mark.parametrize(
    ("text", "kind", "outcome", "words"),
    [
        ("The talks in Vienna collapsed on 2 May 2031.", EventType.NEGOTIATION, "noAgreement", "collapsed"),
        (
            "The summit in Vienna ended without an agreement.",
            EventType.SUMMIT,
            "noAgreement",
            "ended without an agreement",
        ),
        (
            "Ana Petrova and Tom Harding failed to reach an agreement at the Vienna summit.",
            EventType.SUMMIT,
            "noAgreement",
            "failed to reach an agreement",
        ),
        ("The talks produced no agreement.", EventType.NEGOTIATION, "noAgreement", "produced no agreement"),
        ("The Vienna talks concluded with a deal.", EventType.NEGOTIATION, "agreementReached", "concluded with a deal"),
        (
            "After the summit in Vienna the two leaders issued a joint statement.",
            EventType.SUMMIT,
            "statementIssued",
            "issued a joint statement",
        ),
        (
            "The summit ended without a joint statement.",
            EventType.SUMMIT,
            "noStatement",
            "ended without a joint statement",
        ),
        ("The Zubrowkan parliament ratified the treaty.", EventType.AGREEMENT, "approved", "ratified the treaty"),
        ("The Zubrowkan parliament rejected the treaty.", EventType.AGREEMENT, "rejected", "rejected the treaty"),
        ("The ceasefire in Lutz collapsed in June.", EventType.AGREEMENT, "brokenDown", "ceasefire in Lutz collapsed"),
        ("The truce held.", EventType.AGREEMENT, "held", "truce held"),
    ],
)
def test_the_words_tell_how_an_event_came_out(text: str, kind: EventType, outcome: str, words: str) -> None:
    assert _told(text, kind) == [(outcome, words)]


@pytest.mark.parametrize(
    "text",
    [
        "The talks in Vienna could reach an agreement.",
        "Ana Petrova hopes that the talks in Vienna will produce a deal.",
        "If the talks in Vienna fail, the war will go on.",
        "The two leaders hope to sign a treaty at the summit in Vienna.",
        "Tom Harding denied that the talks in Vienna had collapsed.",
        "The talks in Vienna had not collapsed, Ana Petrova said.",
        "They will sign the treaty at the summit in Vienna on 5 May.",
        "The negotiators met in Geneva to sign the treaty.",
        "The parliament has not ratified the treaty.",
    ],
)
def test_what_is_hoped_for_ahead_supposed_or_denied_is_no_outcome(text: str) -> None:
    reports = _extract(text).reports
    assert reports
    assert not any(r.outcomes or r.outcome_spans for r in reports)


def test_outcomes_that_contradict_each_other_in_one_report_are_left_out() -> None:
    text = "The parliament ratified the Vienna Accord in May. The parliament rejected the Vienna Accord in June."
    (report,) = (r for r in _extract(text).reports if "Vienna Accord" in r.label)
    assert not report.outcomes


def test_contradictions_are_mutual_and_come_from_the_ontology() -> None:
    pairs = {(o, other) for o in Outcome for other in contradicting(o)}
    assert (Outcome.NO_AGREEMENT, Outcome.AGREEMENT) in pairs
    assert pairs == {(b, a) for a, b in pairs}
    assert all(a is not b for a, b in pairs)


def _offices(report: Report) -> set[tuple[str, str]]:
    return {(o.person, o.words) for o in report.offices}


def test_a_role_of_the_same_sentence_is_an_office_held_at_the_time() -> None:
    found = _extract("On 3 May 1931 Foreign Minister Ana Petrova met Tom Harding, the former president, in Vienna.")
    report = next(r for r in found.reports if r.type in (EventType.MEETING, EventType.SUMMIT))
    assert _offices(report) == {("person/ana-petrova", "foreign minister")}


TOLD = "Foreign Minister Ana Petrova spoke at length.\n\nOn 3 May 2031 Petrova met Tom Harding in Vienna."


@pytest.mark.parametrize(
    ("published", "held"),
    [("2031-06-01", {("person/ana-petrova", "foreign minister")}), ("2035-06-01", set()), (None, set())],
)
def test_a_role_elsewhere_in_an_article_counts_if_it_came_out_then(
    published: str | None, held: set[tuple[str, str]]
) -> None:
    found = _extract(TOLD, published=date.fromisoformat(published) if published else None)
    report = next(r for r in found.reports if "person/tom-harding" in r.participants)
    assert report.time == "2031-05-03"
    assert _offices(report) == held


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("foreign minister of Zubrowka", True),
        ("president's national security adviser", True),
        ("ex-president", False),
        ("prime minister-elect", False),
        ("journalist", False),
        ("wife of the president", False),
    ],
)
def test_which_roles_are_offices(role: str, held: bool) -> None:
    assert is_office(role) is held
