"""A small published generation, and queries that misbehave on it."""

import contextlib
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

__all__ = ["BASE", "COUNT", "FOREVER", "HUGE", "MEMORY", "PEOPLE", "leave_out_others", "make_generation", "worker_pids",
           "worker_states"]  # fmt: skip

BASE = "http://127.0.0.1:8000/"
NUMBERS = 3000
#: Quick.
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <urn:number> ?o }"
PEOPLE = "SELECT ?name WHERE { ?p a schema:Person ; schema:name ?name } ORDER BY ?name"
#: Runs for hours in little memory.
FOREVER = "SELECT (COUNT(*) AS ?n) WHERE { ?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f }"
#: Takes a gigabyte a second.
MEMORY = "SELECT * WHERE { ?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f } ORDER BY ?a ?c ?e"
#: Its result has about 300 MB.
HUGE = "SELECT * WHERE { ?a <urn:number> ?b . ?c <urn:number> ?d }"


def make_generation(path: Path, numbers: int = NUMBERS) -> Path:
    """Make a generation: the sample articles, and some triples to count. Default graph = merge of the named graphs."""
    store = Store(str(path))
    sample = Path(__file__).with_name("sample.trig").read_bytes()
    for quad in parse(sample, format=RdfFormat.TRIG):
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    store.bulk_extend(
        Quad(NamedNode(f"urn:s{n}"), NamedNode("urn:number"), Literal(n), DefaultGraph()) for n in range(numbers)
    )
    store.flush()
    return path


_others: set[int] = set()


def leave_out_others() -> None:
    """Count no worker that is there already: it is of an application that tests of another folder share."""
    _others.clear()
    _others.update(worker_pids())


def worker_pids() -> list[int]:
    """Return the worker processes that this process has started, but for those of others."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in _read(task / "children").split()]
    return [pid for pid in found if pid not in _others and b".worker" in _read(Path(f"/proc/{pid}/cmdline"))]


def worker_states() -> dict[int, str]:
    """Return the state of each worker process: ``R`` running, ``S`` sleeping, ``T`` stopped by a signal (proc(5))."""
    states = {pid: _read(Path(f"/proc/{pid}/stat")).rpartition(b") ")[2][:1].decode() for pid in worker_pids()}
    return {pid: state for pid, state in states.items() if state}


def _read(path: Path) -> bytes:
    """Read a file of a thread or process, which may end at any time: then there is nothing in it."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return path.read_bytes()
    return b""
