"""Links in the head of an answer that tell machines where they are: FAIR Signposting, level 1.

(https://signposting.org/FAIR/; the relations are those of RFC 8574, 6596, 4946, 6903, 6573 and 8288.)
"""

from graph.negotiation import GRAPHS, Format
from graph.vocabulary import SCHEMA
from web.answers import HTML, link
from web.linked_data.documents import Linked
from web.linked_data.dumps import DUMPS
from web.published import Snapshot
from web.queries import select
from web.urls import Urls, outside

__all__ = ["TYPES", "dataset_signposts", "page_links", "thing_signposts"]

_SCHEMA = str(SCHEMA)
#: Kind of thing -> its class in schema.org.
TYPES = {
    "event": f"{_SCHEMA}Event", "person": f"{_SCHEMA}Person", "organization": f"{_SCHEMA}Organization",
    "place": f"{_SCHEMA}Place", "article": f"{_SCHEMA}NewsArticle",
}  # fmt: skip
_LISTS = {"person": "people", "organization": "organizations", "place": "places", "article": "articles"}


def thing_signposts(current: Snapshot, urls: Urls, key: str, chosen: Format, license_iri: str) -> list[str]:
    """Return the links of a document about a thing.

    A page is the landing page: it has the IRI to cite, authors, and descriptions in other formats. These lead back.

    :param chosen: format of the document.
    """
    kind, _, rest = key.partition("/")
    iri = current.iris.thing(key)
    links = [link(iri, "describes"), link(iri, "cite-as"), link(urls.document(key), "canonical")]
    types = [TYPES[kind]] if kind in TYPES and "/" not in rest else []
    if "/claim/" in key:
        types = [f"{_SCHEMA}Claim"]
    if chosen is HTML:
        types.insert(0, f"{_SCHEMA}AboutPage")
        links += [link(urls.document(key, form.extension), "describedby", form.media_type) for form in GRAPHS]
        links.append(link(urls.document(key, GRAPHS[0].extension), "item", GRAPHS[0].media_type))
    links += [link(one, "type") for one in types]
    if license_iri:
        links.append(link(license_iri, "license"))
    if kind == "article" and not rest.count("/"):
        links += [link(author, "author") for author in _authors(current, key)]
    collection = urls.timeline() if kind == "event" else urls.listing(_LISTS[kind]) if kind in _LISTS else urls.void()
    return [*links, link(collection, "collection", HTML.media_type)]


def dataset_signposts(current: Snapshot, urls: Urls, license_iri: str) -> list[str]:
    """Return the links of a page about the dataset: the front page, and that of figures."""
    links = [link(current.iris.base, "cite-as"), link(f"{_SCHEMA}AboutPage", "type"), link(f"{_SCHEMA}Dataset", "type")]
    links += [link(urls.void([("format", form.name)]), "describedby", form.media_type) for form in GRAPHS]
    links += [link(urls.dumps(dump.name), "item", dump.format.media_type) for dump in DUMPS]
    return [*links, link(license_iri, "license")] if license_iri else links


def page_links(page: Linked, address: str) -> list[str]:
    """Return the links from one page of a description to the others.

    :param address: path of the description; its query string is left out.
    """

    def url(number: int) -> str:
        return f"{address}?page={number}" if number > 1 else address

    numbers = {"first": 1, "prev": page.page - 1, "next": page.page + 1, "last": page.pages}
    if page.pages == 1:
        return []
    return [link(url(number), relation) for relation, number in numbers.items() if 1 <= number <= page.pages]


def _authors(current: Snapshot, key: str) -> list[str]:
    node = current.node(key)
    rows = select(current.store, "thing", thing=node) if node is not None else []
    found = {row["o"].value for row in rows if row["p"].value == f"{_SCHEMA}author"}
    return sorted(iri for iri in found if outside(iri))
