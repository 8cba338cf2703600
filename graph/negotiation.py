"""Media types in one table, and the choice among them by a client's ``Accept`` (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from graph.errors import ParleyError

__all__ = [
    "BINDINGS", "DATASETS", "FORMATS", "GRAPHS", "Choice", "Format", "MediaRange", "NotAcceptableError",
    "choose", "find_format", "negotiate", "parse_accept",
]  # fmt: skip


# Longest header whose choice is remembered.
_SHORT = 1000


class NotAcceptableError(ParleyError):
    """The client accepts none of the formats that there are."""

    status = 406


@dataclass(frozen=True, slots=True)
class Format:
    """A format that we write.

    :param name: its name in ``format=`` parameters and ``--format`` options.
    :param media_type: what it is sent as.
    :param extension: ending of a document's URL or a file, without the dot.
    :param label: name for people.
    :param aliases: other media types that ask for it and are then sent as its type.
    :param charset: whether the ``Content-Type`` names UTF-8.
    """

    name: str
    media_type: str
    extension: str
    label: str
    aliases: tuple[str, ...] = ()
    charset: bool = False

    def content_type(self, media_type: str | None = None) -> str:
        """Return the value of ``Content-Type``, for this media type of the format or its first one."""
        return (media_type or self.media_type) + ("; charset=utf-8" if self.charset else "")


_TABLE = (
    Format("html", "text/html", "html", "HTML", ("application/xhtml+xml",), charset=True),
    Format("turtle", "text/turtle", "ttl", "Turtle", ("application/x-turtle",), charset=True),
    Format("ntriples", "application/n-triples", "nt", "N-Triples", ("text/plain",)),
    Format("jsonld", "application/ld+json", "jsonld", "JSON-LD", ("application/json",)),
    Format("rdfxml", "application/rdf+xml", "rdf", "RDF/XML", ("application/xml", "text/xml")),
    Format("nquads", "application/n-quads", "nq", "N-Quads"),
    Format("trig", "application/trig", "trig", "TriG"),
    Format("json", "application/sparql-results+json", "srj", "JSON", ("application/json",)),
    Format("xml", "application/sparql-results+xml", "srx", "XML", ("application/xml", "text/xml")),
    Format("csv", "text/csv", "csv", "CSV", charset=True),
    Format("tsv", "text/tab-separated-values", "tsv", "TSV", charset=True),
    Format("data", "application/json", "json", "JSON"),
    Format("text", "text/plain", "txt", "text", charset=True),
    Format("ics", "text/calendar", "ics", "iCalendar", charset=True),
    Format("atom", "application/atom+xml", "atom", "Atom", charset=True),
    # No media type of its own: it is asked for by its ending.
    Format("timelinejs", "application/json", "timelinejs", "TimelineJS"),
    Format("png", "image/png", "png", "PNG"),
    Format("bibtex", "application/x-bibtex", "bib", "BibTeX", ("text/x-bibtex",), charset=True),
    Format("csl", "application/vnd.citationstyles.csl+json", "csl", "CSL-JSON"),
)

#: Every format by its name.
FORMATS: MappingProxyType[str, Format] = MappingProxyType({f.name: f for f in _TABLE})
#: Formats of a SELECT or ASK result, the preferred one first (SPARQL 1.1 Query Results JSON, XML, CSV and TSV).
BINDINGS: tuple[Format, ...] = tuple(FORMATS[name] for name in ("json", "xml", "csv", "tsv"))
#: Formats of one graph, the preferred one first.
GRAPHS: tuple[Format, ...] = tuple(FORMATS[name] for name in ("turtle", "ntriples", "jsonld", "rdfxml"))
#: Formats of a graph that may come with its name (RDF 1.1 TriG, N-Quads), after those that leave it out.
DATASETS: tuple[Format, ...] = (*GRAPHS, FORMATS["trig"], FORMATS["nquads"])


class MediaRange(NamedTuple):
    """One element of ``Accept``: type and subtype (``*`` for any), parameters other than ``q``, weight from 0 to 1."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    def specificity(self, media_type: str) -> int:
        """Return how exactly this range names a media type: 0 not at all, 1 ``*/*``, 2 ``type/*``, 3 the type itself.

        A range with parameters names only what has them too, and we send none but ``charset`` and ``version``.
        """
        kind, _, subtype = media_type.partition("/")
        if any(name not in ("charset", "profile", "level", "version") for name, _ in self.parameters):
            return 0
        if self.type == "*":
            return 1
        if self.type != kind:
            return 0
        return 2 if self.subtype == "*" else 3 if self.subtype == subtype else 0


class Choice(NamedTuple):
    """What was chosen: the format, and the media type of it that the client named."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``."""
        return self.format.content_type(self.media_type)


def parse_accept(header: str | None) -> tuple[MediaRange, ...]:
    """Parse ``Accept``; no header, or an empty one, is ``*/*``. An element that is malformed is passed over.

    >>> [(r.subtype, r.weight) for r in parse_accept("text/turtle;q=0.5, application/json")]
    [('turtle', 0.5), ('json', 1.0)]
    """
    if header is None or not header.strip():
        return (MediaRange("*", "*", frozenset(), 1.0),)
    ranges = []
    for element in _split(header, ","):
        parts = [part.strip() for part in _split(element, ";")]
        kind, slash, subtype = parts[0].lower().partition("/")
        if parts[0] == "*":  # sent by old clients for */*
            kind, slash, subtype = "*", "/", "*"
        if not slash or not kind or not subtype or (kind == "*" and subtype != "*"):
            continue
        parameters = set()
        weight: float | None = 1.0
        for part in parts[1:]:
            name, _, value = part.partition("=")
            name, value = name.strip().lower(), value.strip().strip('"')
            if name == "q":
                weight = _weight(value)
                break  # what follows are accept-ext parameters of RFC 7231, which mean nothing here
            if name:
                parameters.add((name, value.lower()))
        if weight is not None:
            ranges.append(MediaRange(kind, subtype, frozenset(parameters), weight))
    return tuple(ranges)


def choose(header: str | None, offers: Iterable[Format]) -> Choice | None:
    """Return the offer that a client likes best, or None if it accepts none.

    For each offer the most specific range decides its weight. Equal weights: the range that names it more exactly, then
    the order of the offers. An alias is weighed after the format's own media type.

    >>> choose("text/csv;q=0.9, */*;q=0.1", BINDINGS).media_type
    'text/csv'
    >>> choose("image/png", BINDINGS) is None
    True
    """
    ranges = parse_accept(header)
    best: tuple[float, int, int] | None = None
    choice: Choice | None = None
    for offer in offers:
        for rank, media_type in enumerate((offer.media_type, *offer.aliases)):
            weight, exactness = _quality(ranges, media_type)
            # A wildcard asks for the format as we name it, not for one of its other names.
            if weight <= 0 or (rank and exactness < 3):
                continue
            score = (weight, 1 if exactness == 3 else 0, 0 if rank else 1)
            if best is None or score > best:
                best, choice = score, Choice(offer, media_type)
    return choice


# Clients send the same few headers again and again; a long one is not worth its place.
@lru_cache(maxsize=256)
def _choose_short(header: str | None, offers: tuple[Format, ...]) -> Choice | None:
    return choose(header, offers)


def _choose(header: str | None, offers: tuple[Format, ...]) -> Choice | None:
    return _choose_short(header, offers) if len(header or "") < _SHORT else choose(header, offers)


def negotiate(header: str | None, offers: Sequence[Format]) -> Choice:
    """Return the offer that a client likes best.

    :raises NotAcceptableError: if it accepts none; the remedy lists what there is.
    """
    choice = _choose(header, tuple(offers))
    if choice is None:
        asked = (header or "")[:100]
        raise NotAcceptableError(
            f"the result cannot be sent as {asked!r}", f"accept one of {', '.join(o.media_type for o in offers)}"
        )
    return choice


def find_format(name: str, offers: Sequence[Format]) -> Choice:
    """Return the offer with this name, extension or media type, as a ``format=`` parameter gives it.

    :raises NotAcceptableError: if none of the offers has it.

    >>> find_format("ttl", GRAPHS).media_type
    'text/turtle'

    Clients write names with marks in them, and ``xml`` or ``json`` for a graph, too:

    >>> find_format("json-ld", GRAPHS).format.name, find_format("xml", GRAPHS).format.name
    ('jsonld', 'rdfxml')
    """
    wanted = name.strip().lower()
    plain = re.sub(r"[+_-]", "", wanted)
    for offer in offers:
        if wanted in (offer.name, offer.extension) or plain == offer.name:
            return Choice(offer, offer.media_type)
    for offer in offers:
        for media_type in (offer.media_type, *offer.aliases):
            if media_type in (wanted, f"application/{wanted}"):
                return Choice(offer, media_type)
    raise NotAcceptableError(
        f"format={name[:40]!r} is not one that this result has", f"choose one of {', '.join(o.name for o in offers)}"
    )


def _quality(ranges: Sequence[MediaRange], media_type: str) -> tuple[float, int]:
    best = (0, 0.0, 0)
    for r in ranges:
        exactness = r.specificity(media_type)
        if exactness:
            # Among equally exact ranges the one with more parameters, then the greater weight.
            best = max(best, (exactness * 10 + min(len(r.parameters), 9), r.weight, exactness))
    return best[1], best[2]


def _weight(value: str) -> float | None:
    try:
        weight = float(value)
    except ValueError:
        return None
    return weight if 0 <= weight <= 1 else None


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside quoted strings."""
    parts, current, quoted, escaped = [], "", False, False
    for character in text:
        if character == separator and not quoted:
            parts.append(current)
            current = ""
            continue
        if character == '"' and not escaped:
            quoted = not quoted
        escaped = character == "\\" and quoted and not escaped
        current += character
    return [*parts, current]
