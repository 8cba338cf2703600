"""The events of the dataset as the one writer knows them: which report is on which event.

What becomes of an article's reports touches only those that may tell of the same (the connected component of reports
that match); everything else stays as it is. The outcome depends on which articles there are, never on their order.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from graph.event import Event
from graph.extract.model import Extraction, Report
from graph.facts.records import Record
from graph.resolve.cluster import clusters
from graph.resolve.codec import codec
from graph.resolve.keys import anchor_of, apart, slug_of
from graph.resolve.match import heir_of, score
from graph.resolve.merge import merge
from graph.resolve.offices import Offices
from graph.resolve.profile import Profile, digest_of, in_order, profile_of
from graph.resolve.records import Records
from graph.resolve.rename import rename_report
from graph.resolve.resolution import Resolution
from graph.resolve.shelf import Lookup, Room, Shelf

__all__ = ["EventIndex", "article_of"]


#: So many articles' names are kept at hand.
_NAMES_KEPT = 2_000
#: So many profiles' scores are.
_SCORES_KEPT = 8_192


def _nameless(article: str) -> Mapping[str, str]:
    return {}


def article_of(report: str) -> str:
    """Return the article, or the source of records, that a report's key belongs to: of its reports no two are one.

    >>> article_of("article/81c930f8a2b4/report/2"), article_of("record/visit/12")
    ('article/81c930f8a2b4', 'record/visit')
    """
    return report.partition("/report/")[0] if "/report/" in report else report.rpartition("/")[0]


@dataclass
class EventIndex:
    """Reports by event, with the look-ups that resolution needs. Belongs to the one writer.

    :param records: the official records, which bear out what articles tell.
    :param record_events: record key -> key of the event that it describes.
    :param published: article key -> day of publication.
    :param offices: the offices that the official records have people in.
    :param look_up: returns the names of people, organizations and places, by key, that a stored article gives them.
    :param room: where all that grows with the number of articles is kept: in memory as far as it was used last.
    """

    records: Records = field(default_factory=Records)
    record_events: Mapping[str, str] = field(default_factory=dict)
    published: MutableMapping[str, date] = field(default_factory=dict)
    look_up: Callable[[str], Mapping[str, str]] = _nameless
    offices: Offices = field(default_factory=Offices)
    room: Room = field(default_factory=Room)
    _scores: dict[Profile, dict[Profile, float]] = field(default_factory=dict)
    _names: OrderedDict[str, Mapping[str, str]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        published: Shelf[str, date] = Shelf(self.room, codec(date))
        published.update(self.published)
        self.published = published
        self.reports: Shelf[str, Report] = Shelf(self.room, codec(Report))
        #: Report -> digest of its profile; and that -> the profile, and the reports that have it.
        self._digests: Shelf[str, bytes] = Shelf(self.room, codec(bytes))
        having = codec(tuple[Profile, frozenset[str]])
        self._members: Shelf[bytes, tuple[Profile, frozenset[str]]] = Shelf(self.room, having)
        self._blocks = Lookup(self.room)
        #: Report on a whole -> reports on its parts.
        self._parts: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        self._by_article: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        self._event_of: Shelf[str, str] = Shelf(self.room, codec(str))
        self._told: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        #: Anchor of each event without a record -> the key that it would have alone; and that key -> all such anchors.
        self._slug_of: Shelf[str, str] = Shelf(self.room, codec(str))
        self._sharing: Shelf[str, frozenset[str]] = Shelf(self.room, codec(frozenset[str]))
        #: Events that have the records of several.
        self._joined: set[str] = set()

    def know(self, records: Iterable[Record], events: Mapping[str, str]) -> None:
        """Take in the official records that are stored, before anything that articles tell.

        :param events: record key -> key of the event that it describes.
        """
        records = [record for record in records if record.key in events]
        self.records, self.record_events, self.offices = Records.of(records), events, Offices.of(records)

    def fill(self, reports: Iterable[Report], event_of: Mapping[str, str]) -> None:
        """Take in reports that are resolved already.

        :param event_of: report key -> event key, of every report.
        """
        on: Shelf[str, frozenset[str]] = Shelf(Room(self.room.kept))
        for report in reports:
            self._add(report)
            event = event_of[report.key]
            on[event] = on.get(event, frozenset()) | {report.key}
        for event, keys in on.items():
            self._settle(event, keys)
            if not self._official(keys):
                self._claim(keys)

    def resolve(self, extraction: Extraction, people: Mapping[str, Mapping[str, str]] | None = None) -> Resolution:
        """Decide which event each report of an article is on, and what becomes of the events that this touches.

        :param people: of other articles, who have another key from now on: article key -> key -> the one in its place.
        """
        article = extraction.article
        self._keep_names(article.key, {entity.key: entity.label for entity in extraction.entities()})
        if article.published is None or not extraction.reports:
            self.published.pop(article.key, None)
        else:
            self.published[article.key] = article.published
        return self._put(article.key, extraction.reports, people or {})

    def part(self) -> None:
        """Put each record on the event that it describes, as the store has it: resolving may have joined some."""
        for event in self._joined:
            for key in sorted(self._told.get(event, frozenset()) & self.record_events.keys()):
                if (own := self.record_events[key]) != event:
                    self._told[event] -= {key}
                    self._settle(own, self._told.get(own, frozenset()) | {key})
        self._joined.clear()

    def event_of(self, report_key: str) -> str:
        """Return the key of the event that a report is on.

        :raises KeyError: there is no such report.
        """
        return self._event_of[report_key]

    def withdraw(self, article_key: str, people: Mapping[str, Mapping[str, str]] | None = None) -> Resolution:
        """Take back all reports of an article and decide what becomes of the events that they were on.

        :param people: as for :meth:`resolve`.
        """
        self.published.pop(article_key, None)
        return self._put(article_key, (), people or {})

    def standing(self, article_key: str) -> Resolution:
        """Return how the reports of an article stand, and the events that they are on, with the parts of these."""
        reports = sorted(self._by_article.get(article_key, ()))
        return self._resolution(reports, {self._event_of[key] for key in reports}, {})

    def again(self) -> Resolution:
        """Resolve all reports anew, as when official records have come or gone."""
        groups: list[frozenset[str]] = []
        done: set[bytes] = set()
        for digest in self._members:
            if digest not in done:
                component = self._component([self._members[digest][0]])
                done.update(map(digest_of, component))
                groups += self._grouped(component)
        formerly, now = self._rekey(list(self._told), groups)
        # What only a record tells of is as the record has it.
        plain = {e for e in now if self._told[e] == formerly.get(e) and self._told[e] <= self.record_events.keys()}
        return self._resolution((), now - plain, self._gone(formerly, {}))

    def _put(self, article: str, reports: Sequence[Report], people: Mapping[str, Mapping[str, str]]) -> Resolution:
        told = {article: tuple(reports)} | self._renamed(people)
        before = sorted(key for each in told for key in self._by_article.get(each, ()))
        old = self._component(self._profile(key) for key in before)
        touched = {self._event_of[key] for profile in old for key in self._having(profile)}
        removed = {key: self.reports[key] for key in before}
        heirs = {key: heir_of(removed[key], reports) for key in self._by_article.get(article, ())}
        for key in before:
            self._remove(key)
        new = [self._add(report) for each in told.values() for report in sorted(each, key=lambda r: r.key)]
        component = self._component([*(p for p in old if self._having(p)), *new])
        touched |= {self._event_of[k] for p in component for k in self._having(p) if k in self._event_of}
        formerly, now = self._rekey(touched, self._grouped(component))
        for key in [k for k in removed if k not in self.reports]:
            del self._event_of[key]
        return self._resolution([r.key for r in reports], now, self._gone(formerly, heirs))

    def _grouped(self, component: Iterable[Profile]) -> list[frozenset[str]]:
        """Return the reports of the profiles of a component, by event."""
        members = {profile: self._having(profile) for profile in component}
        groups = clusters(members, article_of, self._neighbours)
        return [frozenset(key for profile in group for key in members[profile]) for group in groups]

    def _profile(self, report: str) -> Profile:
        return self._members[self._digests[report]][0]

    def _having(self, profile: Profile) -> frozenset[str]:
        """Return the reports that have a profile."""
        found = self._members.get(digest_of(profile))
        return found[1] if found else frozenset()

    def _renamed(self, people: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[Report, ...]]:
        """Return the reports of articles with other keys for people, and keep what these are called there."""
        found = {}
        for article, names in people.items():
            called = self._names_in([article])
            self._keep_names(article, {names.get(key, key): name for key, name in called.items()})
            if told := self._by_article.get(article):
                found[article] = tuple(rename_report(self.reports[key], names) for key in sorted(told))
        return found

    def _gone(
        self, formerly: Mapping[str, frozenset[str]], heirs: Mapping[str, str | None]
    ) -> dict[str, tuple[str, ...]]:
        """Return the events that are no more, each with those that took its reports over.

        :param heirs: reports that are no more -> what took the place of each, if anything.
        """
        found = {}
        for event, told in sorted(formerly.items()):
            if event not in self._told:
                kept = [key for k in told if (key := heirs.get(k, k)) is not None]
                found[event] = tuple(sorted({self._event_of[k] for k in kept if k in self._event_of}))
        return found

    def _rekey(
        self, touched: Iterable[str], groups: Iterable[frozenset[str]]
    ) -> tuple[dict[str, frozenset[str]], set[str]]:
        """Give events their keys; return the events that were, with their reports, and the keys of those that are.

        Events that would share a key are told apart, those that were there before among them.
        """
        formerly = {event: self._told.pop(event) for event in touched}
        slugs = set()
        for told in formerly.values():
            for key in told:
                if key in self._slug_of:
                    slug = self._slug_of.pop(key)
                    self._sharing[slug] -= {key}
                    slugs.add(slug)
        now, anchored = set(), {}
        for told in groups:
            official = self._official(told)
            if official:
                self._settle(official[0], told)
                if official[-1] != official[0]:
                    self._joined.add(official[0])
                now.add(official[0])
            else:
                anchor = self._claim(told)
                anchored[anchor] = told
                slugs.add(self._slug_of[anchor])
        for slug in sorted(slugs):
            for anchor in self._sharing.get(slug, ()):
                if anchor not in anchored:
                    event = self._event_of[anchor]
                    formerly[event] = anchored[anchor] = self._told.pop(event)
        for slug in sorted(slugs):
            sharing = sorted(self._sharing.get(slug, ()))
            for anchor in sharing:
                key = slug if len(sharing) == 1 and slug not in self._recorded else apart(slug, self.reports[anchor])
                self._settle(key, anchored[anchor])
                now.add(key)
            if not sharing:
                self._sharing.pop(slug, None)
        return formerly, now

    def _claim(self, told: frozenset[str]) -> str:
        """Note the key that an event would have alone; return its anchor."""
        anchor = anchor_of((self.reports[k] for k in told), self.published)
        slug = self._slug_of[anchor.key] = slug_of(anchor)
        self._sharing[slug] = self._sharing.get(slug, frozenset()) | {anchor.key}
        return anchor.key

    def _settle(self, event: str, told: frozenset[str]) -> None:
        self._told[event] = told
        for key in told:
            self._event_of[key] = event

    def _official(self, told: Iterable[str]) -> list[str]:
        return sorted(self.record_events[k] for k in told if k in self.record_events)

    @cached_property
    def _recorded(self) -> frozenset[str]:
        return frozenset(self.record_events.values())

    def _resolution(
        self, article: Iterable[str], now: Iterable[str], gone: Mapping[str, tuple[str, ...]]
    ) -> Resolution:
        events, additions = [], {}
        parts = {self._event_of[p] for e in now for k in self._told[e] for p in self._parts.get(k, ())}
        for event in sorted({*now, *parts}):
            told = self._told[event]
            if event in self._recorded:
                additions[event] = tuple(sorted(k for k in told if k not in self.record_events))
            else:
                events.append(self._event(event, told))
        return Resolution({key: self._event_of[key] for key in article}, tuple(events), additions, gone)

    def _event(self, key: str, told: frozenset[str]) -> Event:
        reports = [self.reports[k] for k in sorted(told)]
        names = self._names_in(article_of(k) for k in told)
        event = merge(key, reports, names)
        whole = {self._event_of[r.within] for r in reports if r.within and r.within in self._event_of} - {key}
        bearing = [k for k in self.records.bearing_out(event.type, reports) if k in self.record_events]
        if bearing:
            whole |= {self.record_events[k] for k in bearing}
            event = merge(key, [*reports, *(self.reports[k] for k in bearing)], names)
        offices = self.offices.at(event, reports, self.published)
        return replace(event, within=tuple(sorted(whole)), participations=offices)

    def _names_in(self, articles: Iterable[str]) -> dict[str, str]:
        """Return names as these articles have them: of several the first by letter, whatever the order of articles."""
        found: dict[str, str] = {}
        for article in set(articles):
            if article not in self._names:
                self._keep_names(article, self.look_up(article))
            for key, name in self._names[article].items():
                found[key] = min(found.get(key, name), name)
        return found

    def _keep_names(self, article: str, names: Mapping[str, str]) -> None:
        self._names[article] = names
        self._names.move_to_end(article)
        if len(self._names) > _NAMES_KEPT and self.look_up is not _nameless:
            self._names.popitem(last=False)

    def _add(self, report: Report) -> Profile:
        article = article_of(report.key)
        report = in_order(report)
        profile = profile_of(report)
        if not score(profile, profile):
            profile = profile_of(report, report.key)  # says too little to be one with another that says the same
        number = 1
        while any(article_of(k) == article for k in self._having(profile)):
            # Two reports of one article are two happenings: the extraction has joined what it takes for one.
            number += 1
            profile = profile_of(report, str(number))
        self.reports[report.key] = report
        if report.within is not None:
            self._parts[report.within] = self._parts.get(report.within, frozenset()) | {report.key}
        self._by_article[article] = self._by_article.get(article, frozenset()) | {report.key}
        digest, having = digest_of(profile), self._having(profile)
        if not having:
            self._blocks.add(digest, profile.marks())
        self._digests[report.key] = digest
        self._members[digest] = (profile, having | {report.key})
        return profile

    def _remove(self, key: str) -> None:
        profile = self._profile(key)
        report = self.reports.pop(key)
        if report.within is not None:
            _take_out(self._parts, report.within, key)
        _take_out(self._by_article, article_of(key), key)
        digest, left = self._digests.pop(key), self._having(profile) - {key}
        if left:
            self._members[digest] = (profile, left)
            return
        for other in self._neighbours(profile):
            self._scores.get(other, {}).pop(profile, None)
        self._scores.pop(profile, None)
        del self._members[digest]
        self._blocks.remove(digest, profile.marks())

    def _neighbours(self, profile: Profile) -> Mapping[Profile, float]:
        """Return the profiles that may be of the same happening, with their scores; kept while both are there."""
        known = self._scores.get(profile)
        if known is not None:
            return known
        candidates = {self._members[digest][0] for digest in self._blocks.sharing(profile.marks())}
        candidates.discard(profile)
        found = {other: points for other in candidates if (points := score(profile, other)) > 0}
        if len(self._scores) >= _SCORES_KEPT:
            self._scores.clear()
        self._scores[profile] = found
        for other, points in found.items():
            if other in self._scores:
                self._scores[other][profile] = points
        return found

    def _component(self, profiles: Iterable[Profile]) -> set[Profile]:
        """Return the profiles that are connected with these by matches."""
        found: set[Profile] = set()
        waiting = list(profiles)
        while waiting:
            profile = waiting.pop()
            if profile not in found:
                found.add(profile)
                waiting += self._neighbours(profile)
        return found


def _take_out(shelf: Shelf[str, frozenset[str]], name: str, key: str) -> None:
    """Take a key out of what is kept under a name, and the name with the last one."""
    left = shelf[name] - {key}
    if left:
        shelf[name] = left
    else:
        del shelf[name]
