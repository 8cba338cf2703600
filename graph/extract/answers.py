"""What the mentions of a happening together say of it: when it is, where, and who takes part.

Trained choices over the dates and names around the mentions (``links.json.gz``); the rules' answers are among what they
weigh. An answer is given only where it is likelier right than not by a threshold: no date beats a wrong one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.extract.dating import Moment
from graph.extract.happenings import Happening
from graph.extract.learned import told, when, where, who
from graph.extract.learned.loglinear import LogLinear, read_models
from graph.extract.model import EventType
from graph.extract.participants import meeting_ground
from graph.extract.tagging import Tagged

__all__ = ["Answers", "Surroundings", "answer", "time_by_rule"]

#: Least probability of a participant, of one whom the rules do not know, of a date, of the best and of further places.
_PARTICIPANT, _STRANGER, _DATE, _PLACE, _PLACES = 0.35, 0.55, 0.25, 0.25, 0.35
#: How much likelier no date, or no place, must be than the best one to be the answer.
_NO_DATE, _NO_PLACE = 2.0, 2.0
#: So many people are a pair; how many sentences around the mentions of their meeting are read for its place.
_PAIR, _AROUND = 2, 40
_MEETINGS = (EventType.MEETING, EventType.SUMMIT, EventType.CALL)


class Surroundings:
    """The dates and names of an article, indexed once for all of its events.

    :param happenings: all of the article's; what the rules say of one speaks for what is next to it.
    """

    def __init__(self, tagged: Tagged, happenings: Sequence[Happening]) -> None:
        self.dates = when.Dates(tagged)
        self.names = who.Names(tagged)
        self.dates.tell(happenings)
        self.names.tell(happenings)
        self._telling = frozenset(t.sentence for h in happenings for t, _ in h.mentions)
        self._words = Counter(word for h in happenings for word in h.lemmas)

    def published(self, happening: Happening) -> date | None:
        """Return the day on which what tells of a happening first was published."""
        return self.dates.tagged.document.section_at(happening.mentions[0][0].span.start).published

    def ruled_places(self, happening: Happening) -> list[str]:
        """Return where the rules say that a happening was: beside a mention, or where a sentence has all who met."""
        people = [k for k in happening.actors() if k.startswith("person/")]
        if happening.places or happening.type not in _MEETINGS or len(people) < _PAIR:
            return list(happening.places)
        tagged, first = self.names.tagged, happening.mentions[0][0].sentence
        near = range(max(0, first - _AROUND), min(len(tagged.bounds), first + _AROUND))
        return meeting_ground(tagged, people, (n for n in near if n not in self._telling))

    def told(self, happening: Happening, *, dated: bool, placed: bool, parties: int) -> list[str]:
        """Return the features that tell whether a happening is one that an article tells of as a diplomatic event."""
        others = max(self._words[word] for word in happening.lemmas) - 1
        return told.features(happening, dated, placed, parties, others)


@dataclass(frozen=True, slots=True)
class Answers:
    """When and where a happening is, and who takes part.

    :param features: what tells whether it is an event that the article tells of, told apart from others rightly.
    """

    moment: Moment | None
    places: tuple[str, ...]
    participants: tuple[str, ...]
    features: tuple[str, ...]

    @property
    def sure(self) -> float:
        """The probability that it is an event, and one of its own."""
        return read_models("links.json.gz")["told"].probability(self.features)


def answer(around: Surroundings, happening: Happening) -> Answers:
    """Answer all questions about a happening."""
    models = read_models("links.json.gz")
    moment = _moment(models["when"], around, happening)
    places = _places(models["where"], around, happening)
    participants = _participants(models["who"], around, happening)
    features = around.told(happening, dated=moment is not None, placed=bool(places), parties=len(participants))
    return Answers(moment, places, participants, tuple(features))


def time_by_rule(happening: Happening) -> Moment | None:
    """Return the date that stands with those who take part, else the one that stands nearest to a mention."""
    people = {k for k in happening.actors() if k.startswith("person/")}
    pair = _PAIR if len(people) >= _PAIR else 0
    return min(
        ((len(people.intersection(c.participants)) < pair, c.time.distance, n, c.time)
         for n, (_, c) in enumerate(happening.mentions) if c.time),
        default=(False, 0, 0, None),
    )[-1]  # fmt: skip


def _moment(model: LogLinear, around: Surroundings, happening: Happening) -> Moment | None:
    ruled = time_by_rule(happening)
    given = ruled.edtf if ruled else None
    candidates, published = around.dates.near(happening), around.published(happening)
    told = [when.features(around.dates, happening, c, given, published) for c in candidates]
    shares = model.shares([when.no_date(around.dates, happening, given), *told])
    best = max(range(1, len(shares)), key=lambda n: (shares[n], -n), default=0)
    if not best or shares[best] < _DATE or shares[best] * _NO_DATE < shares[0]:
        return None
    chosen = candidates[best - 1]
    # "on 11 and 12 October": a date that another one follows at once is where both begin.
    joined = (c for c in candidates if c.kind == "range" and c.edtf.startswith(f"{chosen.edtf}/"))
    chosen = next(joined, chosen) if chosen.kind == "exact" else chosen
    return Moment(chosen.edtf, chosen.earliest, chosen.latest, chosen.spans, 0)


def _places(model: LogLinear, around: Surroundings, happening: Happening) -> tuple[str, ...]:
    ruled = around.ruled_places(happening)
    if ruled:
        return tuple(ruled)  # beside a mention, which in plain words is right more often than any other choice
    candidates = where.candidates(around.names, happening, ruled)
    if not candidates:
        return ()
    keys = list(candidates)
    told = [where.features(around.names, happening, key, candidates, ruled) for key in keys]
    shares = model.shares([where.no_place(around.names, happening, candidates, ruled), *told])
    ranked = sorted(zip(shares[1:], keys, strict=True), key=lambda x: -x[0])
    top, first = ranked[0]
    if top < _PLACE or top * _NO_PLACE < shares[0]:
        return ()
    return (first, *(key for share, key in ranked[1:] if share >= _PLACES))


def _participants(model: LogLinear, around: Surroundings, happening: Happening) -> tuple[str, ...]:
    tagged = around.names.tagged
    rules = {key: rank for rank, key in enumerate(happening.actors())}
    sentences = {t.sentence for t, _ in happening.mentions}
    pair = sum(key.startswith("person/") for key in rules) >= _PAIR
    found = []
    for key, spots in who.candidates(around.names, happening).items():
        here = any(tagged.words[i].sentence in sentences for i, _ in spots)
        if key in rules and not here:  # a pronoun names them
            found.append((-1.0, key))
            continue
        sure = model.probability(who.features(around.names, happening, key, spots, rules, "actor"))
        # Beside two people whom the rules are sure of, and from another sentence, it takes more to take part.
        if sure >= (_PARTICIPANT if key in rules or (here and not pair) else _STRANGER):
            found.append((-sure, key))
    return tuple(key for _, key in sorted(found))
