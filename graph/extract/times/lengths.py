"""What expressions mean that have no place on the calendar: lengths, repetitions, "now", "recently", "soon"."""

import re

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.meaning import Meaning, Rule, lasting, repeated, vague
from graph.extract.times.words import entries, number_of, table

__all__ = ["length_rules"]


def _set(context: Context, found: Found) -> Meaning | None:
    after = re.match(r"\s([A-Za-z]+)", context.document.plain[found.end : found.end + 25])
    word = found.groups["word"].lower()
    if after and (after[1].lower() in entries("not a set before") or (word == "daily" and after[1][0].isupper())):
        return None
    return repeated(table("set")[word])


def _each(context: Context, found: Found) -> Meaning | None:
    unit = found.groups["unit"].lower()
    number = found.groups.get("num", "")
    if unit in table("weekday"):
        return repeated(f"XXXX-WXX-{table('weekday')[unit]}")
    if unit in table("month"):
        return repeated(f"XXXX-{int(table('month')[unit]):02d}")
    amount = 2.0 if number == "other" else (number_of(number) or 1.0) if number else 1.0
    letter = table("unit")[unit]
    return repeated(f"P{'T' if letter[0] == 'T' else ''}{amount:g}{letter.lstrip('T')}")


def _per(context: Context, found: Found) -> Meaning | None:
    unit = found.groups.get("unit", "year")
    letter = table("unit")["year" if unit == "annum" else unit]
    return repeated(f"P{'T' if letter[0] == 'T' else ''}1{letter.lstrip('T')}")


def _present(context: Context, found: Found) -> Meaning | None:
    return vague(0)


def _recent(context: Context, found: Found) -> Meaning | None:
    return vague(-1)


def _past(context: Context, found: Found) -> Meaning | None:
    if found.groups["word"].lower() == "the past" and _before_noun(context, found):
        return None  # "the past negotiations"
    return vague(-1)


def _future(context: Context, found: Found) -> Meaning | None:
    if found.groups["word"].lower() == "the future" and _before_noun(context, found):
        return None
    return vague(1)


def _before_noun(context: Context, found: Found) -> bool:
    after = re.match(r"\s([a-z]+)", context.document.plain[found.end : found.end + 20])
    return after is not None and after[1] not in entries("after a noun")


def _soon(context: Context, found: Found) -> Meaning | None:
    last = re.match(r"[.!?,;\"”]", context.document.plain[found.end : found.end + 1])  # "They hope for peace soon."
    return vague(1) if last or context.direction(found.start, found.end) > 0 else None


def _spanned(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    if "num" not in groups and groups["span"].lower() == "previous":
        return vague(-1)
    amount = number_of(groups["num"]) if "num" in groups else None if "s" in groups else 1
    return lasting(amount, table("unit")[groups["unit"]])


def _amount(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    number, unit = groups["num"].lower(), groups["unit"].lower()
    amount = None if number.startswith("a matter") else number_of(number)
    plain = context.document.plain
    words = plain[found.start : found.end]
    if unit == "second" and not words.endswith("seconds"):
        return None
    if (
        amount is not None
        and amount > 1
        and not re.search(r"s\b|-", words[max(0, len(words) - len(unit) - 12) :])
        and not words[0].isdigit()
        and " year" not in words
        and " hour" not in words
    ):
        return None
    if (
        number in ("a", "an")
        and unit == "day"
        and re.match(r"\s(?:of|when|that|for|in\swhich)\b", plain[found.end :][:10])
    ):
        return None
    if found.start and plain[found.start - 1] in "$€£.":
        return None
    if words.lower() == "one day" and _before_infinitive(plain, found.start):
        return vague(1)
    if "half" in groups:
        amount = (amount or 1) + 0.5
    return lasting(amount, table("unit")[unit])


def _before_infinitive(plain: str, start: int) -> bool:
    """Tell "will one day be" from "within one day"."""
    before = re.search(r"(\w+)\s\Z", plain[max(0, start - 12) : start])
    return before is not None and before[1].lower() in entries("before one day")


def _plural(context: Context, found: Found) -> Meaning | None:
    before = re.search(r"([\w.']+)\s\Z", context.document.plain[max(0, found.start - 25) : found.start])
    if before and before[1][:1].isupper() and not _opens_sentence(context, found.start - len(before[0])):
        return None  # "the Carter years"
    return lasting(None, table("unit")[found.groups["unit"]])


def _opens_sentence(context: Context, at: int) -> bool:
    sentence = context.document.sentence_at(at)
    return sentence is None or at <= sentence.start + 2


def _long(context: Context, found: Found) -> Meaning | None:
    return lasting(1, table("unit")[found.groups["unit"]])


def _long_time(context: Context, found: Found) -> Meaning | None:
    return Meaning(TimexType.DURATION, "PXX", Basis.UNCOUNTED)


def length_rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {
        "set": _set, "each": _each, "per": _per, "present": _present, "current": _present, "recent": _recent,
        "past": _past, "future": _future, "soon": _soon, "spanned": _spanned, "amount": _amount, "plural": _plural,
        "long": _long, "longtime": _long_time,
    }  # fmt: skip
