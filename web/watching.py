"""Figures of ``parley watch`` for Prometheus, from the state that it keeps in the dataset."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import DatasetError
from graph.watch.state import State, read_state

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

__all__ = ["WatchFigures"]


class WatchFigures:
    """Collects the figures when somebody asks; there are none where nothing was ever watched.

    :param folder: the folder of a dataset.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "watch"

    def collect(self) -> Iterator["Metric"]:
        """Yield the figures, none of them if the state cannot be read."""
        state = None
        with contextlib.suppress(DatasetError):
            state = read_state(self._path)
        if state is not None:
            yield from _figures(state)


def _figures(state: State) -> Iterator["Metric"]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    plain = (
        ("parley_watch_running", "1 while parley watch runs, 0 after it was stopped", float(state.running is not None)),
        ("parley_watch_beat_seconds", "When parley watch last said that it lives, in Unix time", state.beat),
        ("parley_watch_feeds", "Feeds that are watched", float(len(state.feeds))),
        (
            "parley_watch_failing_feeds",
            "Feeds that failed last time",
            float(sum(f.failures > 0 for f in state.feeds.values())),
        ),
        ("parley_watch_failing_hosts", "Hosts that are left alone for a while", float(len(state.hosts))),
        ("parley_watch_waiting", "Articles that wait to be read", float(len(state.waiting))),
        ("parley_watch_given_up", "Articles that were given up", float(len(state.given_up))),
    )
    for name, words, value in plain:
        yield GaugeMetricFamily(name, words, value=value)
    articles = CounterMetricFamily("parley_watch_articles", "Articles by what became of them", labels=["result"])
    for result, number in sorted(state.results.items()):
        articles.add_metric([result], number)
    yield articles
    polls = CounterMetricFamily("parley_watch_polls", "Looks at feeds by how they ended", labels=["outcome"])
    for outcome, number in sorted(state.polls.items()):
        polls.add_metric([outcome], number)
    yield polls
