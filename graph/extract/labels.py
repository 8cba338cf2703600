"""The label of a report: exact words of the article, as short as a reader can do with."""

import re

from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger

__all__ = ["report_label"]

_LONGEST = 90
#: Words of a noun phrase that says enough by itself, where no name does.
_ENOUGH = 3
#: Signs at which a clause may begin or end.
_BOUNDARY = re.compile(r"[;:()\[\]\"“”–—]|\s-\s")
#: Words that begin a clause; letters of a clause that are kept for what stands behind its mention.
_CLAUSE = frozenset({"which", "who", "when", "where", "while", "after", "before", "because", "although", "as", "since"})
_AFTER = 24
#: What a clause does not need at its head.
_LEAD = re.compile(r"\A(?:(?:and|but|then|also|that|which|who|so|yet|however)\b,?\s+)+", re.IGNORECASE)


def report_label(tagged: Tagged, trigger: Trigger, peopled: bool) -> str:
    """Return the phrase that names the event, or the clause around it where the phrase alone says too little.

    :param trigger: the main mention.
    :param peopled: whether participants are known, who stand beside the label.
    """
    phrase = " ".join(trigger.span.text.split())
    enough = trigger.named or peopled or len(phrase.split()) >= _ENOUGH
    return phrase if not trigger.verb and enough else _clause(tagged, trigger)


def _clause(tagged: Tagged, trigger: Trigger) -> str:
    first, end = tagged.bounds[trigger.sentence]
    text = tagged.document.article.text
    # No farther than a label can reach, however long the sentence.
    left = max(tagged.words[first].start, trigger.span.start - 2 * _LONGEST)
    right = min(tagged.words[end - 1].end, trigger.span.end + 2 * _LONGEST)
    before, after = text[left : trigger.span.start], text[trigger.span.end : right]
    for boundary in _BOUNDARY.finditer(before):
        before = text[left + boundary.end() : trigger.span.start]
    if clause_end := _BOUNDARY.search(after):
        after = after[: clause_end.start()]
    room = _LONGEST - len(trigger.span.text)
    # The subject stands before a verb: all of it where that fits, else as much as does, from a sensible word on.
    most = room - min(len(after), _AFTER)
    cut_before = len(before) > most
    if cut_before:
        before = before[_entry(tagged, trigger, len(before), most) :]
    room -= len(before)
    cut_after = len(after) > room
    if cut_after:
        after = after[: _exit(tagged, trigger, room)].rstrip()
    words = " ".join(f"{before}{trigger.span.text}{after}".split())
    words = words if cut_before else _LEAD.sub("", words, count=1)
    return ("…" if cut_before else "") + words.strip(" ,.") + ("…" if cut_after else "")


def _entry(tagged: Tagged, trigger: Trigger, length: int, most: int) -> int:
    """Return where in the words before a mention a label may begin: at a clause, or else at any word.

    Never within a date, a name or a title.

    :param length: how long those words are.
    :param most: how much of them there is room for.
    """
    origin = trigger.span.start - length
    whole, clauses = [], []
    for k in range(tagged.cover(trigger.span)[0], tagged.bounds[trigger.sentence][0], -1):
        at = tagged.words[k].start - origin
        if length - at > most:
            break
        held = (tagged.name_at(k), tagged.time_at(k))
        inside = any(h is not None and h.span.start < tagged.words[k].start for h in held)
        if inside or (tagged.in_role(k) and tagged.in_role(k - 1)) or not tagged.low(k)[0].isalnum():
            continue
        whole.append(at)
        if tagged.low(k) in _CLAUSE and at < length:
            clauses.append(at)
    return min(clauses or whole, default=length)


def _exit(tagged: Tagged, trigger: Trigger, room: int) -> int:
    """Return how much of the words behind a mention is kept: whole words, and no part of a date or a name."""
    for k in range(tagged.cover(trigger.span)[1], tagged.bounds[trigger.sentence][1]):
        if tagged.words[k].end - trigger.span.end > room:
            held = [h.span.start for h in (tagged.name_at(k), tagged.time_at(k)) if h is not None]
            return max(0, min([tagged.words[k].start, *held]) - trigger.span.end)
    return room
