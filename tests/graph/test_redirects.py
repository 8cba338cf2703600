"""IRIs of events that were published lead on when they go, and stop when they come back."""

from pathlib import Path

from graph.ingest.ingester import Ingester
from graph.settings import Settings
from graph.store import Dataset

BASE = "https://zubrowka.example/"
LATER = "President Ana Petrova met Chancellor Tom Harding in Vienna on 2 May 2021."
EARLIER = "President Ana Petrova and Chancellor Tom Harding will meet in Vienna in May 2021."


def _write(folder: Path, name: str, published: str, text: str) -> str:
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: {name}\npublished: {published}\n---\n\n{text}\n", encoding="utf-8")
    return str(path)


def _redirects(dataset: Dataset) -> set[tuple[str, str]]:
    with dataset.writer() as store:
        rows = store.graph(f"{BASE}graph/redirects")
    return {tuple(str(term).strip("<>").removeprefix(f"{BASE}id/") for term in (t.subject, t.object)) for t in rows}  # type: ignore[misc]


def test_an_iri_leads_on_to_what_took_its_place_and_no_longer_when_it_is_back(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset", BASE)
    settings = Settings(dataset=dataset.path, jobs=1)
    with Ingester(dataset, settings) as ingester:
        list(ingester.ingest([_write(tmp_path, "later", "2021-05-03", LATER)]))
    assert _redirects(dataset) == set()
    dataset.publish()
    with Ingester(dataset, settings) as ingester:
        # An older article is the anchor now: the event has the IRI that it makes.
        (outcome,) = ingester.ingest([_write(tmp_path, "earlier", "2021-04-03", EARLIER)])
    assert _redirects(dataset) == {("event/2021-05-02-vienna-summit", "event/2021-05-vienna-summit")}
    with Ingester(dataset, settings) as ingester:
        assert ingester.remove(outcome.key or "")
    assert _redirects(dataset) == {("event/2021-05-vienna-summit", "event/2021-05-02-vienna-summit")}


def test_what_nobody_could_know_does_not_lead_on(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset", BASE)
    with Ingester(dataset, Settings(dataset=dataset.path, jobs=1)) as ingester:
        list(ingester.ingest([_write(tmp_path, "later", "2021-05-03", LATER)]))
        list(ingester.ingest([_write(tmp_path, "earlier", "2021-04-03", EARLIER)]))
    assert _redirects(dataset) == set()
