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
_COMMA = re.compile(r",\s")
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
    left, right = tagged.words[first].start, tagged.words[end - 1].end
    before, after = text[left : trigger.span.start], text[trigger.span.end : right]
    for boundary in _BOUNDARY.finditer(before):
        before = text[left + boundary.end() : trigger.span.start]
    if clause_end := _BOUNDARY.search(after):
        after = after[: clause_end.start()]
    room = _LONGEST - len(trigger.span.text)
    # The subject stands before a verb: as much of it as fits, from the last comma on where it is too long.
    comma = [m.end() for m in _COMMA.finditer(before) if len(before) - m.end() <= room * 2 // 3]
    cut_before = len(before) > room * 2 // 3
    if cut_before:
        before = before[comma[0] :] if comma else before[-(room * 2 // 3) :].partition(" ")[2]
    room -= len(before)
    cut_after = len(after) > room
    if cut_after:
        after = after[:room].rpartition(" ")[0]
    words = " ".join(f"{before}{trigger.span.text}{after}".split())
    return _LEAD.sub("", words, count=1).strip(" ,.") + ("…" if cut_after else "")
