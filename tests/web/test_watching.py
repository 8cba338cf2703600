"""The figures of the watcher in ``/metrics``."""

from pathlib import Path

from graph.settings import Settings
from graph.store import Dataset
from graph.watch.state import Feed, GivenUp, Host, State, Waiting
from web.app import create_app


def metrics(dataset: Dataset) -> str:
    app = create_app(Settings(dataset=dataset.path))
    return app.test_client().get("/metrics").get_data(as_text=True)


def test_the_state_of_the_watcher_is_in_the_figures(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "dataset")
    assert "parley_watch" not in metrics(dataset)
    state = State(
        feeds={"https://news.example/f": Feed(), "https://news.example/g": Feed(failures=2)},
        waiting={"https://news.example/1": Waiting("https://news.example/f")},
        given_up={"https://news.example/2": GivenUp("https://news.example/f", "gone", 1.0)},
        hosts={"news.example": Host(1, 2.0)},
        results={"added": 3},
        polls={"read": 4},
        running=1,
    )
    state.write(dataset.watch_path, 1_000.0)
    said = metrics(dataset).splitlines()
    for line in (
        "parley_watch_running 1.0",
        "parley_watch_beat_seconds 1000.0",
        "parley_watch_feeds 2.0",
        "parley_watch_failing_feeds 1.0",
        "parley_watch_failing_hosts 1.0",
        "parley_watch_waiting 1.0",
        "parley_watch_given_up 1.0",
        'parley_watch_articles_total{result="added"} 3.0',
        'parley_watch_polls_total{outcome="read"} 4.0',
    ):
        assert line in said
    (dataset.watch_path / "state.json").write_text("broken")
    assert "parley_watch" not in metrics(dataset)
