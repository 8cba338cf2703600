"""All URLs of the application, from one builder. Links are paths, so pages work under any host name and mount point."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["Urls", "outside"]

#: Characters of a key that stand in a path as they are.
_SAFE = "/-._~!$&'()*+,;=:@"
#: What has no language: files, IRIs, formats of data (``people.csv``), what programs ask.
_NOT_A_PAGE = re.compile(
    r"(?:id|static|dumps|sparql)/|(?:oembed|feed)\Z"
    r"|.*\.(?:atom|bib|csl|csv|geojson|ics|json|jsonld|nq|nt|png|rdf|srj|srx|timelinejs|trig|tsv|ttl|txt|xml)\Z"
)
_UNWANTED = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")

Pairs = Iterable[tuple[str, str]]


def outside(url: str | None) -> str | None:
    """Return a URL found in the data if it is safe to link to: http or https with a host, no control characters.

    >>> outside("https://news.example/1"), outside("javascript:alert(1)"), outside("https://"), outside(" http://x.example")
    ('https://news.example/1', None, None, None)
    """
    if not url or _UNWANTED.search(url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises for a port that is no number
    except ValueError:
        return None
    return url if parts.scheme.casefold() in ("http", "https") and parts.hostname else None


class Urls:
    """Builds the URLs of one application.

    :param root: path that the application is mounted at, without a slash at its end; empty at the top of a host.
    :param language: language of pages that links carry on, where the address of a page names one.

    >>> Urls().document("article/81c930f8a2b4/report/2", "ttl")
    '/article/81c930f8a2b4/report/2.ttl'
    >>> Urls("/parley").thing("person/習近平")
    '/parley/id/person/%E7%BF%92%E8%BF%91%E5%B9%B3'
    >>> Urls(language="fr").listing("people"), Urls(language="fr").listing("people", "csv")
    ('/people?lang=fr', '/people.csv')
    """

    def __init__(self, root: str = "", language: str | None = None) -> None:
        self.root = root.rstrip("/")
        self.language = language

    def _path(self, path: str, pairs: Pairs = ()) -> str:
        pairs = list(pairs)
        if self.language and not _NOT_A_PAGE.match(path) and all(name != "lang" for name, _ in pairs):
            pairs.append(("lang", self.language))
        query = urlencode(pairs)
        return f"{self.root}/{quote(path, safe=_SAFE)}{'?' if query else ''}{query}"

    def same(self, path: str, pairs: Pairs) -> str:
        """Return a path of this application, as a request names it, with other parameters."""
        return self._path(path.lstrip("/"), pairs)

    def thing(self, key: str) -> str:
        """Return the path of a thing's IRI, which redirects to its document."""
        return self._path(f"id/{key}")

    def document(self, key: str, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of a thing's document, in one format (``ttl``, ``html`` ...) or negotiated."""
        return self._path(f"{key}.{form}" if form else key, pairs)

    def timeline(self, pairs: Pairs = ()) -> str:
        """Return the path of the timeline with these filters."""
        return self._path("", pairs)

    def events(self, form: str, pairs: Pairs = ()) -> str:
        """Return the path of the timeline's twin (``json``, ``csv``, ``ics``), or of the feed of changes: ``atom``."""
        return self._path(f"events.{form}", pairs)

    def timeline_print(self, pairs: Pairs = ()) -> str:
        """Return the path of the timeline as it is printed."""
        return self._path("print", pairs)

    def embedded(self, key: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the timeline, or of a thing of it, as other sites show it in a frame.

        >>> Urls().embedded(pairs=[("from", "2019")]), Urls().embedded("person/ana-petrova")
        ('/embed?from=2019', '/embed/person/ana-petrova')
        """
        return self._path(f"embed/{key}" if key else "embed", pairs)

    def oembed(self, url: str, form: str) -> str:
        """Return the path of what other sites need to embed a page of this application (oEmbed)."""
        return self._path("oembed", [("url", url), ("format", form)])

    def preview(self, key: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the picture that stands for the timeline, or a thing, where others link to it.

        >>> Urls().preview(), Urls().preview("person/ana-petrova")
        ('/preview.png', '/preview/person/ana-petrova.png')
        """
        return self._path(f"preview/{key}.png" if key else "preview.png", pairs)

    def facet(self, facet: str, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the values of a facet of the timeline, in one format or negotiated.

        >>> Urls().facet("person", "json", [("find", "petrova")])
        '/facets/person.json?find=petrova'
        """
        return self._path(f"facets/{facet}.{form}" if form else f"facets/{facet}", pairs)

    def on_this_day(self, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the events of one day of all years, in one format or negotiated."""
        return self._path(f"on-this-day.{form}" if form else "on-this-day", pairs)

    def listing(self, name: str, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of a list: ``people``, ``organizations``, ``places`` or ``articles``."""
        return self._path(f"{name}.{form}" if form else name, pairs)

    def static(self, name: str, version: str = "") -> str:
        """Return the path of a static file; the version makes it new for caches."""
        return self._path(f"static/{name}", [("v", version)] if version else ())

    def sparql(self, query: str | None = None, form: str | None = None, view: str | None = None) -> str:
        """Return the path of the SPARQL endpoint, perhaps with a query, the format of its result and a view of it."""
        pairs = (("query", query), ("format", form), ("view", view))
        return self._path("sparql", [(name, value) for name, value in pairs if value])

    def completion(self, what: str) -> str:
        """Return the path of what an editor of queries completes from: ``terms`` or ``names``."""
        return self._path(f"sparql/{what}.json")

    def queries(self, form: str | None = None) -> str:
        """Return the path of the list of named queries, in one format or negotiated."""
        return self._path(f"queries.{form}" if form else "queries")

    def query(self, name: str, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of a named query with these values, in one format (``csv``, ``json``) or negotiated.

        >>> Urls().query("meetings-of-a-person", "csv", [("person", "ana-petrova")])
        '/queries/meetings-of-a-person.csv?person=ana-petrova'
        """
        return self._path(f"queries/{name}.{form}" if form else f"queries/{name}", pairs)

    def ontology(self, form: str | None = None, term: str | None = None) -> str:
        """Return the path of the ontology, in one format or negotiated, or of one term on its page.

        >>> Urls().ontology(), Urls().ontology("ttl"), Urls().ontology(term="Summit")
        ('/ontology', '/ontology.ttl', '/ontology#Summit')
        """
        return self._path(f"ontology.{form}" if form else "ontology") + (f"#{quote(term)}" if term else "")

    def shapes(self, name: str | None = None, form: str | None = None) -> str:
        """Return the path of all shapes, or of one file of them, in one format or negotiated.

        >>> Urls().shapes(), Urls().shapes(form="ttl"), Urls().shapes("report", "ttl")
        ('/shapes', '/shapes.ttl', '/shapes/report.ttl')
        """
        path = f"shapes/{name}" if name else "shapes"
        return self._path(f"{path}.{form}" if form else path)

    def void(self, pairs: Pairs = ()) -> str:
        """Return the path of the dataset's description."""
        return self._path(".well-known/void", pairs)

    def dumps(self, name: str | None = None) -> str:
        """Return the path of the list of dumps, or of one dump."""
        return self._path(f"dumps/{name}" if name else "dumps")

    def disagreements(self, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the page of disagreements, or of its twin: ``ttl``, ``csv``, ``json``, ``atom`` ..."""
        return self._path(f"disagreements.{form}" if form else "disagreements", pairs)

    def curations(self, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the list of curations, in one format or negotiated."""
        return self._path(f"curations.{form}" if form else "curations", pairs)

    def citation(self, form: str) -> str:
        """Return the path of the dataset as bibliographies have it: ``bib``, ``csl``."""
        return self._path(f"citation.{form}")

    def compare(self, form: str | None = None, pairs: Pairs = ()) -> str:
        """Return the path of the comparison of two things, in one format or negotiated.

        >>> Urls().compare("json", [("a", "person/ana-petrova"), ("b", "person/tom-harding")])
        '/compare.json?a=person%2Fana-petrova&b=person%2Ftom-harding'
        """
        return self._path(f"compare.{form}" if form else "compare", pairs)

    def ldes(self, page: int | None = None, form: str | None = None) -> str:
        """Return the path of the stream of changes, or of one of its pages, in one format or negotiated.

        >>> Urls().ldes(), Urls().ldes(form="ttl"), Urls().ldes(3), Urls().ldes(3, "ttl")
        ('/ldes', '/ldes.ttl', '/ldes/3', '/ldes/3.ttl')
        """
        path = "ldes" if page is None else f"ldes/{page}"
        return self._path(f"{path}.{form}" if form else path)

    def feed(self) -> str:
        """Return the path of the Atom feed of the latest articles."""
        return self._path("feed")
