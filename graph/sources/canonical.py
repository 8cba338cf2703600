"""One address for one page: without what tells only who followed a link from where."""

from functools import cache
from urllib.parse import urlsplit, urlunsplit

from graph.files import read_lines

__all__ = ["canonical_url"]

_PORTS = {"http": 80, "https": 443}


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names of parameters that track, and the beginnings of such names (those that end in ``*``)."""
    names = [line.partition("\t")[0].strip() for line in read_lines("tracking.tsv")]
    return frozenset(n for n in names if not n.endswith("*")), tuple(n[:-1] for n in names if n.endswith("*"))


def canonical_url(url: str) -> str:
    """Return an address without fragment, tracking parameters and default port, scheme and host in lower case.

    The other parameters, and their order, may matter to the server and stay (RFC 3986, section 6.2.2 and 6.2.3).

    >>> canonical_url("HTTPS://News.example:443/1?utm_source=mail&id=7&fbclid=x#top")
    'https://news.example/1?id=7'
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return url
    host = parts.netloc.lower()
    scheme = parts.scheme.lower()
    if port is not None and port == _PORTS.get(scheme):
        host = host.rpartition(":")[0]
    names, beginnings = _tracking()
    kept = [
        pair
        for pair in parts.query.split("&")
        if (name := pair.partition("=")[0].lower()) not in names and not name.startswith(beginnings)
    ]
    return urlunsplit((scheme, host, parts.path, "&".join(kept), ""))
