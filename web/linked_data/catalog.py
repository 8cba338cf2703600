"""The description of the dataset: VoID for its content and DCAT for its files and services.

(Describing Linked Datasets with the VoID Vocabulary, W3C interest group note 2011; Data Catalog Vocabulary version 3,
W3C recommendation 2024; checksums in the terms of SPDX.)
"""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from graph.vocabulary import DCT, OWL, PREFIXES, RDF, RDFS, VOID, XSD
from web.figures import Figures
from web.linked_data.dumps import DUMPS, Dump, DumpFile
from web.linked_data.structured import DESCRIPTION, TITLE
from web.published import Snapshot
from web.timeline.timeline import timeline

__all__ = ["CATALOG_PREFIXES", "describe_dataset"]

_DCAT = "http://www.w3.org/ns/dcat#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_SPDX = "http://spdx.org/rdf/terms#"
#: Prefixes of the description, besides the usual ones.
CATALOG_PREFIXES = {"dcat": _DCAT, "spdx": _SPDX}
_TYPE, _LABEL = str(RDF.type), str(RDFS.label)
_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_IANA = "https://www.iana.org/assignments/media-types/"
_THEME = "http://eurovoc.europa.eu/2467"  # EuroVoc: international relations

_Value = ox.NamedNode | ox.Literal


def describe_dataset(
    current: Snapshot, counts: Figures, written: Mapping[str, DumpFile], license_iri: str
) -> Iterator[ox.Triple]:
    """Yield what is said of the dataset, its files and its services.

    :param counts: how much is in it.
    :param written: dumps by name; of those that are not there sizes and checksums are left out.
    """
    base = current.iris.base
    span = timeline(current).span
    period = f"{base}.well-known/void#period"
    yield from _say(
        base,
        (_TYPE, _iri(str(VOID.Dataset))),
        (_TYPE, _iri(f"{_DCAT}Dataset")),
        *_named(TITLE),
        (str(DCT.description), ox.Literal(DESCRIPTION, language="en")),
        *_licensed(license_iri),
        (str(DCT.modified), _typed(current.published_at.isoformat(), "dateTime")),
        (f"{_DCAT}version", ox.Literal(str(current.number))),
        (str(OWL.versionInfo), ox.Literal(str(current.number))),
        (str(DCT.language), _iri("http://publications.europa.eu/resource/authority/language/ENG")),
        (f"{_DCAT}theme", _iri(_THEME)),
        *((f"{_DCAT}keyword", ox.Literal(word, language="en")) for word in ("diplomacy", "summits", "news")),
        (f"{_DCAT}landingPage", _iri(base)),
        (f"{_FOAF}homepage", _iri(base)),
        *([(str(DCT.temporal), _iri(period))] if span else []),
        (str(VOID.sparqlEndpoint), _iri(f"{base}sparql")),
        (str(VOID.uriSpace), ox.Literal(f"{base}id/")),
        (str(VOID.triples), _count(counts.triples)),
        (str(VOID.entities), _count(counts.entities)),
        (str(VOID.classes), _count(len(counts.classes))),
        (str(VOID.properties), _count(len(counts.properties))),
        *((str(VOID.dataDump), _iri(f"{base}dumps/{dump.name}")) for dump in DUMPS),
        *((f"{_DCAT}distribution", _iri(f"{base}dumps/{dump.name}")) for dump in DUMPS),
        *((str(VOID.feature), _iri(f"http://www.w3.org/ns/formats/{form}")) for form in _FORMATS),
        *((str(VOID.vocabulary), _iri(namespace)) for namespace in PREFIXES.values()),
    )
    if span is not None:
        yield from _say(
            period,
            (_TYPE, _iri(str(DCT.PeriodOfTime))),
            (f"{_DCAT}startDate", _typed(span[0].isoformat(), "date")),
            (f"{_DCAT}endDate", _typed(span[1].isoformat(), "date")),
        )
    for dump in DUMPS:
        yield from _distribution(current, dump, written.get(dump.name), license_iri)
    yield from _services(base, license_iri)
    yield from _partitions(base, "class", "entities", counts.classes)
    yield from _partitions(base, "property", "triples", counts.properties)


def _distribution(current: Snapshot, dump: Dump, file: DumpFile | None, license_iri: str) -> Iterator[ox.Triple]:
    base = current.iris.base
    iri = f"{base}dumps/{dump.name}"
    yield from _say(
        iri,
        (_TYPE, _iri(f"{_DCAT}Distribution")),
        *_named(f"{dump.format.label}, {dump.holds}"),
        *_licensed(license_iri),
        (str(DCT.modified), _typed(current.published_at.isoformat(), "dateTime")),
        (f"{_DCAT}accessURL", _iri(f"{base}dumps")),
        # Of this generation and no later one, so that size and checksum are those of what is got.
        (f"{_DCAT}downloadURL", _iri(f"{iri}?generation={current.number}")),
        (f"{_DCAT}mediaType", _iri(_IANA + dump.format.media_type)),
        (f"{_DCAT}compressFormat", _iri(f"{_IANA}application/gzip")),
    )
    if file is None:
        return
    checksum = f"{iri}#sha256"
    yield from _say(
        iri,
        (f"{_DCAT}byteSize", _typed(str(file.size), "nonNegativeInteger")),
        (f"{_SPDX}checksum", _iri(checksum)),
        (str(VOID.triples), _count(file.statements)),
    )
    yield from _say(
        checksum,
        (_TYPE, _iri(f"{_SPDX}Checksum")),
        (f"{_SPDX}algorithm", _iri(f"{_SPDX}checksumAlgorithm_sha256")),
        (f"{_SPDX}checksumValue", _typed(file.sha256, "hexBinary")),
    )


def _services(base: str, license_iri: str) -> Iterator[ox.Triple]:
    catalog, stream = f"{base}.well-known/void#catalog", f"{base}ldes#stream"
    yield from _say(
        catalog,
        (_TYPE, _iri(f"{_DCAT}Catalog")),
        *_named("Parley"),
        (
            str(DCT.description),
            ox.Literal("The dataset, its changes, and the services that answer from it.", language="en"),
        ),
        *_licensed(license_iri),
        (f"{_FOAF}homepage", _iri(base)),
        (f"{_DCAT}dataset", _iri(base)),
        (f"{_DCAT}dataset", _iri(stream)),
        (f"{_DCAT}service", _iri(f"{base}sparql")),
    )
    yield from _say(
        f"{base}sparql",
        (_TYPE, _iri(f"{_DCAT}DataService")),
        *_named("SPARQL endpoint"),
        (f"{_DCAT}endpointURL", _iri(f"{base}sparql")),
        (f"{_DCAT}endpointDescription", _iri(f"{base}sparql")),
        (str(DCT.conformsTo), _iri("http://www.w3.org/TR/sparql11-protocol/")),
        (f"{_DCAT}servesDataset", _iri(base)),
    )
    yield from _say(
        stream,
        (_TYPE, _iri(f"{_DCAT}Dataset")),
        *_named("Changes of events, people, organizations, places and articles"),
        *_licensed(license_iri),
        (f"{_DCAT}landingPage", _iri(f"{base}ldes")),
        (str(DCT.source), _iri(base)),
        (str(DCT.conformsTo), _iri("https://w3id.org/ldes/specification")),
    )


def _partitions(base: str, what: str, counted: str, counts: Mapping[str, int]) -> Iterator[ox.Triple]:
    for number, (iri, count) in enumerate(counts.items(), 1):
        part = f"{base}.well-known/void#{what}-{number}"
        yield from _say(base, (f"{VOID}{what}Partition", _iri(part)))
        yield from _say(part, (f"{VOID}{what}", _iri(iri)), (f"{VOID}{counted}", _count(count)))


def _say(subject: str, *said: tuple[str, _Value]) -> Iterator[ox.Triple]:
    return (ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value) for predicate, value in said)


def _named(name: str) -> tuple[tuple[str, _Value], ...]:
    return (str(DCT.title), ox.Literal(name, language="en")), (_LABEL, ox.Literal(name, language="en"))


def _licensed(license_iri: str) -> list[tuple[str, _Value]]:
    return [(str(DCT.license), _iri(license_iri))] if license_iri else []


def _iri(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _count(number: int) -> ox.Literal:
    return _typed(str(number), "integer")


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(str(XSD) + datatype))
