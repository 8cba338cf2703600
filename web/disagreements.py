"""``/disagreements``: the events whose reports differ, as a page, as data and as a feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from graph.errors import InputError
from graph.negotiation import FORMATS, GRAPHS, Format
from graph.phrase import Phrase
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.language import gettext as _
from web.linked_data.atom import FEED_LENGTH, FeedEntry, midnight, write_feed
from web.linked_data.documents import serialize
from web.paging import count_pages, link_pages, page_number
from web.published import snapshot
from web.queries import Term, construct
from web.timeline.exports import write_table
from web.timeline.timeline import Entries, Entry
from web.timeline.twins import EVENT_FORMATS, Chosen, chosen_twin
from web.views.disagreement import PROPERTIES, SAYING, Difference, differences, disagreements_of
from web.views.reports import reports_of
from web.views.shared import Json, View
from web.words import ASPECTS

__all__ = ["blueprint"]

blueprint = Blueprint("disagreements", __name__)

_CSV, _ATOM = FORMATS["csv"], FORMATS["atom"]
_CALENDARS = tuple(form for form in EVENT_FORMATS if form is not _CSV)
_TWINS = (*GRAPHS, _CSV, DATA, _ATOM, *_CALENDARS)
#: Events on one page.
_PAGE_SIZE = 20
#: Events on one page of a table or a graph.
_LONG_PAGE = 500
_COLUMNS = (
    "event", "url", "label", "aspect", "takes", "rule", "side", "says", "report", "article", "title", "publisher",
    "published", "words",
)  # fmt: skip


class _Asked(NamedTuple):
    """What the reader asked for: an aspect or any, and a page of what there is on it."""

    aspect: str
    page: int

    @classmethod
    def read(cls) -> "_Asked":
        """Read the query string.

        :raises InputError: if it makes no sense.
        """
        aspect, page = request.args.get("aspect", "").strip(), request.args.get("page", "1").strip() or "1"
        if aspect and aspect not in ASPECTS:
            raise InputError(
                Phrase("%(field)s is nothing that reports differ on", field=f"aspect={aspect[:40]!r}"),
                Phrase("it is one of these: %(values)s", values=", ".join(ASPECTS)),
            )
        return cls(aspect, page_number(page))

    def pairs(self, page: int = 1) -> list[tuple[str, str]]:
        """Return the pairs of a query string, for a page."""
        return [*([("aspect", self.aspect)] if self.aspect else []), *([("page", str(page))] if page > 1 else [])]


@blueprint.get("/disagreements")
def disagreements() -> Response:
    """Show where reports differ."""
    return _answer(None)


@blueprint.get("/disagreements.<any(ttl, nt, jsonld, rdf, csv, json, atom, ics, timelinejs):form>")
def disagreements_in(form: str) -> Response:
    """Send the same in one format: JSON in pages, the newest as a feed, the others in long pages."""
    return _answer(next(f for f in _TWINS if f.extension == form))


def _answer(fixed: Format | None) -> Response:
    choice = pick((HTML, *_TWINS), fixed)
    asked = _Asked.read()
    location = None if fixed or choice.format is HTML else urls().disagreements(choice.format.extension, asked.pairs())
    return answer(choice, lambda: _build(choice.format, asked), location=location)


def _build(form: Format, asked: _Asked) -> str | bytes | Response:
    view = View(snapshot(), urls())
    entries = _entries(view, asked.aspect)
    if form in GRAPHS or form is _CSV:
        return _long(view, entries, asked, form)
    if form in _CALENDARS:
        title = _("Disagreements")
        chosen = Chosen(title, entries, lambda build, number, end: build.disagreements(end, asked.pairs(number)))
        return chosen_twin(view, chosen, asked.page, form)
    if form is _ATOM:
        return _feed(view, entries, asked)
    return _page(view, entries, asked, form)


def _long(view: View, entries: Sequence[Entry], asked: _Asked, form: Format) -> Response:
    """Answer with a long page of them as a table or a graph, and link it to the others (RFC 8288)."""
    pages = count_pages(len(entries), _LONG_PAGE, asked.page)
    some = entries[(asked.page - 1) * _LONG_PAGE : asked.page * _LONG_PAGE]
    if form is _CSV:
        body: str | bytes = _table(view, [_shown(view, entry, asked.aspect, None) for entry in some])
    else:
        values: dict[str, Term] = {"aspect": ox.NamedNode(PROPERTIES[asked.aspect])} if asked.aspect else {}
        # All at once is quicker than one after the other, where one page has all.
        events = [ox.NamedNode(view.iris.thing(entry.key)) for entry in some] if pages > 1 else [None]
        found = {
            triple
            for event in events
            for triple in construct(view.store, "disagreements_graph", **values, **({"event": event} if event else {}))
        }
        body = serialize(sorted(found, key=str), form)
    response = Response(body, content_type=form.content_type())

    def url(number: int) -> str:
        return view.urls.disagreements(form.extension, asked.pairs(number))

    return link_pages(response, asked.page, pages, url, form.media_type)


def _entries(view: View, aspect: str) -> Entries:
    """Return the events on which reports differ, the newest first and undated ones last."""
    index = view.timeline.index
    keys = (k for k, some in differences(view.snapshot).items() if not aspect or any(d.aspect == aspect for d in some))
    positions = {position for key in keys if (position := index.position(key)) is not None}
    dated = sorted((position for position in positions if position < index.dated), reverse=True)
    return Entries(index, [*dated, *sorted(position for position in positions if position >= index.dated)])


def _shown(view: View, entry: Entry, aspect: str, most: int | None = SAYING) -> Json:
    event = view.event(entry)
    found = disagreements_of(view, event, reports_of(view, entry.key), most)
    return {**event, "disagreements": [d for d in found if not aspect or d["aspect"] == aspect]}


def _page(view: View, entries: Sequence[Entry], asked: _Asked, form: Format) -> str | bytes:
    pages = count_pages(len(entries), _PAGE_SIZE, asked.page)
    first = (asked.page - 1) * _PAGE_SIZE
    every = [d.aspect for some in differences(view.snapshot).values() for d in some]
    values: Json = {
        "total": len(entries),
        "page": asked.page,
        "pages": pages,
        "aspect": asked.aspect or None,
        "aspects": [{"value": value, "label": label, "count": every.count(value)} for value, label in ASPECTS.items()],
        "events": [_shown(view, entry, asked.aspect) for entry in entries[first : first + _PAGE_SIZE]],
    }
    if form is DATA:
        following = view.urls.disagreements("json", asked.pairs(asked.page + 1)) if asked.page < pages else None
        return json_body({**values, "next": following})
    return render_template(
        "disagreements.html",
        **values,
        page_url=lambda number: view.urls.disagreements(None, asked.pairs(number)),
        alternates=alternates(_TWINS, lambda f: view.urls.disagreements(f.extension, asked.pairs())),
    )


def _table(view: View, events: Sequence[Json]) -> str:
    """Write a line for each report on each side."""
    origin = request.host_url.rstrip("/")
    rows = []
    for event in events:
        for one in event["disagreements"]:
            head = [
                event["iri"],
                origin + event["url"],
                event["name"],
                one["aspect"],
                one["takes"],
                one["rule"]["name"],
            ]
            for name in ("taken", "differing"):
                for side in one[name]:
                    rows += [[*head, name, side["value"], *_source(report)] for report in side["reports"]]
    return write_table(_COLUMNS, rows)


def _source(report: Json) -> list[str | None]:
    article = report["article"] or {}
    words = " … ".join(quote["exact"] for quote in report["words"])
    return [
        report["iri"],
        article.get("iri"),
        article.get("name") or report["name"],
        article["publisher"]["name"] if article.get("publisher") else None,
        article.get("published"),
        words,
    ]


def _feed(view: View, entries: Sequence[Entry], asked: _Asked) -> bytes:
    origin, pairs = request.host_url.rstrip("/"), asked.pairs()
    every = [
        (_since(view, difference), difference.iri, entry)
        for entry in entries
        for difference in differences(view.snapshot)[entry.key]
        if not asked.aspect or difference.aspect == asked.aspect
    ]
    newest = sorted(every, key=lambda row: row[:2], reverse=True)[:FEED_LENGTH]
    shown = {entry.key: _shown(view, entry, asked.aspect) for _, _, entry in newest}
    told = {one["iri"]: one for event in shown.values() for one in event["disagreements"]}
    return write_feed(
        "Parley: disagreements" + (f" on {ASPECTS[asked.aspect]}" if asked.aspect else ""),
        f"{view.iris.base}disagreements" + (f"?aspect={asked.aspect}" if asked.aspect else ""),
        origin + view.urls.disagreements("atom", pairs),
        origin + view.urls.disagreements(None, pairs),
        view.snapshot.published_at,
        [_feed_entry(shown[entry.key], told[iri], since, origin) for since, iri, entry in newest if iri in told],
    )


def _since(view: View, difference: Difference) -> datetime:
    """Return since when reports differ: the day of their last article, or the generation's if none has one."""
    keys = ((view.iris.key(iri) or "").partition("/report/")[0] for iri in difference.taken | difference.differing)
    days = [day for key in keys if (day := view.printed(key).get("published"))]
    return midnight(max(days, default=None), view.snapshot.published_at)


def _feed_entry(event: Json, one: Json, since: datetime, origin: str) -> FeedEntry:
    reports = [report for side in (*one["differing"], *one["taken"]) for report in side["reports"]]
    publishers = {r["article"]["publisher"]["name"] for r in reports if r["article"] and r["article"]["publisher"]}
    said = [f"{side['value']} ({_title(report)})" for side in one["differing"] for report in side["reports"]]
    return FeedEntry(
        one["iri"],
        f"{event['name']}: reports differ on {one['name']}",
        f"{origin}{event['url']}#disagreement-{one['aspect']}",
        since,
        tuple(sorted(publishers)) or ("Parley",),
        f"The graph has {one['takes']} ({one['why']}). Said otherwise: {'; '.join(said)}.",
    )


def _title(report: Json) -> str:
    return str(report["article"]["name"] if report["article"] else f"official record: {report['name']}")
