"""An event: what, who, where and when, all reports of it, and what has been said about it."""

from typing import Any

import pyoxigraph as ox

from web.queries import Row, number, select, text
from web.views.shared import Json, View, local_name

__all__ = ["disagreements", "event_view"]


def event_view(view: View, key: str) -> Json | None:
    """Return what the page of an event shows; None if there is no such event."""
    entry = view.timeline.entry(key)
    if entry is None:
        return None
    node = ox.NamedNode(view.iris.thing(key))
    # A record is no reading: it has no confidence, and always stays.
    reports = [r for r in _reports(view, node) if r["record"] or view.minimum.admits(r["confidence"])]
    claims = view.claims(select(view.store, "claims_about", event=node))
    return {
        **view.event(entry),
        "kind": "Event",
        "reports": reports,
        "disagreements": disagreements(reports),
        "speakers": view.by_speaker(claims),
        "before": _neighbour(view, key, -1),
        "after": _neighbour(view, key, 1),
    }


def _neighbour(view: View, key: str, step: int) -> Json | None:
    entry = view.timeline.neighbour(key, step)
    return view.event(entry) if entry else None


def _reports(view: View, event: ox.NamedNode) -> list[Json]:
    lists: dict[tuple[str, str], list[Json]] = {}
    for row in select(view.store, "event_report_links", event=event):
        of = lists.setdefault((row["report"].value, row["what"].value), [])
        link = view.link_iri(row["value"].value)
        if all(other["iri"] != link["iri"] for other in of):
            of.append(link)
    reports: dict[str, Json] = {}
    for row in sorted(select(view.store, "event_reports", event=event), key=str):
        iri = row["report"].value
        if iri in reports:
            continue
        reports[iri] = _report(view, row) | {
            "actors": sorted(lists.get((iri, "actor"), []), key=lambda link: link["key"] or ""),
            "places": sorted(lists.get((iri, "place"), []), key=lambda link: link["key"] or ""),
        }
    return sorted(reports.values(), key=_order)


def _report(view: View, row: Row) -> Json:
    source = text(row, "source")
    article = view.article_of(source)
    return {
        **view.link_iri(row["report"].value, text(row, "label")),
        "record": "record" in row,
        "type": local_name(text(row, "type")),
        "status": local_name(text(row, "status")),
        "when": view.when(row),
        "confidence": number(row, "confidence"),
        "article": article,
        "source": view.link_iri(source) if source and article is None else None,
        "office": text(row, "office"),
        "met": text(row, "met"),
        "evidence": view.quotes(row["report"].value),
    }


def _order(report: Json) -> tuple[bool, str, str]:
    return (report["record"], (report["article"] or {}).get("published") or "9999", report["key"] or "")


def disagreements(reports: list[Json]) -> list[Json]:
    """Return the properties on which the reports differ, with who says what.

    Two times disagree only if no day fits both; one that is merely less exact than another does not contradict it. Nor
    does a report from before the event, which knows it as planned, contradict one from after it.
    """
    found = []
    for what, values in (
        ("what kind of event it was", [(r["type"], r) for r in reports if r["type"]]),
        ("whether it happened", [(r["status"], r) for r in reports if r["status"] not in (None, "planned")]),
        ("when it was", [(r["when"]["words"], r) for r in reports if r["when"]["earliest"] or r["when"]["latest"]]),
    ):
        sides: dict[str, list[Json]] = {}
        for value, report in values:
            sides.setdefault(str(value), []).append(report)
        if len(sides) < 2 or (what == "when it was" and _compatible([r["when"] for _, r in values])):
            continue
        found.append(
            {"what": what, "sides": [{"value": value, "reports": _brief(told)} for value, told in sides.items()]}
        )
    return found


def _brief(reports: list[Json]) -> list[dict[str, Any]]:
    return [
        {"url": r["url"], "name": "Official record" if r["record"] else (r["article"] or r)["name"]} for r in reports
    ]


def _compatible(times: list[Json]) -> bool:
    latest_start = max((t["earliest"] for t in times if t["earliest"]), default="")
    earliest_end = min((t["latest"] for t in times if t["latest"]), default="9999-99-99")
    return bool(latest_start <= earliest_end)
