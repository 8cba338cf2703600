"""The patterns of time expressions. Each rule finds the words; :mod:`graph.extract.times.values` finds what they mean.

All patterns run in time linear in the text: repetitions are bounded, and parts that begin alike are kept apart by
word boundaries.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.extract.times.words import NUMBER, alternatives, entries, table

__all__ = ["Found", "find", "find_all"]

_MONTHS = "|".join(
    w.capitalize() + (r"\b" if len(w) > 4 or w in ("may", "june", "july") else r"\b\.?")
    for w in sorted(table("month"), key=len, reverse=True)
) + "|" + "|".join(w.upper() + r"\b" for w in table("month") if len(w) > 3)  # fmt: skip
_FULL_MONTHS = "|".join(w.capitalize() for w in table("month") if len(w) > 4 or w in ("may", "june", "july"))
_WEEKDAYS = "|".join(w.capitalize() + (r"\b\.?" if len(w) < 6 else r"\b") for w in table("weekday"))
_FULL_WEEKDAYS = "|".join(w.capitalize() for w in table("weekday") if w.endswith("day"))
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:%]|[.,]\d|\s?(?:percent|million|billion))"
_YEAR = r"(?:[12]\d{3}|[3-9]\d{2})(?![\d,]\d|\d)"
_ORDINALS = alternatives(table("ordinal")) + r"|\d{1,2}(?:st|nd|rd|th)"
_SEASONS = alternatives(table("season"))
_PARTS = "morning|afternoon|evening|night"
_UNITS = r"(?:second|minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|century|centurie|millennium)"
_ZONE = (
    r"(?:local(?:\stime)?|UTC|GMT|Z\b|[A-Z]{1,4}T\b|(?:[A-Z][\w.]{1,12}\s){0,2}(?:[A-Z][\w.]{1,12}|[a-z]{4,7}\s"
    r"(?:coast|standard|daylight))\stime)"
)
_HEDGE = (
    r"(?:(?:(?i:more|less|longer|fewer|no\smore|no\sless)\sthan|(?i:at\sleast|at\smost|up\sto|as\smany\sas|as\slong\sas|"
    r"almost|nearly|about|around|roughly|approximately|over|under|some|only|just|another|the\sbetter\spart\sof|"
    r"well\sover|close\sto))\s){0,2}"
)
_THESE = r"(?:(?:the|these|those|this|that|its|his|her|their|all(?:\sthese)?)\s)?"
_SPAN_WORD = r"(?P<span>last|past|previous|preceding|prior|next|coming|following|ensuing|subsequent|first|final|recent|early)"
_OF_YEAR = r"(?:of\s)?(?P<whose>this|that|the\ssame|last|next|the\sfollowing|the\sprevious)\s(?:same\s)?year"
_ERA = r"(?P<era>\sB\.?C\.?(?:E\.?)?|\s(?:A\.D\.|AD|CE))"


@dataclass(frozen=True, slots=True)
class Found:
    """Words found by a rule; ``groups`` are the parts of its pattern."""

    start: int
    end: int
    rule: str
    groups: dict[str, str]


#: Rules in order of preference among equally long matches.
_RULES: tuple[tuple[str, str], ...] = (
    ("date", rf"(?:(?P<wday>{_WEEKDAYS}),?\s+)?(?:the\s)?\b(?P<mon>{_MONTHS})\s+(?:the\s)?(?P<day>{_DAY})"
     rf"(?:\s?-\s?(?:(?P<mon2>{_MONTHS})\s+)?(?P<day2>{_DAY}))?(?:,?\s+(?:of\s)?(?P<year>{_YEAR})|,?\s{_OF_YEAR})?"),
    ("date", rf"(?:(?P<wday>{_WEEKDAYS}),?\s+)?(?:the\s)?\b(?P<day>{_DAY})(?:\s?-\s?(?P<day2>{_DAY}))?\s+(?:of\s+)?"
     rf"(?P<mon>{_MONTHS})(?:\s?-\s?(?P<day3>{_DAY})\s(?P<mon3>{_MONTHS}))?(?:,?\s+(?P<year>{_YEAR})|,?\s{_OF_YEAR})?(?!\s+\d)"),
    ("date", r"(?<![\d/.-])(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>3[01]|[12]\d|0[1-9]))?"
     r"(?:T(?P<clock>\d\d:\d\d))?(?![\d/-])"),
    ("date", r"(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])/(?P<day>3[01]|[12]\d|0?[1-9])/(?P<year>[12]\d{3}|\d\d)(?![\d/])"),
    ("date", r"(?<![\d/.-])(?P<day>3[01]|[12]\d|0?[1-9])\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>[12]\d{3})(?![\d/])"),
    ("dayyear", rf"(?<=\s)(?P<day>{_DAY}),\s(?P<year>{_YEAR})"),
    ("month", rf"\b(?P<mon>{_MONTHS})(?:\s?[-/]\s?(?P<mon2>{_MONTHS}))?,?\s+(?:of\s)?(?:(?P<year>{_YEAR})|{_OF_YEAR})"),
    ("month", rf"\b(?P<mon>{_FULL_MONTHS})\b(?:\s?[-/]\s?(?P<mon2>{_FULL_MONTHS})\b)?"),
    ("monthof", rf"\b(?P<which>[Ll]ast|[Nn]ext|[Tt]his(?:\spast|\scoming)?|[Tt]hat(?:\ssame)?|[Tt]he\s(?:following|previous|"
     rf"same|next|preceding))\s(?P<mon>{_FULL_MONTHS})\b(?:\s(?P<day>{_DAY}))?"),
    ("yearof", rf"(?<![\d/.,$£€#-])(?P<num>\d{{1,4}}){_ERA}(?![\w])"),
    ("yearof", rf"\b(?:A\.D\.|AD)\s(?P<num>\d{{1,4}})\b"),
    ("years", r"(?<![\w.,$£€#/-])(?P<year>[12]\d{3})\s?[-/]\s?(?P<year2>[12]\d{3}|\d\d)(?![\w/-]|[.,]\d)"),
    ("year", r"(?<![\d.,$£€#/:])(?P<year>1\d{3}|20\d\d)(?![\w%:]|[.,-]\d|-[a-z])"),
    ("decade", r"(?:\b[Tt]he\s)?(?:(?P<edge>[Ee]arly|[Ll]ate|[Mm]id|[Mm]iddle|[Ll]ater)[\s-](?:(?:to|and)[\s-](?:late|mid)[\s-])?)?"
     r"(?<![\w$£€.,])(?P<decade>[12]\d\d0)'?s\b"),
    ("decade", r"(?:\b[Tt]he\s)?(?:(?P<edge>[Ee]arly|[Ll]ate|[Mm]id|[Mm]iddle|[Ll]ater)[\s-])?(?:'(?P<short>\d0)s\b"
     rf"|(?:(?P<hundred>nineteen|eighteen)[\s-])?\b(?P<word>{alternatives(table('decade word'))})\b)"),
    ("century", rf"(?:\b[Tt]he\s)?(?:\b(?P<edge>[Ee]arly|[Ll]ate|[Mm]id|[Mm]iddle|[Ll]ater)[\s-])?\b(?P<ord>{_ORDINALS})"
     rf"(?:\s(?:and|to)\s(?:[Ee]arly\s)?(?P<ord2>{_ORDINALS}))?[\s-][Cc]entur(?:y|ies)\b{_ERA}?"),
    ("season", rf"(?:\b(?:the|The)\s)?(?:(?:early|late|mid)[\s-])?\b(?P<season>(?i:{_SEASONS}))(?:\sof|,)?\s(?P<year>{_YEAR})"),
    ("season", rf"(?:\b(?P<which>(?i:this(?:\spast|\scoming)?|that(?:\ssame)?|last|next|the\s(?:same|following|previous|next)|the))\s)?"
     rf"(?:(?P<edge>early|late|mid)[\s-])?\b(?P<season>{_SEASONS})\b"),
    ("half", rf"(?:\b[Tt]he\s)?\b(?P<ord>first|second|third|fourth|last|latter|final)\s(?P<unit>half|quarter)\sof\s(?:(?:the\s)?year\s)?"
     rf"(?:(?P<year>{_YEAR})|(?P<whose>this|last|next|the|that)\syear)"),
    ("half", rf"\b(?:Q(?P<q>[1-4])|H(?P<h>[12]))\s(?P<year>{_YEAR})"),
    ("half", rf"\b(?P<year>20\d\d)\s?Q(?P<q>[1-4])\b"),
    ("fiscal", rf"\b(?:(?:[Ff]iscal|[Ff]inancial)\s(?:[Yy]ear|[Yy]ears)\s|FY\s?'?)(?P<year>{_YEAR}|\d\d)(?:\s?[-/]\s?(?P<year2>\d{{4}}|\d\d))?\b"),
    ("weekday", rf"\b(?:(?P<which>(?i:this(?:\spast|\scoming)?|last|next|the\s(?:following|previous|next)|that|on))\s)?"
     rf"(?P<wday>{_FULL_WEEKDAYS})\b(?:\s(?P<pod>{_PARTS})\b)?(?!s\b)"),
    ("relday", r"\b(?P<word>(?i:today|yesterday|tomorrow|the\sday\sbefore\syesterday|the\sday\safter\stomorrow))\b"
     rf"(?:'s)?(?:\s(?P<pod>{_PARTS})\b)?"),
    ("tonight", r"\b(?P<word>(?i:tonight|last\snight|overnight))\b"),
    ("pod", rf"\b(?P<which>(?i:this|that|the\s(?:same|following|next|previous)|(?:earlier\sin|later\sin)\sthe|the))\s(?:(?:early|late)\s)?(?P<pod>{_PARTS})\b"),
    ("clock", r"(?:\b(?i:about|around|approximately|just\safter|just\sbefore|shortly\s(?:before|after))\s(?:at\s)?)?(?<![\d:.,/])"
     rf"(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.m\.|[ap]m\b|[AP]M\b|[AP]\.M\.)(?:,?\s\(?(?P<zone>{_ZONE})\)?)?"),
    ("clock", r"(?P<hedge>\b(?:at|about|around|[Aa]t\s(?:about|around))\s)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])"),
    ("clock", rf"(?:\b(?:about|around)\s)?(?<![\d:.,/])(?P<hour>[01]?\d|2[0-3]):?(?P<minute>[0-5]\d)(?:\shours)?\s(?P<zone>{_ZONE})"),
    ("noon", rf"\b(?P<word>(?i:noon|midday|midnight))\b(?:\s(?P<zone>{_ZONE}))?"),
    ("unitref", rf"\b(?P<which>(?i:this(?:\ssame|\spast|\scoming)?|that(?:\s(?:very\s)?same|\svery)?|the\s(?:very\s)?same|last|next|"
     r"the\s(?:next|following|previous|preceding|prior|coming|subsequent|current)))\s(?P<unit>day|week|weekend|month|quarter|year|decade|century)\b"),
    ("unitref", r"\b(?P<which>[Tt]he)\s(?P<unit>weekend)\b"),
    ("beside", r"\b(?:[Tt]he\s|a\s)(?P<unit>day|week|month|year|decade|century)\s(?P<way>before|after|earlier|later|prior|ago|hence|past)(?=\s?[.,;:)]|\s(?:he|she|it|they|the)\s|$)"),
    ("restof", r"\b(?P<edge>[Tt]he\s(?:end|beginning|start|middle|close|rest|remainder|turn|early\spart|latter\spart)\sof)\s(?:the|that)\s(?:same\s)?(?P<unit>week|month|year|decade|century)\b"),
    ("theunit", r"\b(?:[Ll]ater|[Ee]arlier)\sin\sthe\s(?P<unit>day|week|month|year|decade)\b|\b(?:during|throughout|of)\s(?=(?P<the>the\s(?P<unit2>year|decade|month))\b[^\w]*(?:to\b|[.,;:]|$))"),
    ("thattime", r"\b(?P<word>(?i:at|by|during|since|until|before|from|of)\s)(?P<time>that\stime|the\stime(?=\s?[.,;:)]|\sit\b)|(?<=[a-z]\s)then(?=[.,;:]))"),
    ("ago", rf"{_HEDGE}\b(?P<num>(?i:{NUMBER}))[\s-](?P<unit>(?i:{_UNITS}))(?:s|ies)?\s(?P<way>ago|earlier|later|before|after|afterwards?|thereafter|"
     r"prior|previously|hence|past|from\snow|from\stoday)(?P<event>\s\w+)?"),
    ("ago", rf"\b(?P<plural>(?:[Mm]any\s|[Ss]ome\s|[Jj]ust\s)?(?:hours|days|weeks|months|years|decades|centuries))\s(?P<way>ago|earlier|later|afterwards?|before|prior|thereafter)(?P<event>\s\w+)?"),
    ("in", rf"\b(?P<in>[Ii]n|[Ww]ithin)\s(?P<expr>{_HEDGE}\b(?P<num>(?:{NUMBER}))[\s-](?P<unit>{_UNITS})(?:s|ies)?(?:'\stime)?)\b"),
    ("spanned", rf"(?:{_HEDGE}(?i:the|these|those|his|her|its|their|this|that|over|in|all)\s)(?:very\s)?{_SPAN_WORD}\s(?:(?P<num>{NUMBER})[\s-])?(?P<unit>{_UNITS})(?P<s>s|ies)\b"
     r"(?:\s(?:that\sfollowed|to\scome|ahead))?"),
    ("spanned", rf"\b(?P<span>[Rr]ecent|[Pp]revious|[Pp]ast|[Ss]ubsequent|[Ee]nsuing|[Ll]ast|[Nn]ext)\s(?:(?P<num>{NUMBER})[\s-])?(?P<unit>{_UNITS})(?P<s>s|ies)\b"),
    ("amount", rf"{_HEDGE}{_THESE}\b(?P<num>(?i:{NUMBER}))(?:[\s-]|\s(?:more|full|whole|long|additional|further|consecutive|straight)\s)"
     rf"(?P<unit>{_UNITS})(?:s|ies|y)?(?:[\s-](?:old|long)(?:[\s-]old)?|'s?)?(?:\sand\s(?P<half>a\shalf))?(?![\w'])"),
    ("plural", r"(?:\b(?i:the|all\sthese|all\sthose|these|those|his|her|several|many|his\sfirst|just)\s){0,2}(?:first\s|few\s|early\s|last\s|long\s|final\s){0,2}"
     r"\b(?P<unit>hour|minute|day|week|month|year|decade|centurie)s(?:\s(?:that\sfollowed|to\scome))?(?![\w'])"),
    ("long", r"\b(?P<unit>decade|year|month|week|day|centurie?y?|hour)s?-long\b"),
    ("longtime", r"\ba\s(?:very\s|short\s|brief\s)?(?:long|short|brief)\s(?:time|period|while)\b"),
    ("each", rf"\b(?P<every>(?i:each|every)(?:\s(?P<num>other|{NUMBER}))?)\s(?P<unit>{_UNITS}|{_FULL_WEEKDAYS}|{_FULL_MONTHS})s?\b"),
    ("per", r"\b(?:per|[Pp]er)\s(?P<unit>hour|day|week|month|year|annum)\b"),
    ("per", r"(?<=million\s|billion\s|housand\s)(?P<a>an?\s)(?P<unit>hour|day|week|month|year)\b"),
    ("per", r"(?<=once\s)(?P<a>an?\s)(?P<unit>hour|day|week|month|year)\b|(?<=twice\s)(?P<a2>an?\s)(?P<unit2>day|week|month|year)\b"
     r"|(?<=times\s)(?P<a3>an?\s)(?P<unit3>day|week|month|year)\b"),
    ("set", rf"\b(?P<word>(?i:{alternatives(table('set'))}))\b"),
    ("present", rf"\b(?P<word>(?i:{alternatives(entries('present'))}))\b"),
    ("past", rf"\b(?P<word>(?i:{alternatives(entries('past'))}))\b(?!-|\s[a-z]+ies\b)"),
    ("future", rf"\b(?P<word>(?i:{alternatives(entries('future'))}))\b"),
    ("current", r"(?<!-)\b(?P<word>[Cc]urrent)\b(?!\sof|\saccount|s)"),
    ("recent", r"\b(?P<word>[Rr]ecent)\b(?=\s[a-z]+)"),
    ("soon", r"(?<!as\s)(?<!too\s)\b(?P<word>[Ss]oon)\b(?!\s(?:after|as|afterwards?)\b)"),
    ("holiday", rf"\b(?P<holiday>{'|'.join(w.replace(chr(39) + 'S', chr(39) + 's') for w in (h.title() for h in sorted(table('holiday'), key=len, reverse=True)))})\b(?:,?\s(?P<year>{_YEAR}))?"),
)  # fmt: skip

#: Words before an expression that belong to it: "the end of", "early".
_LEAD_OF = re.compile(
    r"\b(?:(?i:the)\s)?(?:(?i:very\s)?(?i:end|beginning|start|close|turn|middle|midpoint|rest|remainder|eve|course|dawn|outset|"
    r"first\s(?:days|weeks|months|years|half|part|(?:two|three|few|several)\s(?:decades|years|months|weeks))|"
    r"final\s(?:days|weeks|months|years)|last\s(?:days|weeks|months|years|half|part|(?:two|three|few)\s(?:decades|years|months|weeks))|"
    r"(?:second|latter)\s(?:half|part)|early\s(?:part|days|years|months)|summer|spring|autumn|winter|week|weekend|month|"
    r"morning|afternoon|evening|night))\sof\s(?:the\s)?\Z|\b(?i:most|much|all|part)\sof\s\Z"
)
_LEAD = re.compile(r"\b(?:(?i:very)\s)?(?i:early|late|mid|later|earlier)(?:\s|-)(?:in\s)?\Z")


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name, pattern in _RULES)


def find_all(text: str) -> Iterator[Found]:
    """Yield all matches of all rules; they may overlap."""
    for name, pattern in _rules():
        for m in pattern.finditer(text):
            yield Found(m.start(), m.end(), name, {k: v for k, v in m.groupdict().items() if v is not None})


def find(text: str) -> list[Found]:
    """Return matches in order, not overlapping; of those that do, the longest stays, then that of the earlier rule."""
    ordered = sorted(enumerate(find_all(text)), key=lambda pair: (pair[1].start - pair[1].end, pair[0]))
    starts: list[int] = []
    kept: list[Found] = []
    for _, found in ordered:
        at = bisect_left(starts, found.start)
        if at and kept[at - 1].end > found.start:
            continue
        if at < len(kept) and kept[at].start < found.end:
            continue
        starts.insert(at, found.start)
        kept.insert(at, found)
    return kept


def lead_of(text: str, start: int, floor: int) -> tuple[int, str]:
    """Return where the words before an expression begin that belong to it, and those words.

    :param floor: where the expression before it ends.
    """
    window = text[max(floor, start - 60) : start]
    if m := _LEAD_OF.search(window) or _LEAD.search(window):
        return start - len(window) + m.start(), m[0].lower()
    return start, ""


__all__ += ["lead_of"]
