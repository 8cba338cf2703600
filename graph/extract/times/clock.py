"""What times of day mean: clock times, noon, parts of the day."""

from graph.extract.model import TimexType
from graph.extract.times.basis import Basis
from graph.extract.times.calendar import shift
from graph.extract.times.context import Context
from graph.extract.times.grammar import Found
from graph.extract.times.meaning import Meaning, Rule
from graph.extract.times.words import number_of, table, which

__all__ = ["clock_rules"]

_UNKNOWN = "XXXX-XX-XX"


def _at(day: str | None, time: str, *, start: int | None = None, told: bool = False) -> Meaning:
    """Return a time of day of a day; what it is of no day that is known, its date is unknown."""
    basis = Basis.CLOCK if day else Basis.UNKNOWN
    return Meaning(TimexType.TIME, f"{day or _UNKNOWN}T{time}", basis, start=start, told=told)


def _part_of_day(context: Context, found: Found) -> Meaning | None:
    word = which(found.groups)
    if word == "this":
        day = context.today_at(found.start)
    else:
        day = context.day_near(found.start)
        if word in ("the next", "the following", "the previous"):
            day = shift(day, int(table("step")[word]), "D")
    return _at(day, table("part of day")[found.groups["pod"]])


def _clock(context: Context, found: Found) -> Meaning | None:
    groups = found.groups
    hour, minute = int(number_of(groups["hour"]) or 0), int(groups.get("minute", "0"))
    half = groups.get("half", "").lower().replace(".", "")
    if "pod" in groups:
        half = "am" if groups["pod"] == "morning" else "pm"
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = "Z" if groups.get("zone") in ("UTC", "GMT", "Z") else ""
    start = found.start + (3 if groups.get("hedge", "").lower().startswith("at ") else 0)
    return _at(context.day_near(found.start), f"{hour:02d}:{minute:02d}{zone}", start=start)


def _noon(context: Context, found: Found) -> Meaning | None:
    word = found.groups["word"].lower()
    if word in table("part of day"):
        return _at(context.day_near(found.start), table("part of day")[word])
    return _at(context.day_near(found.start), "00:00" if word == "midnight" else "12:00")


def _tonight(context: Context, found: Found) -> Meaning | None:
    word = " ".join(found.groups["word"].lower().split())
    if word == "overnight":
        return _at(context.day_near(found.start), "NI")
    return _at(
        shift(context.today_at(found.start), -1 if word == "last night" else 0, "D"), "NI", told=word == "last night"
    )


def clock_rules() -> dict[str, Rule]:
    """Return the rules of this module by name."""
    return {"pod": _part_of_day, "clock": _clock, "noon": _noon, "tonight": _tonight}
