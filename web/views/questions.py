"""The named queries that can be asked about a thing with nothing else to fill in."""

from web.sparql.named import named_queries
from web.views.shared import Json, View

__all__ = ["questions_on"]


def questions_on(view: View, key: str) -> list[Json]:
    """Return title and address of each query whose only value without a default is such a thing."""
    kind, _, slug = key.partition("/")
    found = []
    for query in named_queries():
        needed = [parameter for parameter in query.parameters if parameter.default is None]
        if len(needed) == 1 and needed[0].kind == kind and needed[0].is_thing:
            found.append({"title": query.title, "url": view.urls.query(query.name, pairs=[(needed[0].name, slug)])})
    return found
