"""Which official records of travel and visits bear out a meeting that articles tell of.

A record is of a journey: a meeting lies within it. So the meeting gains the record as one more report, and the visit
that the record describes has the meeting as a sub-event (``sem:hasSubEvent``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from graph.extract.model import EventType, Report, Status
from graph.facts.records import Record
from graph.resolve.containment import countries_of, is_country
from graph.resolve.profile import NARROW, family

__all__ = ["Records"]

#: A record bears out what happened within so many days of its own.
_SLACK = timedelta(days=1)
_PAIR = 2


@dataclass
class Records:
    """The official records, looked up by traveller."""

    by_traveller: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Records":
        """Index records."""
        found = cls()
        for record in records:
            for traveller in record.travellers:
                found.by_traveller[traveller.key].append(record)
        return found

    def bearing_out(self, kind: EventType, reports: Sequence[Report]) -> tuple[str, ...]:
        """Return the keys of the records that bear out an event: of each traveller the one that fits, if only one does.

        :param kind: the event's type; only meetings of people are borne out.
        """
        if family(kind) != "Encounter" or any(r.status in (Status.UNREAL, Status.CANCELLED) for r in reports):
            return ()
        actors = {key for r in reports for key in r.participants}
        people = sorted(key for key in actors if key.startswith("person/"))
        if len(people) < _PAIR and len(actors) < _PAIR:
            return ()
        places = frozenset(key for r in reports for key in r.places)
        earliest, latest = _bounds(reports)
        if earliest is None or latest is None:
            return ()
        found = []
        for person in people:
            fitting = [
                r for r in self.by_traveller.get(person, ()) if _fits(r, actors - {person}, places, earliest, latest)
            ]
            if len(fitting) == 1:
                found.append(fitting[0].key)
        return tuple(sorted(set(found)))


def _bounds(reports: Sequence[Report]) -> tuple[date | None, date | None]:
    """Return the days between which an event was, by the report that narrows it most."""
    timed = [(r.latest - r.earliest, r.key, r) for r in reports if r.earliest and r.latest]
    if not timed:
        return None, None
    best = min(timed, key=lambda row: row[:2])[2]
    return best.earliest, best.latest


def _fits(record: Record, others: set[str], places: frozenset[str], earliest: date, latest: date) -> bool:
    # The journey lies within the time that the reports leave, or what they tell of within the journey.
    if not (earliest <= record.start and record.end <= latest) and not (
        record.start - _SLACK <= earliest and latest <= record.end + _SLACK
    ):
        return False
    there = {spot.key for spot in record.spots} | {record.country_key}
    spots = there - {key for key in there if is_country(key)}
    met = {m.key for m in record.met if m.key} & others
    fine = frozenset(key for key in places if not is_country(key))
    if met and (latest - earliest).days < NARROW:
        return True  # that day the record has them meet, whatever each calls the place
    if not places:
        return False
    if fine & spots or (places & there and not (fine and spots)):
        return True
    # The record names a country alone, or the reports do.
    return record.country_key in countries_of(places) and not (fine and spots)
