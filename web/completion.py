"""What an editor of queries completes from: our terms and those that the data uses, and the names of things."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from flask import Blueprint, Response, request

from graph.errors import InputError
from graph.files import data_path
from graph.index import folded
from graph.iris import slugify
from graph.vocabulary import PREFIXES
from web.answers import DATA, answer, json_body, pick, urls
from web.figures import Figures, figures
from web.published import Snapshot, snapshot
from web.querying import open_to_all
from web.terms import terms
from web.views.shared import Json, View, kind_of

__all__ = ["blueprint"]

blueprint = Blueprint("completion", __name__)
blueprint.after_request(open_to_all)

_LONGEST = 200
_MOST = 20
#: Events that the best are taken from.
_LOOKED_AT = 500


class _Name(NamedTuple):
    """A thing as it is looked for: its key, its name, and the words of the name without accents and case."""

    key: str
    name: str
    words: tuple[str, ...]


class _Names:
    """Names of people, organizations, places and articles, one after the other: what begins so is found in one sweep.

    :param names: by key.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = [_Name(key, name, words) for key, name in names.items() if (words := _words(name))]
        lines = [f"-{'-'.join(name.words)}\n" for name in self._names]
        self._text, self._ends = "".join(lines), list(accumulate(map(len, lines)))

    def having(self, wanted: Sequence[str]) -> Iterator[_Name]:
        """Yield the names with a word that begins with the longest of some words, which the fewest names have."""
        part = f"-{max(wanted, key=len)}"
        at = self._text.find(part)
        while at >= 0:
            number = bisect_right(self._ends, at)
            yield self._names[number]
            at = self._text.find(part, self._ends[number])


@blueprint.get("/sparql/terms.json")
def terms_json() -> Response:
    """Answer with prefixes, classes, properties and the ontology's own values."""
    return answer(pick((DATA,), DATA), lambda: json_body(snapshot().keep("completion terms", _terms)))


@blueprint.get("/sparql/names.json")
def names_json() -> Response:
    """Answer with a few things whose names have words that begin with all those of ``q``."""
    asked = request.args.get("q", "")
    if len(asked) > _LONGEST:
        raise InputError(f"q is longer than {_LONGEST} characters", "give the beginning of a name")
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
    wanted = _words(asked)
    if not wanted:
        return []
    names: _Names = view.snapshot.keep("completion names", lambda _: _Names(view.timeline.names))
    # Events are looked up, a part of those with a frequent word: of a million no list is made.
    events = ((entry.key, entry.label) for entry in view.timeline.labelled(folded(asked), _LOOKED_AT))
    found = [
        name
        for name in (*names.having(wanted), *(_Name(key, label, _words(label)) for key, label in events))
        if all(any(word.startswith(part) for word in name.words) for part in wanted)
    ]
    # Who types a name begins with its beginning; the shortest is the likeliest.
    found.sort(key=lambda name: (not name.words[0].startswith(wanted[0]), len(name.name), name.name, name.key))
    return [{"iri": view.iris.thing(name.key), "name": name.name, "kind": kind_of(name.key)} for name in found[:_MOST]]


def _words(name: str) -> tuple[str, ...]:
    # A slug has no accents and no case, and its words are parted by hyphens; of a name without any letter it has none.
    return tuple(slugify(name, _LONGEST).split("-")) if any(c.isalnum() for c in name) else ()
