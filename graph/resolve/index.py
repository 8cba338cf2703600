"""The events of the dataset as the one writer knows them: which report is on which event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pyoxigraph as ox

from graph.event import Event
from graph.extract.model import EventType, Extraction, Report, Status
from graph.files import data_path
from graph.iris import Iris
from graph.resolve.match import family, name_key, score
from graph.resolve.merge import merge, mint
from graph.vocabulary import PLY

__all__ = ["EventIndex", "Resolution", "Selects"]


class Selects(Protocol):
    """What the index needs of a store."""

    def select(self, query: str, /, **bindings: ox.NamedNode | ox.Literal) -> Iterable[ox.QuerySolution]:
        """Run a trusted query."""


@dataclass(frozen=True)
class Resolution:
    """What resolving an article's reports decided.

    :param links: report key -> event key, for every report of the article.
    :param events: the events that this touches, as they are now.
    :param additions: for events that an official record describes: event key -> the article's reports on it.
    :param gone: keys of events that no report tells of any more.
    """

    links: dict[str, str]
    events: tuple[Event, ...]
    additions: dict[str, tuple[str, ...]]
    gone: tuple[str, ...]


@dataclass
class EventIndex:
    """Reports by event, with the look-ups that resolution needs. Belongs to the one writer."""

    reports: dict[str, dict[str, Report]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _by_actor: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_name: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _event_of: dict[str, str] = field(default_factory=dict)
    _reports_of_article: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(cls, store: Selects, iris: Iris) -> "EventIndex":
        """Read all reports and records from the store."""
        index = cls()
        actors = _multiple(store, "actors", iris)
        places = _multiple(store, "places", iris)
        for row in store.select(_query("reports")):
            report_key, event_key = iris.key(_text(row["report"]) or ""), iris.key(_text(row["event"]) or "")
            if report_key is None or event_key is None:
                continue
            status, confidence = _text(row["status"]), _text(row["confidence"])
            report = Report(
                key=report_key,
                type=EventType((_text(row["type"]) or "").removeprefix(str(PLY))),
                label=_text(row["label"]) or "",
                mentions=(),
                participants=tuple(sorted(actors.get(report_key, ()))),
                places=tuple(sorted(places.get(report_key, ()))),
                time=_text(row["time"]),
                earliest=_date(row["earliest"]),
                latest=_date(row["latest"]),
                status=Status(status.removeprefix(str(PLY))) if status else Status.OCCURRED,
                confidence=float(confidence) if confidence else 1.0,
            )
            index._add(event_key, report)
        for row in store.select(_query("names")):
            key = iris.key(_text(row["thing"]) or "")
            if key is not None:
                index.names[key] = _text(row["name"]) or key
        return index

    def resolve(self, extraction: Extraction) -> Resolution:
        """Decide which event each report of an article is on, and what becomes of the events that this touches.

        The article's earlier reports are taken back first, but the events they were on stay candidates, so that a
        changed article keeps the IRIs of its events.
        """
        for entity in extraction.entities():
            # The same of several names as after a reload, whatever the order of the articles.
            self.names[entity.key] = min(self.names.get(entity.key, entity.label), entity.label)
        before = self._take_back(extraction.article.key)
        links: dict[str, str] = {}
        used: set[str] = set()
        for report in sorted(extraction.reports, key=lambda r: (-_anchoring(r), r.key)):
            event_key = self._find(report, before, used)
            if event_key is None:
                event_key = mint(report, lambda key: key in self.reports or key in before or key in used)
            used.add(event_key)
            links[report.key] = event_key
        for report in extraction.reports:
            self._add(links[report.key], report)
        return self._resolution(links, used | set(before))

    def withdraw(self, article_key: str) -> Resolution:
        """Take back all reports of an article and decide what becomes of the events that they were on."""
        return self._resolution({}, set(self._take_back(article_key)))

    def _resolution(self, links: dict[str, str], touched: set[str]) -> Resolution:
        living = sorted(key for key in touched if self.reports.get(key))
        recorded = {key for key in living if any(r.startswith("record/") for r in self.reports[key])}
        return Resolution(
            links=links,
            events=tuple(merge(k, list(self.reports[k].values()), self.names) for k in living if k not in recorded),
            additions={
                key: tuple(sorted(r for r in self.reports[key] if not r.startswith("record/")))
                for key in sorted(recorded)
            },
            gone=tuple(sorted(key for key in touched if not self.reports.get(key))),
        )

    def _find(self, report: Report, before: Mapping[str, Mapping[str, Report]], used: set[str]) -> str | None:
        kind = family(report.type)
        candidates = set().union(*(self._by_actor[kind, actor] for actor in report.participants))
        named = name_key(report.label)
        if named:
            candidates |= self._by_name[kind, named]
        candidates |= set(before)
        best, best_key = 0.0, None
        # Two reports of one article are two happenings: the extractor has joined what it takes for one.
        for key in sorted(candidates - used):
            known = [*self.reports.get(key, {}).values(), *before.get(key, {}).values()]
            points = score(report, known)
            if any((old.label, old.type) == (report.label, report.type) for old in before.get(key, {}).values()):
                points += 10.0
            if points > best:
                best, best_key = points, key
        return best_key

    def _add(self, event_key: str, report: Report) -> None:
        self.reports.setdefault(event_key, {})[report.key] = report
        self._event_of[report.key] = event_key
        kind = family(report.type)
        for actor in report.participants:
            self._by_actor[kind, actor].add(event_key)
        named = name_key(report.label)
        if named:
            self._by_name[kind, named].add(event_key)
        article = report.key.partition("/report/")[0]
        self._reports_of_article[article].add(report.key)

    def _take_back(self, article: str) -> dict[str, dict[str, Report]]:
        taken: dict[str, dict[str, Report]] = {}
        for report_key in self._reports_of_article.pop(article, set()):
            event_key = self._event_of.pop(report_key)
            report = self.reports[event_key].pop(report_key)
            taken.setdefault(event_key, {})[report_key] = report
            if not self.reports[event_key]:
                del self.reports[event_key]
        # Look-ups by actor and name may keep an event that no longer matches: `score` decides on the reports.
        return taken


def _anchoring(report: Report) -> int:
    """Return how much a report says: those that say most choose their event first."""
    return 2 * len(report.participants) + 2 * bool(report.places) + 3 * bool(report.time)


def _query(name: str) -> str:
    return data_path("queries", "resolve", f"{name}.rq").read_text("utf-8")


def _multiple(store: Selects, name: str, iris: Iris) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in store.select(_query(name)):
        report, value = iris.key(_text(row["report"]) or ""), iris.key(_text(row["value"]) or "")
        if report is not None and value is not None:
            found[report].add(value)
    return found


def _text(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))


def _date(term: object) -> date | None:
    text = _text(term)
    return None if text is None else date.fromisoformat(text)
