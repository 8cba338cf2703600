"""``/queries``: questions with blanks to fill in, each at an address of its own, answered as a page, CSV or JSON."""

import json
from typing import NamedTuple

from flask import Blueprint, Response, current_app, render_template, request

from graph.errors import InputError, ParleyError
from graph.negotiation import FORMATS, Choice, Format
from graph.phrase import Phrase
from web.answers import DATA, HTML, NotFoundError, alternates, answer, json_body, pick, urls
from web.published import published, snapshot
from web.sparql.answerers import here
from web.sparql.named import NamedQuery, named_queries, named_query
from web.sparql.observe import Observation, observer
from web.sparql.page import PAGE_LIMIT
from web.sparql.querying import Pending, check_query, fetch_whole, send_result
from web.sparql.results import plain_value, read_table
from web.sparql.values import Given, Offer, offers, read_values
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("asking", __name__)

_CSV = FORMATS["csv"]


@blueprint.get("/queries")
def queries() -> Response:
    """Show the list of queries."""
    return _list(None)


@blueprint.get("/queries.json")
def queries_json() -> Response:
    """Answer with the list of queries and their parameters as JSON."""
    return _list(DATA)


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Answer a query; without values, show its form."""
    return _query(name, None)


@blueprint.get("/queries/<name>.<any(csv, json):form>")
def query_as(name: str, form: str) -> Response:
    """Answer a query as CSV or JSON."""
    return _query(name, _CSV if form == "csv" else DATA)


def _list(fixed: Format | None) -> Response:
    choice = pick((HTML, DATA), fixed)

    def build() -> str | bytes:
        view = View(snapshot(), urls())
        found = [_described(query) | {"example_url": _example(query, view)} for query in named_queries()]
        if choice.format is DATA:
            return json_body({"queries": found})
        return render_template(
            "queries.html", queries=found, alternates=alternates([DATA], lambda form: urls().queries(form.extension))
        )

    return answer(choice, build)


def _described(query: NamedQuery) -> Json:
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "url": urls().query(query.name),
        "parameters": [
            {"name": p.name, "kind": p.kind, "required": p.default is None, "help": p.help} for p in query.parameters
        ],
    }


def _example(query: NamedQuery, view: View) -> str | None:
    """Return the address of the example if all that it names is in this dataset."""
    given = read_values(query, query.example, view)
    return None if given.problems or given.missing else urls().query(query.name, pairs=given.pairs.items())


def _query(name: str, fixed: Format | None) -> Response:
    query = named_query(name)
    if query is None:
        raise NotFoundError(
            Phrase("there is no query %(name)s", name=repr(name[:80])),
            Phrase("choose one of those at %(url)s", url=urls().queries()),
        )
    choice = pick((HTML, DATA, _CSV), fixed)
    form = choice.format
    view = View(snapshot(), urls())
    given = read_values(query, request.args, view)
    asked = any(given.texts.values())
    # An address without any value is that of the form; one with some but not all is a mistake to tell of.
    if given.problems or (given.missing and (asked or form is not HTML)):
        if form is not HTML:
            raise _refusal(query, given)
        response = Response(_page(query, given, view, None), 400, content_type=HTML.content_type())
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Accept")
        return response
    if given.missing:
        return answer(choice, lambda: _page(query, given, view, None))
    question = _question(query, given, view)
    response = answer(choice, lambda: _build(question, form))
    if response.status_code == 304:
        question.seen.end("not_modified", 304)
    return response


def _refusal(query: NamedQuery, given: Given) -> InputError:
    kinds = {parameter.name: parameter for parameter in query.parameters}
    if given.problems:
        name, problem = next(iter(given.problems.items()))
        alike = ", ".join(offer.value for offer in given.alike.get(name, ()))
        remedy = f"one of these may be meant: {alike}" if alike else kinds[name].help.rstrip(".")
        return InputError(f"{name}: {problem}", remedy)
    name = given.missing[0]
    return InputError(f"{name} is missing", f"give it: {kinds[name].help.rstrip('.')}")


class _Question(NamedTuple):
    """A query with its values, counted and logged from now on."""

    query: NamedQuery
    given: Given
    view: View
    filled: str
    seen: Observation

    def run(self, form: Format) -> bytes:
        """Return the whole result, for a page or JSON of ours; a CSV is passed on as it comes.

        :raises graph.errors.QueryLimitError: if it runs into a limit of the endpoint.
        """
        return fetch_whole(self.pending, form, PAGE_LIMIT)

    @property
    def pending(self) -> Pending:
        """The query as the workers take it."""
        current = self.view.snapshot
        return Pending(check_query(self.filled, published().settings), current, self.seen, here(current))


def _question(query: NamedQuery, given: Given, view: View) -> _Question:
    filled = query.fill(given.terms)
    seen = observer(current_app).start(filled, request.remote_addr or "", view.snapshot.number)
    return _Question(query, given, view, filled, seen)


def _build(question: _Question, form: Format) -> str | bytes | Response:
    query, given, view, filled, seen = question
    try:
        if form is HTML:
            return _page(query, given, view, question)
        if form is _CSV:
            return send_result(question.pending, Choice(_CSV, _CSV.media_type))
        values = json.loads(question.run(FORMATS["json"]))
    except ParleyError as error:
        seen.end_with(error)
        raise
    columns: list[str] = values["head"]["vars"]
    rows = [{column: plain_value(row.get(column)) for column in columns} for row in values["results"]["bindings"]]
    return json_body(
        {
            "query": query.name,
            "title": query.title,
            "parameters": given.pairs,
            "generation": view.snapshot.number,
            "columns": columns,
            "total": len(rows),
            "rows": rows,
            "sparql": filled,
        }
    )


def _meant(query: NamedQuery, given: Given, name: str, offer: Offer) -> tuple[str, str]:
    """Return the words and the address of a thing that a value may have meant; all else stays as it was typed."""
    alone = sum(other.name == offer.name for other in given.alike[name]) == 1
    texts = given.texts | {name: offer.value}
    pairs = [(key, value) for key, value in texts.items() if value]
    return offer.name if alone else f"{offer.name} ({offer.value})", urls().query(query.name, pairs=pairs)


def _page(query: NamedQuery, given: Given, view: View, question: _Question | None) -> str:
    table = read_table(question.run(FORMATS["json"]), view.snapshot) if question else None
    wants_line = request.args.get("view") == "timeline"

    def url(form: str | None = None, *more: tuple[str, str]) -> str:
        return urls().query(query.name, form, [*given.pairs.items(), *more])

    return render_template(
        "query.html",
        asked=query,
        given=given,
        offers={p.name: offers(p, view) for p in query.parameters},
        alike={name: [_meant(query, given, name, offer) for offer in found] for name, found in given.alike.items()},
        example=_example(query, view),
        filled=question and question.filled,
        table=table,
        line=table.timeline() if table and wants_line else None,
        table_url=url(),
        line_url=url(None, ("view", "timeline")),
        downloads=[(form.label, url(form.extension)) for form in (_CSV, DATA)] if table else [],
        alternates=alternates([_CSV, DATA], lambda form: url(form.extension)) if table else [],
    )
