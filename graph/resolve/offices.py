"""The offices that those who take part in events held at the time: by official records, by their terms, as stated.

In this order of authority; who holds no office that a source tells of simply has none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain

from graph.event import Event, Participation, Rule
from graph.extract.customary import known_people
from graph.extract.model import Office, Report
from graph.extract.offices import is_office
from graph.facts.records import Record
from graph.iris import slugify

__all__ = ["Offices"]

#: A record tells of what happened within so many days of its own.
_SLACK = timedelta(days=1)
#: Two records of one office, so many days apart at most, tell that it was held between them, too.
_BETWEEN = timedelta(days=366)
#: An event that may be on any of more days than these is too uncertain to say who held which office then.
_LONGEST = timedelta(days=366)
_PRESIDENT = "President"


@dataclass(frozen=True, slots=True, order=True)
class _Held:
    """That a record has somebody in an office."""

    start: date
    end: date
    record: str
    office: str

    def same(self, other: "_Held") -> bool:
        """Tell whether the two offices may be one: "President" and "President of Zubrowka"."""
        short, long = sorted((self.office.casefold(), other.office.casefold()), key=len)
        return long == short or long.startswith(f"{short} of ")


@dataclass
class Offices:
    """Who held which office when, by the official records; looked up by person.

    :param terms: the presidents of the United States whose terms are known, with first and last day.
    """

    by_person: Mapping[str, Sequence[_Held]] = field(default_factory=dict)
    terms: Mapping[str, tuple[date, date]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Offices":
        """Index records."""
        found: dict[str, set[_Held]] = defaultdict(set)
        for record in records:
            people = chain(((t.key, t.office) for t in record.travellers), ((m.key, m.office) for m in record.met))
            for key, office in people:
                if key is not None and office:
                    found[key].add(_Held(record.start, record.end, record.key, office))
        terms = {
            f"person/{slugify(p.name)}": (p.start, p.end)
            for p in known_people()
            if found and p.source and p.start != date.min and p.end != date.max
        }
        return cls({key: sorted(held) for key, held in found.items()}, terms)

    def at(self, event: Event, reports: Sequence[Report], published: Mapping[str, date]) -> tuple[Participation, ...]:
        """Return in which offices people take part in an event.

        :param reports: those on the event.
        :param published: article key -> day of publication.
        """
        people = sorted(key for key in event.actors if key.startswith("person/"))
        found = (self._on_record(p, event) or self._in_term(p, event) or _stated(p, event, reports, published)
                 for p in people)  # fmt: skip
        return tuple(one for one in found if one is not None)

    def _on_record(self, person: str, event: Event) -> Participation | None:
        """Return the office in which the records have somebody on the days of an event, or between two of them."""
        if event.earliest is None or event.latest is None or event.latest - event.earliest > _LONGEST:
            return None
        first, last = event.earliest - _SLACK, event.latest + _SLACK
        held = self.by_person.get(person, ())
        there = [h for h in held if h.start <= last and first <= h.end]
        if there:
            offices = Counter(h.office for h in there)
            best = min(offices, key=lambda office: (-offices[office], -len(office), office))
            chosen = next(h for h in there if h.office == best)
            # Who changed office meanwhile held the one or the other; on a day, both.
            if last - first > 4 * _SLACK and not all(h.same(chosen) for h in there):
                return None
            return _participation(person, chosen, Rule.RECORD, chosen)
        before = max((h for h in held if h.end < first), key=lambda h: (h.end, h.record), default=None)
        after = min((h for h in held if h.start > last), key=lambda h: (h.start, h.record), default=None)
        if before is None or after is None or after.start - before.end > _BETWEEN or not before.same(after):
            return None
        return _participation(person, max(before, after, key=lambda h: len(h.office)), Rule.TERM, before, after)

    def _in_term(self, person: str, event: Event) -> Participation | None:
        start, end = self.terms.get(person, (date.max, date.min))
        if event.earliest is None or event.latest is None or not start <= event.earliest <= event.latest <= end:
            return None
        nearest = min(
            (h for h in self.by_person.get(person, ()) if h.office == _PRESIDENT and start <= h.start <= end),
            key=lambda h: (abs(h.start - event.earliest), h.record) if event.earliest else (timedelta(), h.record),
            default=None,
        )
        return _participation(person, nearest, Rule.TERM, nearest) if nearest else None


def _participation(person: str, held: _Held, rule: Rule, *sources: _Held) -> Participation | None:
    if not is_office(held.office):
        return None
    return Participation(person, held.office, rule, tuple(dict.fromkeys(source.record for source in sources)))


def _stated(
    person: str, event: Event, reports: Sequence[Report], published: Mapping[str, date]
) -> Participation | None:
    """Return the office that the articles on an event state of somebody: by the article nearest to it in time."""
    best = min(_said(person, event, reports, published), default=None, key=lambda row: row[:2])
    return None if best is None else Participation(person, best[2].words, Rule.STATED, (best[2].source,))


def _said(
    person: str, event: Event, reports: Sequence[Report], published: Mapping[str, date]
) -> Iterator[tuple[int, str, Office]]:
    day = event.earliest or event.latest
    for report in reports:
        printed = published.get(report.key.partition("/report/")[0])
        away = abs((printed - day).days) if printed and day else date.max.toordinal()
        yield from ((away, office.source, office) for office in report.offices if office.person == person)
