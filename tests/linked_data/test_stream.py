"""The stream of changes over HTTP: who follows it from its beginning has the latest state of everything."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from graph.files import shapes_path
from graph.history import PAGE_LENGTH
from graph.publish import publish
from graph.settings import Settings
from graph.store import Change, Dataset, Triple
from tests.linked_data.client import FORMATS, Client, same_triples
from tests.web.serving import served

BASE = "https://zubrowka.example/"
LDES, TREE, AS = "https://w3id.org/ldes#", "https://w3id.org/tree#", "https://www.w3.org/ns/activitystreams#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
EVENT = ox.NamedNode("http://semanticweb.cs.vu.nl/2009/11/sem/Event")
REPLACED = ox.NamedNode("http://purl.org/dc/terms/isReplacedBy")
VERSION_OF = ox.NamedNode("http://purl.org/dc/terms/isVersionOf")
TIME = ox.NamedNode("http://www.w3.org/ns/prov#generatedAtTime")
NUMBER = ox.NamedNode("https://schema.org/version")
OWN = {VERSION_OF, TIME, NUMBER}
MANY = PAGE_LENGTH + 30


def told(labels: dict[str, str], replaced: dict[str, str]) -> frozenset[Triple]:
    found = set()
    for name, label in labels.items():
        node = ox.NamedNode(f"{BASE}id/event/{name}")
        found |= {Triple(node, TYPE, EVENT), Triple(node, LABEL, ox.Literal(label, language="en"))}
    for old, new in replaced.items():
        found.add(Triple(ox.NamedNode(f"{BASE}id/event/{old}"), REPLACED, ox.NamedNode(f"{BASE}id/event/{new}")))
    return frozenset(found)


def add(dataset: Dataset, labels: dict[str, str], replaced: dict[str, str] | None = None) -> None:
    """Publish a generation with these events."""
    with dataset.writer() as writer:
        writer.commit(Change(replace={dataset.iris.events_graph: told(labels, replaced or {})}))
    publish(dataset, Settings(dataset=dataset.path))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of five generations, three of which are kept: events come, change, go and come back."""
    made = Dataset.create(tmp_path_factory.mktemp("stream") / "dataset", BASE)
    names = [f"{number:04}" for number in range(MANY)]
    for turn in range(5):
        labels = {name: f"Meeting {name}" + (f" again {turn}" if int(name) % 7 == turn else "") for name in names}
        gone = {name for name in names if int(name) % 50 == turn}
        add(made, {n: label for n, label in labels.items() if n not in gone}, {min(gone): "0049"})
    return made


@pytest.fixture(scope="module")
def stream(dataset: Dataset) -> Iterator[Client]:
    with served(dataset.path) as (address, _):
        yield Client(address, dataset.path)


def objects(said: set[ox.Triple], subject: object, predicate: str | ox.NamedNode) -> set[str]:
    named = ox.NamedNode(predicate) if isinstance(predicate, str) else predicate
    found = (t.object for t in said if t.subject == subject and t.predicate == named)
    return {value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal)}


def pages_from(stream: Client, iri: str) -> Iterator[set[ox.Triple]]:
    """Follow the relations of TREE from one node; yield what each says."""
    waiting, seen = [iri], set[str]()
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        said = stream.triples(one)
        yield said
        for relation in sorted(objects(said, ox.NamedNode(one), f"{TREE}relation")):
            waiting += objects(said, ox.NamedNode(relation), f"{TREE}node")


def state(stream: Client, iri: str) -> dict[str, set[ox.Triple]]:
    """Return how things stand after all versions that can be reached, by their IRIs."""
    found: dict[str, tuple[tuple[str, int], set[ox.Triple]]] = {}
    for said in pages_from(stream, iri):
        for member in objects(said, ox.NamedNode(f"{BASE}ldes#stream"), f"{TREE}member"):
            node = ox.NamedNode(member)
            (thing,), (time,), (number,) = (objects(said, node, p) for p in (VERSION_OF, TIME, NUMBER))
            deleted = f"{AS}Delete" in objects(said, node, TYPE)
            own = {
                ox.Triple(ox.NamedNode(thing), t.predicate, t.object)
                for t in said
                if t.subject == node and t.predicate not in OWN and not str(t.object).startswith(f"<{AS}")
            }
            order = (time, int(number))
            if thing not in found or found[thing][0] < order:
                found[thing] = (order, set() if deleted else own)
    return {thing: own for thing, (_, own) in found.items() if own}


def test_following_the_stream_gives_the_latest_state(stream: Client, dataset: Dataset) -> None:
    generation = dataset.current()
    assert generation is not None
    assert len(dataset.generations()) == 3 < generation.number
    store = generation.open()
    stands = {
        q.subject.value: {one.triple for one in store.quads_for_pattern(q.subject, None, None, ox.DefaultGraph())}
        for q in store.quads_for_pattern(None, TYPE, EVENT, ox.DefaultGraph())
        if isinstance(q.subject, ox.NamedNode)
    }
    assert len(stands) > PAGE_LENGTH
    assert state(stream, f"{BASE}ldes") == stands
    # The pages lead on by themselves, too.
    assert state(stream, f"{BASE}ldes/1") == stands


def test_the_stream_describes_itself(stream: Client) -> None:
    said = stream.triples("/ldes")
    collection = ox.NamedNode(f"{BASE}ldes#stream")
    assert objects(said, collection, TYPE) == {f"{LDES}EventStream"}
    assert objects(said, collection, f"{LDES}timestampPath") == {TIME.value}
    assert objects(said, collection, f"{LDES}versionOfPath") == {VERSION_OF.value}
    assert objects(said, collection, f"{TREE}view") == {f"{BASE}ldes"}
    (shape,) = objects(said, collection, f"{TREE}shape")
    (file,) = objects(said, ox.NamedNode(shape), "http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
    assert ox.NamedNode(shape) in {t.subject for t in stream.triples(file)}


def test_times_on_pages_are_within_what_the_relations_say(stream: Client) -> None:
    said = stream.triples("/ldes")
    for relation in objects(said, ox.NamedNode(f"{BASE}ldes"), f"{TREE}relation"):
        node = ox.NamedNode(relation)
        (kind,), (target,), (value,) = (objects(said, node, p) for p in (TYPE, f"{TREE}node", f"{TREE}value"))
        times = {
            t.object.value for t in stream.triples(target) if t.predicate == TIME and isinstance(t.object, ox.Literal)
        }
        assert (min(times) >= value) if kind.endswith("GreaterThanOrEqualToRelation") else (max(times) <= value)


def test_members_have_their_shape(stream: Client) -> None:
    page = rdflib.Graph().parse(data=stream.follow("/ldes/2.ttl").content, format="turtle")
    shapes = rdflib.Graph().parse(shapes_path("stream", "version.ttl"))
    conforms, _, text = pyshacl.validate(page, shacl_graph=shapes)
    assert conforms, text
    broken = next(iter(page.triples((None, rdflib.URIRef(NUMBER.value), None))))
    page.remove(broken)
    assert not pyshacl.validate(page, shacl_graph=shapes)[0]


def test_full_pages_are_immutable_and_the_last_is_not(stream: Client) -> None:
    last = int(stream.targets(stream.get("/ldes"), "last")[0].rpartition("/")[2])
    assert last > 1
    for number in range(1, last + 1):
        answer = stream.get(f"/ldes/{number}.ttl")
        members = re.findall(rf"<{re.escape(BASE)}ldes/{number}#[^>]+> a as:", answer.text)
        assert ("immutable" in answer.headers["Cache-Control"]) == (number < last)
        assert (len(members) == PAGE_LENGTH) == (number < last)
        assert bool(stream.targets(answer, "next")) == (number < last)
        assert same_triples({ending: stream.get(f"/ldes/{number}.{ending}").content for ending in FORMATS})
    assert "immutable" not in stream.get("/ldes.ttl").headers["Cache-Control"]


def test_members_are_where_their_iris_lead(stream: Client) -> None:
    said = stream.triples("/ldes/1")
    members = objects(said, ox.NamedNode(f"{BASE}ldes#stream"), f"{TREE}member")
    assert all(member.startswith(f"{BASE}ldes/1#") for member in members)
    html = stream.get("/ldes/1", "text/html").text
    assert all(f'id="{member.partition("#")[2]}"' in html for member in members)


def test_a_feed_of_what_changed_last(stream: Client) -> None:
    text = stream.get("/events.atom").text
    assert "Changed in generation 5" in text
    assert "in generation 4" not in text


def test_what_was_replaced_leads_on_and_what_is_pruned_is_gone(stream: Client) -> None:
    answer = stream.get("/id/event/0004", "text/turtle")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/id/event/0049")
    assert stream.get("/event/0049.ttl?generation=1").status_code == 410
    assert stream.get("/event/0049.ttl?generation=3").status_code == 200


def test_new_generations_come_at_the_end(stream: Client, dataset: Dataset) -> None:
    first = stream.get("/ldes/1.ttl").content
    before = stream.get("/ldes.ttl").headers["ETag"]
    add(dataset, {"9999": "Summit"})
    assert stream.get("/ldes/1.ttl").content == first
    assert stream.get("/ldes.ttl").headers["ETag"] != before
    assert set(state(stream, f"{BASE}ldes")) == {f"{BASE}id/event/9999"}
    feed = stream.get("/events.atom").text
    assert "New in generation 6" in feed
    assert "Gone in generation 6" in feed
