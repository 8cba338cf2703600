"""The reports and records that tell of an event, each as pages show it."""

import pyoxigraph as ox

from graph.vocabulary import PLY
from web.queries import Row, number, select, text
from web.views.shared import OUTCOME_EVIDENCE, Json, View, local_name

__all__ = ["complete", "reports_of"]


def reports_of(view: View, event: str) -> list[Json]:
    """Return what tells of an event: reports by the date of their articles, then official records.

    Reports of less confidence than the page has are left out. A record is no reading: it has none, and always stays.
    The words that a report rests on are not looked up: see :func:`complete`.

    :param event: the event's key.
    """
    node = ox.NamedNode(view.iris.thing(event))
    lists: dict[tuple[str, str], list[Json]] = {}
    for row in select(view.store, "event_report_links", event=node):
        of = lists.setdefault((row["report"].value, row["what"].value), [])
        iri = row["value"].value
        link = view.outcome(local_name(iri) or "") if row["what"].value == "outcome" else view.link_iri(iri)
        if all(other["iri"] != link["iri"] for other in of):
            of.append(link)
    reports: dict[str, Json] = {}
    for row in sorted(select(view.store, "event_reports", event=node), key=str):
        iri = row["report"].value
        if iri in reports or not ("record" in row or view.minimum.admits(number(row, "confidence"))):
            continue
        reports[iri] = _report(view, row) | {
            "actors": sorted(lists.get((iri, "actor"), []), key=lambda link: link["key"] or ""),
            "places": sorted(lists.get((iri, "place"), []), key=lambda link: link["key"] or ""),
            "outcomes": sorted(lists.get((iri, "outcome"), []), key=lambda link: link["name"]),
            "outcome_evidence": [],
            "times": lists.get((iri, "time"), []),
            "time_evidence": [],
        }
    return sorted(reports.values(), key=_order)


def complete(view: View, report: Json) -> Json:
    """Return a report with the words that it, its times and its outcome rest on: some twenty look-ups."""
    iri, times = report["iri"], report["times"]
    return {
        **report,
        "evidence": view.quotes(iri),
        "outcome_evidence": view.quotes(iri, OUTCOME_EVIDENCE) if report["outcomes"] else [],
        "times": [_time(view, link) for link in times],
        "time_evidence": [quote for link in times for quote in view.quotes(link["iri"])],
    }


def _time(view: View, link: Json) -> Json:
    """Return a time expression: its words, and its value in TIMEX3."""
    said = view.properties(link["key"]) if link["key"] else {}
    words = " ".join(quote["exact"] for quote in view.quotes(link["iri"]))
    return {**link, "words": words, "value": next(iter(said.get(str(PLY["timexValue"]), ())), None)}


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
        "evidence": [],
    }


def _order(report: Json) -> tuple[bool, str, str]:
    return (report["record"], (report["article"] or {}).get("published") or "9999", report["key"] or "")
