"""Whatever fails on the way, nothing is lost and nothing is there twice; and a store that is not ours is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import DatasetError, InUseError, ServiceError
from graph.remote import carry, differing
from graph.store import Change, Dataset, Triple
from graph.store.lock import FileLock
from tests.graph.remote.faulty import Fault, Faulty, faulty
from tests.graph.remote.target import MERGE, Remote
from tests.graph.store.sample import BASE, change, state, triple

# They start other servers, and wait.
pytestmark = pytest.mark.slow


def _graph(n: int) -> str:
    return f"{BASE}graph/article/{n:03}"


def _articles(version: int, count: int = 40) -> dict[str, frozenset[Triple]]:
    """Return articles that make several updates to a store of the kind sparql."""
    return {
        _graph(n): frozenset(
            {triple(f"article/{n}", f"part/{i}", f"version/{version}") for i in range(30)}
            | {triple("person/ana-petrova", "met", f"person/{n % (3 + version)}")}
        )
        for n in range(version, count)
    }


def _publish(dataset: Dataset, version: int) -> None:
    gone = {_graph(n): frozenset[Triple]() for n in range(version)}
    with dataset.writer() as writer:
        writer.commit(Change(replace={**gone, **_articles(version)}))
    dataset.publish()


def _expected(version: int) -> dict[str, frozenset[Triple]]:
    graphs = _articles(version)
    return {**graphs, MERGE: frozenset[Triple]().union(*graphs.values())}


@pytest.fixture
def plan(one: Remote) -> Iterator[Faulty]:
    """A faulty way to the store, which is of no known kind: so updates are small, and nothing is loaded in bulk."""
    url = one.peer.setting.partition("+")[2]
    with faulty(url) as plan:
        one.settings = replace(
            one.settings, remote_store=f"sparql+{plan.address}/query {plan.address}/update", remote_timeout=2
        )
        yield plan


_BUSY: Fault = (503, {"Retry-After": "0"})


@pytest.mark.parametrize(
    "fault",
    [(500, {}), (502, {}), (429, {}), (408, {}), _BUSY, "cut", "late"],
    ids=["500", "502", "429", "408", "503", "cut", "late"],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failed_update_is_made_again(dataset: Dataset, one: Remote, plan: Faulty, fault: Fault, when: str) -> None:
    _publish(dataset, 1)
    one.carry()
    _publish(dataset, 2)
    first = len(plan.seen)
    # The first, one in the midst, and that twice; of those that begin, carry over and end.
    getattr(plan, when).update(dict.fromkeys((first, first + 3, first + 4), fault))
    done = one.carry()
    assert one.contents() == _expected(2)
    assert len(plan.seen) - first == done.requests + 2 + 3, "each fault costs one request, and nothing else is repeated"
    assert (done.come, done.gone) == _changed(1, 2)
    assert list(differing(dataset, one.settings)) == []


def _changed(old: int, new: int) -> tuple[int, int]:
    before, after = ({(name, t) for name, graph in _articles(version).items() for t in graph} for version in (old, new))
    return len(after - before), len(before - after)


def test_a_store_that_stays_away_is_said_and_made_up_for(dataset: Dataset, one: Remote, plan: Faulty) -> None:
    _publish(dataset, 1)
    one.carry()
    _publish(dataset, 2)
    first = len(plan.seen)
    plan.before.update({n: (500, {}) for n in range(first + 3, first + 3 + 6)})
    with pytest.raises(ServiceError, match=r"it failed \(HTTP 500: told to fail\); try again later"):
        one.carry()
    arriving = one.state().arriving
    assert arriving is not None
    assert arriving.arrived > 0
    _publish(dataset, 3)  # meanwhile
    one.carry()
    assert one.contents() == _expected(3)
    steps = [body for body in plan.seen if b"dct:extent" in body]
    assert len(set(steps)) == len(steps) - 6, "only what failed was sent again: five times, and when it went on"


@pytest.mark.parametrize("step", [0, 1, 2, 3, 4, 5])
def test_a_run_that_was_cut_off_goes_on(dataset: Dataset, one: Remote, plan: Faulty, step: int) -> None:
    _publish(dataset, 1)
    plan.before[step] = (400, {})  # no second attempt: as if we had been killed
    with pytest.raises(ServiceError, match="does not take the request"):
        one.carry()
    _publish(dataset, 2)
    one.carry()
    assert one.contents() == _expected(2)
    assert one.state().whole.startswith("000002-")
    assert [path.name for path in (dataset.path / "remote").glob("0*")] == [one.state().whole]


def test_what_was_done_and_not_heard_of_is_not_done_again(dataset: Dataset, one: Remote, plan: Faulty) -> None:
    _publish(dataset, 1)
    one.carry()
    _publish(dataset, 2)
    first = len(plan.seen)
    one.carry()
    late = plan.seen[first + 1]  # the first update of changes, as a proxy may deliver it once more
    _publish(dataset, 1)
    one.carry()
    one.update(late.decode())
    assert one.contents() == _expected(1)


@pytest.mark.parametrize(("status", "words"), [(401, "PARLEY_REMOTE_PASSWORD"), (403, "what that user may do there")])
def test_a_refused_password_is_said_at_once(
    dataset: Dataset, one: Remote, plan: Faulty, status: int, words: str
) -> None:
    _publish(dataset, 1)
    plan.before[0] = (status, {})
    with pytest.raises(ServiceError, match=f"does not let us in .HTTP {status}.; check .*{words}"):
        one.carry()
    assert len(plan.seen) == 1


def test_a_store_that_wants_hours_is_not_waited_for(dataset: Dataset, one: Remote, plan: Faulty) -> None:
    _publish(dataset, 1)
    plan.before[0] = (503, {"Retry-After": "7200"})
    with pytest.raises(ServiceError, match="try again in 7200 seconds"):
        one.carry()
    assert len(plan.seen) == 1


def test_nobody_there_is_said(dataset: Dataset, one: Remote) -> None:
    _publish(dataset, 1)
    settings = replace(one.settings, remote_store="fuseki+http://127.0.0.1:9/parley", remote_attempts=2)
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1 refuses the connection; check PARLEY_REMOTE_STORE"):
        carry(dataset, settings)


def test_a_page_that_is_no_result_is_said(dataset: Dataset, one: Remote, plan: Faulty) -> None:
    _publish(dataset, 1)
    settings = replace(one.settings, remote_store=f"sparql+{plan.address}/store?default".partition("?")[0])
    with pytest.raises(ServiceError, match="check that PARLEY_REMOTE_STORE names its kind and its URL"):
        carry(dataset, settings)


def test_the_statements_of_others_are_left_alone(dataset: Dataset, one: Remote) -> None:
    one.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    _publish(dataset, 1)
    with pytest.raises(ServiceError, match="it has statements, and no marker of this dataset; empty it, or run"):
        one.carry()
    assert len(one.select("SELECT * { ?s ?p ?o }")) == 1
    carry(dataset, one.settings, compare=True)
    assert one.contents() == _expected(1)


def test_what_others_changed_is_found_and_mended(dataset: Dataset, remote: Remote) -> None:
    with dataset.writer() as writer:
        for n in range(1, 5):
            writer.commit(change(n))
    dataset.publish()
    remote.carry()
    assert list(differing(dataset, remote.settings)) == []
    victim = next(iter(state(4)[f"{BASE}graph/article/1"]))
    for verb, thing in (("DELETE", victim), ("INSERT", triple("article/1", "is", "wrong"))):
        remote.update(f"{verb} DATA {{ GRAPH <{BASE}graph/article/1> {{ {thing} . }} }}")
    found = {(item.triple, item.named) for item in differing(dataset, remote.settings)}
    assert found == {(victim, 1), (triple("article/1", "is", "wrong"), -1)}
    assert carry(dataset, remote.settings).how == "nothing", "the markers are believed"
    done = carry(dataset, remote.settings, compare=True)
    assert (done.how, done.come, done.gone) == ("compared", 1, 1)
    assert list(differing(dataset, remote.settings)) == []


def test_copies_that_are_lost_are_made_up_for(dataset: Dataset, one: Remote) -> None:
    _publish(dataset, 1)
    one.carry()
    for path in (dataset.path / "remote").glob("0*/*"):
        path.unlink()
    for path in (dataset.path / "remote").glob("0*"):
        path.rmdir()
    for version in (2, 3, 4, 5):  # generation 1 is kept no longer
        _publish(dataset, version)
    assert one.carry().how == "compared"
    assert one.contents() == _expected(5)


def test_only_one_carries_over(dataset: Dataset, one: Remote) -> None:
    _publish(dataset, 1)
    (dataset.path / "remote").mkdir()
    lock = FileLock(dataset.path / "remote" / "lock")
    try:
        with pytest.raises(InUseError, match="already writing"):
            one.carry()
    finally:
        lock.release()
    one.carry()


def test_nothing_published_is_said(dataset: Dataset, one: Remote) -> None:
    with pytest.raises(DatasetError, match="nothing is published yet"):
        one.carry()


def test_a_server_that_is_killed_and_comes_back(tmp_path: Path, dataset: Dataset, remote: Remote) -> None:
    _publish(dataset, 1)
    remote.carry()
    _publish(dataset, 2)

    def kill(_: int) -> None:
        remote.peer.kill()

    settings = replace(remote.settings, remote_attempts=1)
    with pytest.raises(ServiceError):
        carry(dataset, settings, advance=kill)
    remote.peer.start()
    remote.carry()
    assert remote.contents() == _expected(2)
    assert list(differing(dataset, remote.settings)) == []
