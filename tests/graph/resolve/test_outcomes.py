"""What an event takes of outcomes on which its reports differ."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph.event import Aspect, Event, Rule
from graph.extract.model import Outcome
from graph.resolve import EventIndex
from tests.graph.resolve.test_index import article, report

YES, NO, SIGNED, ISSUED = Outcome.AGREEMENT, Outcome.NO_AGREEMENT, Outcome.SIGNED, Outcome.STATEMENT


def _event(*told: Sequence[Outcome]) -> Event:
    """Return the event that articles tell of, each with these outcomes."""
    index = EventIndex()
    for n, outcomes in enumerate(told):
        resolution = index.resolve(article(f"a{n}", replace(report(), outcomes=tuple(outcomes))))
    (event,) = resolution.events
    assert len(event.reports) == len(told)
    return event


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ([[NO]], {NO}),
        ([[NO], []], {NO}),
        ([[YES], [SIGNED]], {YES, SIGNED}),
        ([[NO], [ISSUED]], {NO, ISSUED}),
        ([[YES], [NO], [NO]], {NO}),
        ([[YES], [NO]], {YES, NO}),
    ],
)
def test_of_contradicting_outcomes_an_event_has_the_one_that_most_tell(
    told: list[list[Outcome]], taken: set[Outcome]
) -> None:
    assert set(_event(*told).outcomes) == taken


def test_reports_that_do_not_contradict_each_other_do_not_differ() -> None:
    assert not _event([YES], [SIGNED], [ISSUED], []).disagreements


def test_reports_that_contradict_each_other_differ_and_the_most_are_taken() -> None:
    event = _event([YES], [NO], [NO], [ISSUED])
    (one,) = event.disagreements
    assert (one.aspect, one.rule) == (Aspect.OUTCOME, Rule.SUPPORTED)
    by_article = {key.partition("/report/")[0] for key in one.taken}
    assert by_article == {article(name).article.key for name in ("a1", "a2")}
    assert {key.partition("/report/")[0] for key in one.other} == {article("a0").article.key}


def test_where_as_many_say_the_one_as_the_other_the_event_has_both() -> None:
    (one,) = _event([SIGNED], [NO]).disagreements
    assert one.rule is Rule.ALL
    assert len(one.taken) == len(one.other) == 1
    assert set(one.taken).isdisjoint(one.other)
