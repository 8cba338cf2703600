"""Guards for XML of strangers."""

import re

from graph.errors import InputError

__all__ = ["refuse_entities"]

_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)


def refuse_entities(raw: bytes) -> None:
    """Refuse XML that declares entities: feeds and sitemaps need none, attacks do (billion laughs, external entities).

    :raises InputError: if it does.
    """
    plain = raw.replace(b"\x00", b"") if b"\x00" in raw[:4] or raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw
    if _ENTITY.search(plain):
        raise InputError("it declares XML entities", "such files are refused, because they can be made to attack")
