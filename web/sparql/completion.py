"""What an editor of queries completes from: our terms and those that the data uses, and the names of things."""

from flask import Blueprint, Response, request

from graph.errors import InputError
from graph.files import data_path
from graph.index import folded
from graph.phrase import Phrase
from graph.vocabulary import PREFIXES
from web.answers import DATA, answer, json_body, pick, urls
from web.figures import Figures, figures
from web.linked_data.terms import terms
from web.published import Snapshot, snapshot
from web.sparql.querying import open_to_all
from web.views.shared import Json, View, kind_of

__all__ = ["blueprint"]

blueprint = Blueprint("completion", __name__)
blueprint.after_request(open_to_all)

_LONGEST = 200
_MOST = 20
#: Events that the best are taken from.
_LOOKED_AT = 100


@blueprint.get("/sparql/terms.json")
def terms_json() -> Response:
    """Answer with prefixes, classes, properties and the ontology's own values."""
    return answer(pick((DATA,), DATA), lambda: json_body(snapshot().keep("completion terms", _terms)))


@blueprint.get("/sparql/names.json")
def names_json() -> Response:
    """Answer with a few things whose names have words that begin with all those of ``q``."""
    asked = request.args.get("q", "")
    if len(asked) > _LONGEST:
        raise InputError(
            Phrase("q is longer than %(most)s characters", most=_LONGEST), Phrase("give the beginning of a name")
        )
    return answer(pick((DATA,), DATA), lambda: json_body({"names": _find(asked, View(snapshot(), urls()))}))


def _terms(current: Snapshot) -> Json:
    counts: Figures = figures(current)
    ours = {term.iri: term for term in terms(data_path("ontology", "parley.ttl"))}
    groups: dict[str, set[str]] = {
        "classes": set(counts.classes),
        "properties": set(counts.properties),
        "values": set(),
    }
    for iri, term in ours.items():
        kind = "classes" if term.kind == "owl:Class" else "properties" if term.kind.endswith("Property") else "values"
        groups[kind].add(iri)
    used = counts.classes | counts.properties
    return {
        "prefixes": dict(PREFIXES),
        **{
            group: [
                {"iri": iri, "label": ours[iri].label if iri in ours else None, "count": used.get(iri, 0)}
                for iri in sorted(found, key=lambda iri: (-used.get(iri, 0), iri))
            ]
            for group, found in groups.items()
        },
    }


def _find(asked: str, view: View) -> list[Json]:
    wanted = folded(asked)
    if not wanted:
        return []
    names = view.timeline.index.names
    # Events are looked up, a part of those with a frequent word: of a million no list is made.
    events = {entry.key: entry.label for entry in view.timeline.labelled(wanted, _LOOKED_AT)}
    found = {key: names[key] for key in names.called(wanted, _MOST)} | events
    # Who types a name begins with its beginning; the shortest is the likeliest.
    likeliest = sorted(
        found.items(), key=lambda one: (not _begins(one[1], wanted[0]), len(one[1]), one[1], one[0])
    )  # fmt: skip
    return [{"iri": view.iris.thing(key), "name": name, "kind": kind_of(key)} for key, name in likeliest[:_MOST]]


def _begins(name: str, word: str) -> bool:
    return folded(name)[0].startswith(word)
