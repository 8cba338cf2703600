"""Where a remote store is and what its kind wants: the setting ``remote_store``, and ``data/remote/kinds.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from graph.errors import InputError
from graph.files import data_path
from graph.sources.reading import is_web_iri

__all__ = ["SETTING", "Address", "read_address"]

SETTING = "PARLEY_REMOTE_STORE"
_EXAMPLE = "fuseki+http://127.0.0.1:3030/parley"


@dataclass(frozen=True, slots=True)
class Address:
    """A remote store's URLs and habits; what each of them means stands in ``data/remote/kinds.toml``.

    :param graphs: URL that takes N-Quads by POST; empty if none does.
    :param merge: IRI of the named graph of the merge; empty for the default graph.
    """

    kind: str
    query: str
    update: str
    graphs: str
    merge: str
    apart: bool
    auth: str
    batch: int
    most: int
    page: int
    refused: tuple[str, ...]
    timeout: str


def read_address(setting: str, base: str) -> Address:
    """Read the setting: ``KIND+URL``, and the URL for updates after it where that does not follow from the first.

    :param base: base IRI of the dataset.
    :raises InputError: if it is empty, the kind is not known, or a URL is none.

    >>> read_address("fuseki+http://127.0.0.1:3030/parley", "https://parley.example/").update
    'http://127.0.0.1:3030/parley/update'
    """
    if not setting.strip():
        raise InputError("no remote store is set", f"set {SETTING} to its kind and URL, such as {_EXAMPLE}")
    first, *others = setting.split()
    kind, _, url = first.partition("+")
    known = _kinds()
    if kind not in known:
        raise InputError(f"{SETTING}: {kind[:40]!r} is no kind of store", f"begin with one of {', '.join(known)} and +")
    if len(others) > 1:
        raise InputError(f"{SETTING} has more than two URLs", f"write KIND+URL, such as {_EXAMPLE}")
    for each in (url, *others):
        if not is_web_iri(each) or "@" in urlsplit(each).netloc or urlsplit(each).query:
            remedy = f"write KIND+URL, such as {_EXAMPLE}; name and password have settings of their own"
            raise InputError(f"{SETTING} has no plain http or https URL", remedy)
    table, url = known[kind], url.rstrip("/") if known[kind]["query"] else url
    return Address(
        kind=kind,
        query=url + table["query"],
        update=others[0] if others else url + table["update"],
        graphs="" if table["graphs"] == "-" else url + table["graphs"],
        merge=base + table["merge"] if table["merge"] else "",
        refused=tuple(table["refused"]),
        **{name: table[name] for name in ("apart", "auth", "batch", "most", "page", "timeout")},
    )


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    return tomllib.loads(data_path("remote", "kinds.toml").read_text("utf-8"))
