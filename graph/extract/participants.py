"""Who takes part in an event, and where it is: read from the names around its mention."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from graph.extract.model import EventType, Person
from graph.extract.tagging import Named, Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["actors_and_places", "leaders_of", "meeting_ground"]

#: Farthest, in words, that a participant belongs to a mention.
_NEAR = 13
_BREAKS = frozenset({";", ":", "(", ")", '"'})
_CLAUSE = frozenset({"but", "while", "although", "because", "which", "following"})
_BEFORE_PLACE = frozenset({"the", "northern", "southern", "eastern", "western", "nearby", "city", "central", "u.s."})
#: Types of events of people, and words that mean two or more of them.
_PERSONAL = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CALL})
_GATHERINGS = _PERSONAL | {EventType.CONFERENCE}
#: Types of events that may be all over a region.
_WIDE = frozenset({EventType.MILITARY, EventType.TRANSITION, EventType.SANCTION})
_PLURAL = frozenset({"their", "they", "both", "leaders", "two"})
_PAIR = 2
#: How many words before a verb its pronoun stands at most; how many sentences back that is who it means.
_PRONOUN_NEAR, _PRONOUN_BACK = 4, 4
#: Types of events in which people take part, and no countries as such.
_LANDS = {EventType.TRANSITION: False, EventType.VISIT: False, EventType.CALL: False}


def leaders_of(people: Sequence[Person]) -> frozenset[str]:
    """Return the keys of people whose roles say that they head a state or government."""
    found = set()
    for person in people:
        for role in person.roles:
            words = [w.strip(".,").lower() for w in role.span.text.split()]
            words += ["-".join(pair) for pair in pairwise(words)]  # "general secretary" is printed in both ways
            if any(w in word_class("leader") for w in words) and not any(w in word_class("not leader") for w in words):
                found.add(person.key)
    return frozenset(found)


def actors_and_places(
    tagged: Tagged, trigger: Trigger, clear: tuple[int, int]
) -> tuple[list[str], list[str], list[str]]:
    """Return the keys of those who take part in the event of a mention, of where it is, and of countries near it.

    :param clear: the words around the mention that are nearer to it than to any other; a place farther is another's.
    """
    actors: dict[str, None] = {}
    places: dict[str, None] = {}
    lands: dict[str, None] = {}
    lo, hi = _window(tagged, trigger)
    names = tagged.names_between(tagged.words[lo].start, tagged.words[hi - 1].end) if hi > lo else ()
    seen_until = -1
    for name in names:
        if name.span.end <= seen_until:
            continue  # a name inside a longer one
        seen_until = name.span.end
        i, j = tagged.cover(name.span)
        within = trigger.first <= i < trigger.last
        if name.kind == "place" and tagged.low(i - 1) in ("in", "at", "near") and _clause_before(tagged, j, trigger):
            continue
        if name.key in tagged.countries:
            lands[name.key] = None
        if name.kind == "place" and _is_place(tagged, i, j, trigger):
            vague = name.key in tagged.regions and trigger.type not in _WIDE
            if not vague and (within or trigger.type not in _GATHERINGS or _nearest(tagged, i, clear, trigger)):
                places[name.key] = None
            if trigger.type == EventType.MILITARY and not within and name.key in tagged.countries:
                actors[name.key] = None
        elif _is_actor(tagged, name, i, j, trigger):
            actors[name.key] = None
    if trigger.type in _PERSONAL and sum(k.startswith("person/") for k in actors) < _PAIR:
        actors |= dict.fromkeys(_both(tagged, trigger, lo, hi))
    before = trigger.type not in _PERSONAL or any(
        n.kind == "person" for n in names if n.span.start < trigger.span.start
    )
    people = any(k.startswith("person/") for k in actors)
    if trigger.verb and not (people and before) and (key := _subject(tagged, trigger)):
        actors = {key: None} | actors
    return list(actors), list(places), list(lands)


def meeting_ground(tagged: Tagged, people: Sequence[str], sentences: Iterable[int]) -> list[str]:
    """Return the places that a sentence names beside all of some people: "Petrova waited for Novak at Brod".

    :param people: keys of at least two people.
    :param sentences: numbers of the sentences to read, which tell of no event themselves.
    """
    for number in sentences:
        first, end = tagged.bounds[number]
        if first == end:
            continue
        names = tagged.names_between(tagged.words[first].start, tagged.words[end - 1].end)
        if len(people) >= _PAIR and set(people) <= {n.key for n in names}:
            found = [
                n.key for n in names
                if n.kind == "place" and n.key not in tagged.countries
                and tagged.low(tagged.cover(n.span)[0] - 1) in ("in", "at")
            ]  # fmt: skip
            if found:
                return found
    return []


def _subject(tagged: Tagged, trigger: Trigger) -> str | None:
    """Return whom "he" or "she" before a verb means: the person that the sentence before is about."""
    first, _ = tagged.bounds[trigger.sentence]
    pronouns = (tagged.low(k) for k in range(max(first, trigger.first - _PRONOUN_NEAR), trigger.first))
    if not any(low in ("he", "she") for low in pronouns):
        return None
    for number in range(trigger.sentence - 1, max(-1, trigger.sentence - _PRONOUN_BACK), -1):
        start, end = tagged.bounds[number]
        if start == end:
            continue
        names = tagged.names_between(tagged.words[start].start, tagged.words[end - 1].end)
        people = [n.key for n in names if n.kind == "person" and tagged.low(tagged.cover(n.span)[1]) != "'s"]
        if people:
            return people[0]
    return None


def _both(tagged: Tagged, trigger: Trigger, lo: int, hi: int) -> list[str]:
    """Return the two people that "their summit" or "a meeting they cut short" means: named before in the sentence."""
    first, _ = tagged.bounds[trigger.sentence]
    if not any(tagged.low(k) in _PLURAL for k in range(max(first, lo), min(hi, trigger.last + 3))):
        return []
    for number in (trigger.sentence, trigger.sentence - 1):
        if number < 0 or tagged.bounds[number][0] == tagged.bounds[number][1]:
            continue
        start, end = tagged.words[tagged.bounds[number][0]].start, tagged.words[tagged.bounds[number][1] - 1].end
        names = tagged.names_between(start, min(end, tagged.words[trigger.first].start))
        people = list(dict.fromkeys(n.key for n in names if n.kind == "person"))
        if len(people) >= _PAIR:
            return people[:_PAIR]
    return []


def _nearest(tagged: Tagged, i: int, clear: tuple[int, int], trigger: Trigger) -> bool:
    """Tell whether a place is a mention's own: after it and before the next, or before the first of its sentence."""
    if i < trigger.first:
        return clear[0] <= tagged.bounds[trigger.sentence][0]
    return i < clear[1]


def _is_actor(tagged: Tagged, name: Named, i: int, j: int, trigger: Trigger) -> bool:
    within = trigger.first <= i < trigger.last
    if name.kind in ("place", "demonym"):
        return name.key in tagged.countries and not tagged.in_role(i) and _LANDS.get(trigger.type, True)
    if name.kind == "organization":
        before = tagged.low(i - 2 if tagged.low(i - 1) == "the" else i - 1)
        return not tagged.in_role(i) and (within or before not in ("in", "at"))
    hyphened = "-" in (tagged.low(i - 1), tagged.low(j))
    return not within or trigger.type != EventType.AGREEMENT or hyphened


def _window(tagged: Tagged, trigger: Trigger) -> tuple[int, int]:
    """Return the stretch of the sentence that belongs to a mention: its clause, at most some words each way."""
    first, end = tagged.bounds[trigger.sentence]
    lo = trigger.first
    while lo > first and trigger.first - lo < _NEAR and tagged.low(lo - 1) not in _BREAKS:
        lo -= 1
        if tagged.low(lo) in _CLAUSE - {"which"} and trigger.first - lo > 1:
            break
    hi = trigger.last
    while hi < end and hi - trigger.last < _NEAR and tagged.low(hi) not in _BREAKS:
        if tagged.low(hi) in _CLAUSE:
            break
        hi += 1
    # No name is cut in two.
    if (name := tagged.name_at(lo)) is not None:
        lo = max(first, min(lo, tagged.cover(name.span)[0]))
    if hi > trigger.last and (name := tagged.name_at(hi - 1)) is not None:
        hi = min(end, max(hi, tagged.cover(name.span)[1]))
    return lo, hi


def _clause_before(tagged: Tagged, j: int, trigger: Trigger) -> bool:
    """Tell whether words stand in a clause before that of a mention: "They met in Brod, and in March she signed"."""
    joints = (k for k in range(j, trigger.first) if tagged.low(k) == ",")
    return any(tagged.low(k + 1) in ("and", "but") or (k > j and tagged.low(k + 1) == "where") for k in joints)


def _is_place(tagged: Tagged, i: int, j: int, trigger: Trigger) -> bool:
    """Tell whether a named place is where the event is, not who takes part."""
    if trigger.first <= i < trigger.last:
        hyphened = "-" in (tagged.low(i - 1), tagged.low(j))
        return not hyphened and trigger.type in (
            EventType.SUMMIT,
            EventType.CONFERENCE,
            EventType.MEETING,
            EventType.MILITARY,
        )
    if tagged.low(j) == "-":
        return False  # "in U.S.-Zubrowkan relations"
    k = i - 1
    while tagged.low(k) in _BEFORE_PLACE:
        k -= 1
    before = tagged.low(k)
    if before in ("in", "at", "near", "outside", "into", "across"):
        return True
    if before == "to" and trigger.type in (EventType.VISIT, EventType.MILITARY):
        return True
    if trigger.type == EventType.VISIT and trigger.verb and k == trigger.last - 1:
        return True
    if before == "," and tagged.name_at(k - 1) is not None:
        named = tagged.name_at(k - 1)
        return (
            named is not None and named.kind == "place" and _is_place(tagged, tagged.cover(named.span)[0], k, trigger)
        )
    if before == "of":
        return trigger.type == EventType.MILITARY and k == trigger.last
    return trigger.type == EventType.MILITARY and trigger.verb and k == trigger.last - 1
