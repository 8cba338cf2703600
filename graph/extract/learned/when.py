"""Which date an event is on: the dates of an article as candidates, and how each stands to the event's mentions."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.edtf import bounds
from graph.extract.dating import JOINTS, is_date
from graph.extract.happenings import Happening
from graph.extract.learned.near import bucket, distance, position
from graph.extract.model import Span, TimeExpression
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger

__all__ = ["Candidate", "Dates", "features", "no_date"]

#: How many mentions of an event are looked at; how many sentences around one a date may stand; most candidates.
_MENTIONS, _REACH, _MOST = 12, 8, 30
_DAY, _DAY_OR_MONTH = re.compile(r"\d{4}-\d\d-\d\d\Z"), re.compile(r"\d{4}-\d\d(?:-\d\d)?\Z")
#: Of so many dates of a sentence any two are a pair; so many days apart "and" joins two to one stretch.
_PAIR, _RUN = 5, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date or interval that an event may be on.

    :param kind: ``exact`` as an expression says it; ``month`` or ``year`` of a finer one; ``range`` from one to
        another, ``pair`` of two in a sentence; ``published`` with the article; ``titled`` in its title.
    :param at: the numbers of the first words, and ends, of the expressions that say it.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    kind: str
    at: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...]


class Dates:
    """The dates of an article, by sentence, as candidates for all of its events."""

    def __init__(self, tagged: Tagged) -> None:
        self.tagged = tagged
        self.by_sentence: dict[int, list[Candidate]] = {}
        self.numbers: list[int] = []
        times: dict[int, list[tuple[int, int, TimeExpression]]] = {}
        for time in tagged.times:
            if not is_date(time):
                continue
            i, j = tagged.cover(time.span)
            if i < len(tagged.words):
                times.setdefault(tagged.words[i].sentence, []).append((i, j, time))
        for sentence, rows in times.items():
            self.by_sentence[sentence] = list(self._of(rows))
        self.numbers = sorted(times)
        self.titled = list(_in_title(tagged.document.article.title or ""))
        self.told: dict[str, list[tuple[int, str]]] = {}
        counts = Counter(
            c.edtf[:4] for rows in self.by_sentence.values() for c in rows if c.kind == "exact" and c.edtf[:4].isdigit()
        )
        self.top = counts.most_common(1)[0][0] if counts else ""

    def tell(self, happenings: Sequence[Happening]) -> None:
        """Keep which dates the rules give the events of the article: one is often on the date of the one before."""
        for happening in happenings:
            for trigger, around in happening.mentions[:_MENTIONS]:
                if around.time is not None:
                    self.told.setdefault(around.time.edtf, []).append((trigger.sentence, happening.type.value))

    def _of(self, rows: Sequence[tuple[int, int, TimeExpression]]) -> Iterator[Candidate]:
        for i, j, time in rows:
            edtf = str(time.edtf)
            yield Candidate(edtf, time.earliest, time.latest, "exact", ((i, j),), (time.span,))
            yield from _wider(edtf, (i, j), time.span)
        for a, (i, j, start) in enumerate(rows[:_PAIR]):
            for k, m, end in rows[a + 1 : _PAIR]:
                if (
                    "/" in f"{start.edtf}{end.edtf}"
                    or not start.earliest
                    or not end.latest
                    or start.earliest >= end.latest
                ):
                    continue
                near = self.tagged.low(i - 1) == "between" or (end.latest - start.earliest).days <= _RUN
                joined = k == j + 1 and self.tagged.low(j) in JOINTS and (self.tagged.low(j) != "and" or near)
                yield Candidate(
                    f"{start.edtf}/{end.edtf}",
                    start.earliest,
                    end.latest,
                    "range" if joined else "pair",
                    ((i, j), (k, m)),
                    (start.span, end.span),
                )

    def near(self, happening: Happening) -> list[Candidate]:
        """Return the candidates for an event, those of one date together, nearest first."""
        ranked: dict[str, tuple[int, list[Candidate]]] = {}
        mentions = [t for t, _ in happening.mentions[:_MENTIONS]]
        around = {
            s for t in mentions for s in range(t.sentence - _REACH, t.sentence + _REACH // 4) if s in self.by_sentence
        }
        for sentence in sorted(around):
            gap = min(abs(sentence - t.sentence) for t in mentions)
            for candidate in self.by_sentence[sentence]:
                if gap and candidate.kind == "pair":
                    continue
                rank, held = ranked.setdefault(candidate.edtf, (gap, []))
                held.append(candidate)
                ranked[candidate.edtf] = min(rank, gap), held
        order = sorted(ranked.items(), key=lambda item: item[1][0])[:_MOST]
        found = {edtf: _joined(held) for edtf, (_, held) in order}
        published = self.tagged.document.section_at(mentions[0].span.start).published
        if published is not None:
            day = published.isoformat()
            found.setdefault(day, Candidate(day, published, published, "published", (), ()))
        for candidate in self.titled:
            found.setdefault(candidate.edtf, candidate)
        return list(found.values())


def _joined(held: Sequence[Candidate]) -> Candidate:
    best = min(held, key=lambda c: ("exact", "range", "month", "year", "pair").index(c.kind))
    same = [c for c in held if c.kind == best.kind]
    if best.kind in ("range", "pair"):
        return best
    return Candidate(best.edtf, best.earliest, best.latest, best.kind, tuple(a for c in same for a in c.at), best.spans)


def _wider(edtf: str, at: tuple[int, int], span: Span) -> Iterator[Candidate]:
    """Yield the month of a day and the year of a day or month, of the years 1 to 9999."""
    for kind, pattern, digits in (("month", _DAY, 7), ("year", _DAY_OR_MONTH, 4)):
        if pattern.match(edtf) and not edtf.startswith("0000"):
            yield Candidate(edtf[:digits], *bounds(edtf[:digits]), kind, (at,), (span,))


def features(
    dates: Dates, happening: Happening, candidate: Candidate, rule: str | None, published: date | None
) -> list[str]:
    """Return what speaks for and against a date of an event.

    :param rule: the date that stands nearest by the rules (:mod:`graph.extract.dating`).
    """
    tagged = dates.tagged
    mentions = [t for t, _ in happening.mentions[:_MENTIONS]]
    best = min(
        (
            (abs(tagged.words[i].sentence - t.sentence), distance(t, i, j), n, i, j)
            for n, t in enumerate(mentions)
            for i, j in candidate.at
        ),
        key=lambda x: x[:3],
        default=None,
    )
    kind, event = candidate.kind, happening.type.value
    if best is None:
        trigger, where = mentions[0], [f"sentence={candidate.kind}"]
    else:
        trigger, i, j = mentions[best[2]], best[3], best[4]
        where = position(tagged, trigger, i, j)
    found = [
        f"kind={kind}",
        f"kind={kind}:{event}",
        *where,
        *(f"{kind}:{f}" for f in where),
        *(f"{event}:{f}" for f in where[:3]),
    ]
    grain = _grain(candidate.edtf)
    found += [f"grain={grain}", f"grain={grain}:{event}", f"grain={grain}:{kind}", f"{grain}:{where[0]}"]
    if rule is not None:
        found += ["rule=yes" if rule == candidate.edtf else "rule=other", f"{kind}:rule={rule == candidate.edtf}"]
        if rule != candidate.edtf and rule.startswith(candidate.edtf):
            found.append("rule=finer")
        if rule != candidate.edtf and candidate.edtf.startswith(rule):
            found.append("rule=coarser")
    else:
        found.append("rule=none")
    close = sum(any(tagged.words[a].sentence == t.sentence for a, _ in candidate.at) for t in mentions)
    found += [f"close={min(close, 3)}", f"told={bucket(len(candidate.at))}", "verb" if trigger.verb else "noun"]
    found.append(f"{'verb' if trigger.verb else 'noun'}:{where[0]}:{kind}")
    if best is not None:
        found += _beside(dates, candidate, trigger, best[0], i, j)
    else:
        first = trigger.sentence == 0 or trigger.span.start < 300
        found += [
            f"{kind}:own={trigger.sentence in dates.by_sentence}",
            f"{kind}:first={first}",
            f"{kind}:status={happening.mentions[0][1].status}",
        ]
        found.append(f"{kind}:{event}:status={happening.mentions[0][1].status}")
    found += _context(dates, candidate, mentions, event)
    if published is not None and candidate.earliest is not None and candidate.latest is not None:
        later = "after" if candidate.earliest > published else "before" if candidate.latest < published else "at"
        found += [f"published={later}", f"published={later}:{grain}"]
    return found


def _beside(dates: Dates, candidate: Candidate, trigger: Trigger, away: int, i: int, j: int) -> list[str]:
    tagged, kind = dates.tagged, candidate.kind
    sentence = tagged.words[i].sentence
    rows = dates.by_sentence[sentence]
    exact = [c for c in rows if c.kind == "exact"]
    if not away:
        nearest = min(exact, key=lambda c: distance(trigger, *c.at[0]), default=None)
        return [f"nearest={nearest is not None and (i, j) in nearest.at}", f"dates={min(len(exact), 4)}:{kind}"]
    own = trigger.sentence in dates.by_sentence
    at = bisect_right(dates.numbers, trigger.sentence)
    latest = at > 0 and sentence == dates.numbers[at - 1]
    same = tagged.document.paragraph_at(tagged.words[i].start) == tagged.document.paragraph_at(trigger.span.start)
    final = exact[-1].at[0] == (i, j) if exact else False
    return [
        f"own={own}",
        f"latest={latest}",
        f"own={own}:latest={latest}",
        f"own={own}:latest={latest}:{kind}",
        f"paragraph={same}",
        f"paragraph={same}:latest={latest}",
        f"alone={len(exact) == 1}",
        f"final={final}:latest={latest}:own={own}",
        f"final={final}:latest={latest}:own={own}:paragraph={same}:{kind}",
    ]


def _context(dates: Dates, candidate: Candidate, mentions: Sequence[Trigger], event: str) -> list[str]:
    """Return what the title and the other events of the article say of a date."""
    found = []
    if any(c.edtf == candidate.edtf for c in dates.titled):
        found.append("titled")
    elif dates.titled and any(_within(candidate, c) for c in dates.titled):
        found += ["within title", f"within title:{candidate.kind}"]
    elif dates.titled:
        found.append("beyond title")
    if candidate.edtf[:4] == dates.top:
        found += ["top year", f"top year:{candidate.kind}"]
    own = {t.sentence for t in mentions}
    others = [
        (abs(s - t.sentence), s <= t.sentence, kind)
        for s, kind in dates.told.get(candidate.edtf, ())
        for t in mentions
        if s not in own
    ]
    if others:
        away, before, kind = min(others)
        side = "before" if before else "after"
        found += [f"told={side}{bucket(away)}", f"told={kind}>{event}", f"told={bucket(len(others))}"]
    return found


def _within(candidate: Candidate, other: Candidate) -> bool:
    return bool(
        candidate.earliest
        and candidate.latest
        and other.earliest
        and other.latest
        and other.earliest <= candidate.earliest
        and candidate.latest <= other.latest
    )


def _in_title(title: str) -> Iterator[Candidate]:
    """Yield the years and spans of years of a title: "The Brod Conference, 1921-1922"."""
    for match in _TITLE_YEARS.finditer(title):
        first, last = match.group(1), match.group(2)
        if last:
            last = first[: 4 - len(last)] + last
            if first < last:
                yield Candidate(f"{first}/{last}", *bounds(f"{first}/{last}"), "titled", (), ())
        else:
            yield Candidate(first, *bounds(first), "titled", (), ())


_TITLE_YEARS = re.compile(r"\b(1[5-9]\d\d|20\d\d)(?:\s?[-\u2013]\s?(\d\d(?:\d\d)?))?\b")


def no_date(dates: Dates, happening: Happening, rule: str | None) -> list[str]:
    """Return what speaks for an event without a date."""
    mentions = [t for t, _ in happening.mentions[:_MENTIONS]]
    own = any(t.sentence in dates.by_sentence for t in mentions)
    named, verb = any(t.named for t in mentions), mentions[0].verb
    event = happening.type.value
    count = bucket(len(mentions))
    return [
        "none",
        f"none:{event}",
        f"none:rule={rule is not None}",
        f"none:own={own}",
        f"none:named={named}",
        f"none:verb={verb}",
        f"none:own={own}:{event}",
        f"none:mentions={count}",
        f"none:lemma={mentions[0].lemma}",
    ]


def _grain(edtf: str) -> str:
    if "/" in edtf:
        return "interval"
    positive = edtf.removeprefix("-")
    if _DAY_OR_MONTH.match(positive):
        return "day" if _DAY.match(positive) else "month"
    return "year" if edtf.isdigit() else "other"
