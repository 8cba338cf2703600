"""Where the reports on an event differ: what the event takes and why, what else is said, and by whom."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.vocabulary import PLY, SEM
from web.language import N_, ngettext
from web.language import gettext as _
from web.published import Snapshot
from web.queries import select, text
from web.views.reports import complete
from web.views.shared import Json, View, local_name
from web.words import ASPECTS, RULES, STATUSES

__all__ = ["PROPERTIES", "SAYING", "Difference", "differences", "disagreements_of"]

#: Aspect -> IRI of the property of an event that reports differ on.
PROPERTIES = {
    "time": str(PLY.time),
    "place": str(SEM.hasPlace),
    "actor": str(SEM.hasActor),
    "status": str(PLY.status),
    "outcome": str(PLY.outcome),
}
#: Reports that are named for each thing that is said.
SAYING = 20
_ASPECTS = {iri: aspect for aspect, iri in PROPERTIES.items()}


class Difference(NamedTuple):
    """A disagreement as the graph has it.

    :param iri: of the disagreement.
    :param aspect: a key of :data:`web.words.ASPECTS`.
    :param rule: IRI of the rule by which the event takes its value.
    :param taken: IRIs of the reports and records that say what the event takes.
    :param differing: IRIs of those that say something else.
    :param curation: IRI of the correction that gave the event another value; the rule then no longer holds.
    """

    iri: str
    aspect: str
    rule: str
    taken: frozenset[str]
    differing: frozenset[str]
    curation: str | None = None


def differences(snapshot: Snapshot) -> Mapping[str, tuple[Difference, ...]]:
    """Return all disagreements by the keys of their events, read at the first call; those on time come first."""
    return snapshot.keep("disagreements", _read)


def _read(snapshot: Snapshot) -> dict[str, tuple[Difference, ...]]:
    heads: dict[str, tuple[str, str, str, str | None]] = {}
    sides: dict[tuple[str, str], set[str]] = {}
    for row in sorted(select(snapshot.store, "disagreements"), key=str):
        iri, event = row["disagreement"].value, snapshot.iris.key(row["event"].value)
        aspect = _ASPECTS.get(row["aspect"].value)
        if event is not None and aspect is not None:
            heads.setdefault(iri, (event, aspect, row["rule"].value, text(row, "curation")))
            sides.setdefault((iri, row["side"].value), set()).add(row["report"].value)
    found: dict[str, list[Difference]] = {}
    order = list(ASPECTS)
    for iri, (event, aspect, rule, curation) in sorted(
        heads.items(), key=lambda item: (order.index(item[1][1]), item[0])
    ):
        taken, differing = (frozenset(sides.get((iri, side), ())) for side in ("taken", "differing"))
        found.setdefault(event, []).append(Difference(iri, aspect, rule, taken, differing, curation))
    return {event: tuple(some) for event, some in found.items()}


def disagreements_of(view: View, event: Json, reports: Iterable[Json], most: int | None = SAYING) -> list[Json]:
    """Return where the reports on an event differ, with what each of them says.

    :param event: the event as lists show it.
    :param reports: its reports that are sure enough; what only others say is left out.
    :param most: how many reports are named for each thing that is said; None for all.
    """
    shown = {report["iri"]: report for report in reports}
    found = []
    for difference in differences(view.snapshot).get(event["key"], ()):
        taken = [r for iri, r in shown.items() if iri in difference.taken]
        differing = [r for iri, r in shown.items() if iri in difference.differing]
        if differing:
            told = _disagreement(view, event, difference, taken, differing)
            for side in (*told["taken"], *told["differing"]):
                side["reports"] = [_worded(view, told["aspect"], report) for report in side["reports"][:most]]
            found.append(told)
    return found


def _worded(view: View, aspect: str, report: Json) -> Json:
    """Return a report with the words that what it says on an aspect rests on."""
    whole = complete(view, report)
    return {**whole, "words": whole["evidence"][:1] + whole.get(f"{aspect}_evidence", [])}


def _disagreement(view: View, event: Json, difference: Difference, taken: list[Json], differing: list[Json]) -> Json:
    aspect, rule = difference.aspect, local_name(difference.rule) or ""
    short, reason = RULES.get(rule, (rule, rule))
    if difference.curation is not None:
        rule, short, reason = "", _("corrected"), N_("A person has decided so, with reasons.")
    takes, best, others = _value(aspect, event), _sides(aspect, taken), _sides(aspect, differing)
    # Of what was corrected, no report need say it.
    disputing = others if difference.curation is None else [s for s in (*best, *others) if s["value"] != takes]
    return {
        **view.link_iri(difference.iri, ASPECTS[aspect]),
        "aspect": aspect,
        "takes": takes,
        "rule": {**view.link_iri(difference.curation or difference.rule, short), "reason": reason},
        "why": _why(rule, short, taken),
        "said": "; ".join(_says(s["reports"], s["value"]) for s in disputing),
        "taken": best,
        "differing": others,
    }


def _value(aspect: str, said: Json) -> str:
    """Return what an event takes, or a report says, in words."""
    if aspect == "time":
        return str(said["when"]["words"])
    if aspect == "status":
        return _(STATUSES.get(said["status"], said["status"] or N_("not told")))
    return ", ".join(link["name"] for link in said[f"{aspect}s"]) or _("not told")


def _sides(aspect: str, reports: Iterable[Json]) -> list[Json]:
    """Group reports by what they say."""
    sides: dict[str, list[Json]] = {}
    for report in reports:
        sides.setdefault(_value(aspect, report), []).append(report)
    return [{"value": value, "count": len(some), "reports": some} for value, some in sides.items()]


def _why(rule: str, short: str, taken: list[Json]) -> str:
    if rule == "bestSupported" and taken:
        return _("best supported by %(told)s", told=_count(taken))
    if rule == "happened" and taken:
        return ngettext("so says %(told)s", "so say %(told)s", len(taken), told=_count(taken))
    return short


def _count(reports: list[Json]) -> str:
    records = sum(report["record"] for report in reports)
    others = len(reports) - records
    counts = (
        ngettext("%(num)s official record", "%(num)s official records", records) if records else "",
        ngettext("%(num)s report", "%(num)s reports", others) if others else "",
    )
    return _(" and ").join(count for count in counts if count)


def _says(reports: list[Json], value: str) -> str:
    return ngettext(
        "%(told)s says %(value)s", "%(told)s say %(value)s", len(reports), told=_count(reports), value=value
    )
