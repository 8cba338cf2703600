"""What shelves write into files comes back the same, and is nothing but data."""

import pickle
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.extract.model import EventType, Office, Outcome, Report, Status
from graph.resolve.claims import ClaimLink, Quotation, Relation
from graph.resolve.codec import codec
from graph.resolve.profile import Profile
from graph.resolve.standing import Standing

TEXTS = st.text(st.characters(), max_size=8)
DAYS = st.dates()
KEYS = st.frozensets(TEXTS, max_size=3)
REPORTS = st.builds(
    Report,
    TEXTS,
    st.sampled_from(EventType),
    TEXTS,
    st.just(()),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.none() | TEXTS,
    st.none() | DAYS,
    st.none() | DAYS,
    status=st.sampled_from(Status),
    confidence=st.floats(0, 1),
    within=st.none() | TEXTS,
    ordinal=st.none() | st.integers(1, 99),
    outcomes=st.lists(st.sampled_from(Outcome), max_size=2).map(tuple),
    offices=st.lists(st.builds(Office, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
)
PROFILES = st.builds(
    Profile,
    st.sampled_from(EventType),
    st.booleans(),
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.frozensets(st.integers(1, 3000), max_size=2),
    st.none() | DAYS,
    st.none() | DAYS,
    KEYS,
    KEYS,
    st.none() | st.integers(1, 99),
    TEXTS,
)
STANDINGS = st.builds(Standing, KEYS, KEYS, KEYS, st.none() | st.integers(1, 9999))
LINKS = st.builds(ClaimLink, TEXTS, st.sampled_from(Relation), TEXTS)
KINDS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (str, st.text(max_size=8)),
    (bytes, st.binary(max_size=8)),
    (date, DAYS),
    (Report, REPORTS),
    (tuple[Profile, frozenset[str]], st.tuples(PROFILES, KEYS)),
    (tuple[Quotation, frozenset[str]], st.tuples(st.builds(Quotation, TEXTS, TEXTS), KEYS)),
    (frozenset[ClaimLink], st.frozensets(LINKS, max_size=3)),
    (tuple[date, Mapping[str, Standing]], st.tuples(DAYS, st.dictionaries(TEXTS, STANDINGS, max_size=3))),
    (Mapping[Standing, tuple[tuple[date, str], int]],
     st.dictionaries(STANDINGS, st.tuples(st.tuples(DAYS, TEXTS), st.integers()), max_size=3)),
]  # fmt: skip


@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind[0]), kind[1])))
def test_what_is_written_is_read(case: tuple[Any, Any]) -> None:
    kind, value = case
    found = codec(kind)
    written = found.write(value)
    assert isinstance(written, str | bytes)
    read = found.read(written)
    assert read == value
    assert type(read) is type(value)


def test_members_come_back_as_members() -> None:
    report = Report("article/1/report/1", EventType.SUMMIT, "Summit", (), status=Status.PLANNED)
    read = codec(Report).read(codec(Report).write(report))
    assert read.type is EventType.SUMMIT
    assert read.status is Status.PLANNED


@pytest.mark.parametrize(
    "written",
    [
        pickle.dumps(Standing()),
        "",
        "nothing",
        "[]",
        "[[], [], [], null, 1]",
        "{}",
        "3",
        '[["a"], ["a"], ["a"]]',
    ],
)
def test_what_was_written_otherwise_is_refused(written: str | bytes) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        codec(Standing).read(written)


@pytest.mark.parametrize("kind", [object, list[str], complex, frozenset[bytes]])
def test_what_cannot_be_kept_is_told_at_once(kind: Any) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        codec(kind)
