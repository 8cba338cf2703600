"""Things that are no more: what took their place, and the answers that lead there.

What took the place of an event may have gone in its turn, or be several events, where one was found to be several.
"""

from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox
from flask import Response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from graph.negotiation import Choice
from graph.vocabulary import DCT, RDFS
from web.answers import DATA, DOCUMENT_FORMATS, HTML, alternates, answer, json_body, urls
from web.linked_data.documents import serialize
from web.published import Snapshot, snapshot
from web.queries import select
from web.views.shared import Json, View

__all__ = ["heirs", "lead_on"]

_REPLACED = ox.NamedNode(str(DCT.isReplacedBy))
_LABEL = ox.NamedNode(str(RDFS.label))


def heirs(current: Snapshot, key: str) -> tuple[str, ...]:
    """Return the keys of what took a thing's place, in order; none if it stands, or never was.

    What is itself replaced is followed to what stands; a circle leads nowhere.
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        one = waiting.pop()
        node = current.node(one)
        if one in seen or node is None:
            continue
        seen.add(one)
        rows = select(current.store, "thing", thing=node)
        following = [current.iris.key(row["o"].value) for row in rows if row["p"] == _REPLACED]
        waiting += [other for other in following if other is not None]
        if rows and not following and one != key:
            found.add(one)
    return tuple(sorted(found))


def lead_on(key: str, found: Sequence[str], choice: Choice, address: Callable[[str], str]) -> AnyResponse:
    """Answer for a thing that is no more: 301 to what took its place, or 300 with a list where several things did.

    :param found: keys of what took its place, at least one.
    :param choice: the format of the list.
    :param address: makes the path of one of them.
    """
    if len(found) == 1:
        response = redirect(address(found[0]), 301)
        # An IRI comes back when the articles do that told of its event: a browser must ask again.
        response.headers["Cache-Control"] = "public, no-cache"
        return response
    links = [f'<{address(heir)}>; rel="successor-version"' for heir in found]
    return answer(choice, lambda: _choices(key, found, choice), links=links)


def _choices(key: str, found: Iterable[str], choice: Choice) -> Response:
    view = View(snapshot(), urls())
    things = [_shown(view, heir) for heir in found]
    gone = {"key": key, "iri": view.iris.thing(key), "replaced_by": things}
    body: str | bytes
    if choice.format is HTML:
        formats = alternates(DOCUMENT_FORMATS[1:], lambda form: urls().document(key, form.extension))
        body = render_template("replaced.html", thing=gone, alternates=formats)
    elif choice.format is DATA:
        body = json_body(gone)
    else:
        subject = ox.NamedNode(view.iris.thing(key))
        heads = [(ox.NamedNode(thing["iri"]), thing["name"]) for thing in things]
        triples = [ox.Triple(subject, _REPLACED, node) for node, _ in heads]
        triples += [ox.Triple(node, _LABEL, ox.Literal(name, language="en")) for node, name in heads]
        body = serialize(triples, choice.format)
    return Response(body, 300, content_type=choice.content_type)


def _shown(view: View, key: str) -> Json:
    entry = view.timeline.entry(key)
    return view.event(entry) if entry else view.link(key)
