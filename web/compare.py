"""``/compare``: two people, organizations or places beside each other, as a page and its twins."""

from flask import Blueprint, Response, render_template, request

from graph.errors import InputError
from graph.negotiation import GRAPHS, Format
from web.answers import DATA, HTML, alternates, answer, json_body, pick, urls
from web.language import gettext as _
from web.paging import page_number
from web.published import snapshot
from web.sparql.named import NamedQuery, Parameter
from web.sparql.values import Given, Offer, offers, read_values
from web.timeline.twins import EVENT_FORMATS, Chosen, chosen_twin
from web.urls import Urls
from web.views.comparison import COMPARED, comparison, draw_rows
from web.views.shared import Json, View

__all__ = ["blueprint"]

blueprint = Blueprint("compare", __name__)

_TWINS = (DATA, *EVENT_FORMATS, *GRAPHS)
_SIDES = {"a": "One of the two.", "b": "The other one."}


@blueprint.get("/compare")
def compare() -> Response:
    """Compare two things; without them, show the form."""
    return _compare(None)


@blueprint.get("/compare.<any(json, csv, ics, timelinejs, ttl, nt, jsonld, rdf):form>")
def compare_as(form: str) -> Response:
    """Compare two things in one format: JSON has the comparison, the others the events of both."""
    return _compare(next(f for f in _TWINS if f.extension == form))


def _compare(fixed: Format | None) -> Response:
    # The form is no graph.
    offers = (HTML, *_TWINS) if any(request.args.get(name) for name in _SIDES) else (HTML, DATA, *EVENT_FORMATS)
    choice = pick(offers, fixed)
    view = View(snapshot(), urls())
    given = {name: _read(view, name) for name in _SIDES}
    keys = {name: _key(view, one, name) for name, one in given.items()}
    problems = {name: one.problems[name] for name, one in given.items() if name in one.problems}
    same = keys["a"] is not None and keys["a"] == keys["b"]
    if same:
        problems["b"] = _("this is the same as the first")
    missing = [name for name, one in given.items() if one.missing]
    if choice.format is not HTML and (problems or missing):
        name = next(iter([*problems, *missing]))
        raise InputError(
            f"{name}: {problems.get(name, 'is missing')}", "give a name, or a key such as person/ana-petrova"
        )
    if problems:
        response = Response(_page(view, given, problems, None), 400, content_type=HTML.content_type())
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Accept")
        return response
    if missing or keys["a"] is None or keys["b"] is None:
        return answer(choice, lambda: _page(view, given, {}, None))
    a, b = keys["a"], keys["b"]
    return answer(choice, lambda: _build(view, given, (a, b), choice.format))


def _build(view: View, given: dict[str, Given], keys: tuple[str, str], form: Format) -> str | bytes | Response:
    if form is HTML:
        return _page(view, given, {}, keys)
    compared = comparison(view, *keys)
    if form is DATA:
        return json_body(compared.values)
    page = page_number(request.args.get("page", "1"))
    title = _("Compare %(one)s and %(other)s", one=compared.values["a"]["name"], other=compared.values["b"]["name"])

    def url(build: Urls, number: int, extension: str | None) -> str:
        more = [("page", str(number))] if number > 1 else []
        return build.compare(extension, [("a", keys[0]), ("b", keys[1]), *more])

    return chosen_twin(view, Chosen(title, compared.both, url), page, form)


def _page(view: View, given: dict[str, Given], problems: dict[str, str], keys: tuple[str, str] | None) -> str:
    compared = comparison(view, *keys) if keys else None
    pairs = [("a", keys[0]), ("b", keys[1])] if keys else []
    return render_template(
        "compare.html",
        compared=compared.values if compared else None,
        rows=draw_rows(compared) if compared else None,
        texts={name: one.texts[name] for name, one in given.items()},
        problems=problems,
        alike={name: one.alike.get(name, []) for name, one in given.items()},
        names=_offered(view),
        alternates=alternates(_TWINS, lambda f: urls().compare(f.extension, pairs)) if keys else [],
    )


def _offered(view: View) -> list[Json]:
    """Return the names that the form offers: those in most events, of each kind."""
    found: list[Json] = []
    for kind in COMPARED:
        found += [{"kind": kind, "name": one.name, "key": f"{kind}/{one.value}"} for one in _offers(view, kind)[:60]]
    return found


def _offers(view: View, kind: str) -> list[Offer]:
    return offers(Parameter("a", kind, ""), view)


def _read(view: View, name: str) -> Given:
    """Read one of the two: a key, an IRI or a name, of a person before an organization or a place."""
    text = " ".join(request.args.get(name, "").split())
    kinds = [kind for kind in COMPARED if (view.iris.key(text) or text).startswith(f"{kind}/")] or list(COMPARED)
    read = [_read_as(view, name, kind, text) for kind in kinds]
    found = next((one for one in read if name in one.terms or one.missing), None)
    if found is not None:
        return found
    # Of what is not found, the kind that has something alike tells most.
    told = next((one for one in read if one.alike.get(name)), read[0])
    if not told.alike.get(name) and len(kinds) > 1:
        told.problems[name] = _("nobody and nothing here is called “%(text)s”", text=text[:80])
    return told


def _read_as(view: View, name: str, kind: str, text: str) -> Given:
    query = NamedQuery("compare", "", "", (Parameter(name, kind, _SIDES[name]),), {}, "")
    given = read_values(query, {name: text}, view)
    given.alike[name] = [Offer(f"{kind}/{one.value}", one.name) for one in given.alike.get(name, ())]
    return given


def _key(view: View, given: Given, name: str) -> str | None:
    term = given.terms.get(name)
    return view.iris.key(term.value) if term is not None else None
