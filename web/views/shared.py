"""What all pages are made of: links, names, times, quotations."""

from typing import Any

import numpy as np
import pyoxigraph as ox

from graph.index.columns import Column
from graph.vocabulary import OA, PLY, SCHEMA
from web.language import N_
from web.language import gettext as _
from web.published import Snapshot
from web.queries import Row, number, select, text
from web.timeline.confidence import ANY, Minimum
from web.timeline.timeline import Entry, timeline
from web.urls import Urls, outside
from web.views.denials import denies
from web.views.quotations import quotations
from web.words import certain, date_in_words, day, outcome_words, time_in_words

__all__ = [
    "KINDS",
    "OUTCOME_EVIDENCE",
    "PARTS",
    "Json",
    "View",
    "as_printed",
    "kind_of",
    "local_name",
    "published_words",
    "readable",
]

Json = dict[str, Any]

#: Leads to the words by which a report tells how its event came out.
OUTCOME_EVIDENCE = ox.NamedNode(str(PLY.outcomeEvidence))
_EVIDENCE = ox.NamedNode(str(PLY.evidence))
_SELECTOR = ox.NamedNode(str(OA.hasSelector))
_HEADLINE, _PUBLISHED, _PUBLISHER, _GENRE = (
    ox.NamedNode(str(p)) for p in (SCHEMA.headline, SCHEMA.datePublished, SCHEMA.publisher, SCHEMA.genre)
)

#: First part of a key -> what such a thing is called.
KINDS = {
    "event": N_("Event"), "person": N_("Person"), "organization": N_("Organization"), "place": N_("Place"),
    "article": N_("Article"),
    "record": N_("Official record"), "role": N_("Role"), "agent": N_("Program"),
    "curation": N_("Curation"), "curator": N_("Curator"),
}  # fmt: skip
#: Part of an article -> what it is called.
PARTS = {
    "report": N_("Report"), "claim": N_("Claim"), "role": N_("Role as stated"), "time": N_("Time expression"),
    "mention": N_("Mention"),
    "evidence": N_("Evidence"), "position": N_("Position in the text"), "quote": N_("Quotation"),
    "run": N_("Extraction run"),
}  # fmt: skip

#: Part of an event -> what it is called.
_OF_EVENT = {"disagreement": N_("Disagreement"), "participation": N_("Participation")}


def kind_of(key: str) -> str | None:
    """Return what the thing with this key is called; None if no thing has such a key.

    >>> kind_of("article/81c930f8a2b4/report/2"), kind_of("person/ana-petrova"), kind_of("planet/mars")
    ('Report', 'Person', None)
    """
    parts = key.split("/")
    if len(parts) < 2 or not all(parts):
        return None
    if parts[0] == "article" and len(parts) > 2:
        return PARTS.get(parts[2])
    if parts[0] == "event" and len(parts) > 2:
        return _OF_EVENT.get(parts[2])
    return KINDS.get(parts[0])


def local_name(iri: str | None) -> str | None:
    """Return the last part of an IRI.

    >>> local_name("https://parley.example/ontology#Summit")
    'Summit'
    """
    return iri.rstrip("/").rpartition("#" if "#" in iri else "/")[2] if iri else None


def published_words(published: str | None) -> str | None:
    """Return the day that an article was published in words of the page; what is kept for all pages has no language."""
    value = day(published)
    return date_in_words(value) if value else None


def readable(key: str) -> str:
    """Return words for a thing that has no name.

    >>> readable("person/ana-petrova"), readable("article/81c930f8a2b4/report/2")
    ('ana petrova', 'report 2')
    """
    parts = key.split("/")
    return " ".join(parts[2:]) if len(parts) > 2 else parts[-1].replace("-", " ")


def as_printed(headline: str | None, published: str | None, publisher: str | None, genre: str | None) -> Json:
    """Return what lists and citations say of an article.

    :param published: date or time, as RDF has it.
    :param publisher: its key.
    """
    printed = day(published)
    return {
        "headline": headline or "Untitled article",
        "published": printed.isoformat() if printed else None,
        "publisher": publisher or None,
        "genre": genre or None,
    }


class View:
    """Reads things from one generation, with links below one mount point.

    :param minimum: the least confidence that events, reports, claims and times on a page must have.
    """

    def __init__(self, snapshot: Snapshot, urls: Urls, minimum: Minimum = ANY) -> None:
        self.snapshot = snapshot
        self.minimum = minimum
        self.store = snapshot.store
        self.iris = snapshot.iris
        self.urls = urls
        self.timeline = timeline(snapshot)
        self._links: dict[str, Json] = {}
        self._articles: dict[str, Json] = {}

    def link(self, key: str, name: str | None = None) -> Json:
        """Return a link to the thing with this key, under its own name or another."""
        # A page leads to few things many times; each caller has a dictionary of its own.
        known = self._links.get(key)
        if known is None:
            named = self.timeline.name(key)
            entry = self.timeline.entry(key) if named is None else None
            known = self._know(key, entry.label if entry else named)
        return {**known, "name": name or known["name"]}

    def _know(self, key: str, name: str | None) -> Json:
        known = self._links[key] = {
            "key": key,
            "name": name or readable(key),
            "iri": self.iris.thing(key),
            "url": self.urls.document(key),
            "kind": kind_of(key) or N_("Thing"),
        }
        return known

    def properties(self, key: str) -> dict[str, list[str]]:
        """Return what is said of a thing: IRI of a property -> its values as text; empty if there is no such thing."""
        node = self.snapshot.node(key)
        found: dict[str, list[str]] = {}
        for row in select(self.store, "thing", thing=node) if node is not None else ():
            found.setdefault(row["p"].value, []).append(row["o"].value)
        return found

    def link_iri(self, iri: str, name: str | None = None) -> Json:
        """Return a link to a thing of this dataset, or to an outside page if its IRI is safe to link to."""
        key = self.iris.key(iri)
        if key is not None:
            return self.link(key, name)
        if iri.startswith(PLY):  # the namespace resolves nowhere by itself: every server answers for it
            term = iri.removeprefix(PLY)
            return {"key": None, "name": name or term, "iri": iri, "url": self.urls.ontology(term=term), "kind": "Term"}
        return {"key": None, "name": name or iri, "iri": iri, "url": outside(iri), "kind": "Outside"}

    def when(self, row: Row) -> Json:
        """Return a time from the variables ``time``, ``earliest``, ``latest``."""
        return self.time(text(row, "time"), text(row, "earliest"), text(row, "latest"))

    def time(self, edtf: str | None, earliest: str | None, latest: str | None) -> Json:
        """Return a time with its words."""
        return {
            "words": time_in_words(edtf, day(earliest), day(latest)),
            "edtf": edtf,
            "earliest": earliest,
            "latest": latest,
            "certain": certain(edtf),
        }

    def event(self, entry: Entry) -> Json:
        """Return an event as lists show it."""
        return {
            **(self._links.get(entry.key) or self._know(entry.key, entry.label)),
            "type": entry.type,
            "status": entry.status,
            "when": self.time(
                entry.edtf,
                entry.earliest.isoformat() if entry.earliest else None,
                entry.latest.isoformat() if entry.latest else None,
            ),
            "actors": [self.link(key) for key in entry.actors],
            "places": [self.link(key) for key in entry.places],
            "sources": len(entry.sources),
            "record": "official-records" in entry.sources,
            "confidence": entry.confidence,
            "outcomes": [self.outcome(name) for name in entry.outcomes],
        }

    def outcome(self, name: str) -> Json:
        """Return a link to an outcome of events, under its name in the ontology."""
        return self.link_iri(str(PLY[name]), outcome_words(name))

    def printed(self, key: str) -> Json:
        """Return headline, date, publisher and genre of an article or related item; nothing if it is none."""
        known = self._articles.get(key)
        if known is None:
            known = self._articles[key] = self._read_article(key)
        return known

    def know_printed(self, key: str, published: str, publisher: str, genre: str) -> None:
        """Take from the index what else :meth:`printed` would look up; what there is not is empty."""
        if key in self.timeline.names and key not in self._articles:
            self._articles[key] = as_printed(self.timeline.names[key], published, publisher, genre)

    def _read_article(self, key: str) -> Json:
        # Look-ups, and no query for each: a page may cite hundreds.
        node = self.snapshot.node(key)
        headlines = [] if node is None else self._texts(node, _HEADLINE)
        if node is None or not headlines:
            return {}
        published, publisher, genre = (
            min(self._texts(node, of), default="") for of in (_PUBLISHED, _PUBLISHER, _GENRE)
        )  # fmt: skip
        return as_printed(min(headlines), published, self.iris.key(publisher), genre)

    def article(self, key: str) -> Json:
        """Return an article as citations show it."""
        known = self.printed(key)
        publisher = known.get("publisher")
        return {
            **self.link(key, known.get("headline")),
            "published": known.get("published"),
            "published_words": published_words(known.get("published")),
            "publisher": self.link(publisher) if publisher else None,
            "genre": known.get("genre"),
        }

    def article_of(self, iri: str | None) -> Json | None:
        """Return the article with this IRI; None if it is none of this dataset."""
        key = self.iris.key(iri) if iri else None
        return self.article(key) if key and key.startswith("article/") else None

    def quotes(self, iri: str, of: ox.NamedNode = _EVIDENCE) -> list[Json]:
        """Return the words that a report, claim, role, time or mention rests on, or that it is, in order of text.

        :param of: the property that leads to them: another one for those that tell how an event came out.
        """
        # Look-ups, and no query for each: a page may have hundreds of claims.
        thing = ox.NamedNode(iri)
        things = [*self._values(thing, of), *([thing] if of == _EVIDENCE else [])]
        selected = {
            evidence.value: {
                local_name(quad.predicate.value): quad.object.value
                for selector in self._values(evidence, _SELECTOR)
                for quad in self.store.quads_for_pattern(selector, None, None, ox.DefaultGraph())
                if isinstance(quad.object, ox.Literal)
            }
            for evidence in things
        }
        found = [
            {
                **self.link_iri(evidence),
                "prefix": said.get("prefix", ""),
                "exact": said["exact"],
                "suffix": said.get("suffix", ""),
                "start": _number(said.get("start")),
                "end": _number(said.get("end")),
            }
            for evidence, said in selected.items()
            if "exact" in said
        ]
        return sorted(found, key=lambda q: (q["start"] is None, q["start"], q["iri"]))

    def _texts(self, thing: ox.NamedNode, of: ox.NamedNode) -> list[str]:
        found = (quad.object for quad in self.store.quads_for_pattern(thing, of, None, ox.DefaultGraph()))
        return [value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal)]

    def _values(self, thing: ox.NamedNode, of: ox.NamedNode) -> list[ox.NamedNode]:
        found = (quad.object for quad in self.store.quads_for_pattern(thing, of, None, ox.DefaultGraph()))
        return [value for value in found if isinstance(value, ox.NamedNode)]

    def claims(self, rows: list[Row], article: str | None = None) -> list[Json]:
        """Return claims from the rows of one of the ``claims_*`` queries, in order of article and text.

        Of claims that are one quotation the first is there, with the others in ``also``.

        :param article: IRI of the article that they are from, where the rows don't say.
        """
        found: dict[str, Json] = {}
        for row in rows:
            iri = row["claim"].value
            key, confidence = self.iris.key(iri), number(row, "confidence")
            if key is None or not self.minimum.admits(confidence):
                continue
            claim = found.get(key)
            if claim is None:
                claim = found[key] = {
                    **self.link(key),
                    "text": text(row, "text") or "",
                    "cue": text(row, "cue"),
                    "denies": denies(text(row, "cue")),
                    "manner": local_name(text(row, "manner")),
                    "speaker_text": text(row, "speakerText"),
                    "confidence": confidence,
                    "speakers": [],
                    "article": self.article_of(text(row, "article") or article),
                    "about": [],
                }
            speaker = self.iris.key(text(row, "speaker") or "")
            if speaker and all(s["key"] != speaker for s in claim["speakers"]):
                claim["speakers"].append(self.link(speaker))
            event = self.iris.key(text(row, "event") or "")
            if event and all(e["key"] != event for e in claim["about"]):
                claim["about"].append(self.link(event))
        for claim in found.values():
            claim["speakers"].sort(key=lambda s: s["key"])
            claim["evidence"] = self.quotes(claim["iri"])
        return self._once(sorted(found.values(), key=_claim_order))

    def _once(self, claims: list[Json]) -> list[Json]:
        """Return claims without those that repeat one before, and with what others have the same words."""
        known, shown = quotations(self.snapshot), dict[str, Json]()
        for claim in claims:
            kept = shown.setdefault(known.first(claim["key"]), claim)
            kept["about"] += [event for event in claim["about"] if event not in kept["about"]]
        for claim in shown.values():
            claim["about"].sort(key=lambda e: e["key"])
            claim["also"] = self._elsewhere(claim["key"], known.same(claim["key"]))
            claim["near"] = self._elsewhere(claim["key"], known.near(claim["key"]))
        return list(shown.values())

    def _elsewhere(self, here: str, claims: list[str]) -> list[Json]:
        """Return other claims, one of each other article, in order of time."""
        one_of = {key.partition("/claim/")[0]: key for key in reversed(claims)}
        one_of.pop(here.partition("/claim/")[0], None)
        found = [{**self.link(key), "article": self.article(article)} for article, key in one_of.items()]
        return sorted(found, key=lambda c: (c["article"]["published"] or "9999", c["key"]))

    def by_speaker(self, claims: list[Json]) -> list[Json]:
        """Group claims by who makes them, those with most claims first; unnamed sources by their words, last."""
        groups: dict[str, Json] = {}
        for claim in claims:
            named = claim["speakers"]
            words = claim["speaker_text"]
            label = _(" and ").join(s["name"] for s in named) or (f"“{words}”" if words else _("Unnamed source"))
            group = groups.setdefault(
                ",".join(s["key"] for s in named) or f"?{(words or '').casefold()}",
                {"name": label, "speakers": named, "claims": []},
            )
            group["claims"].append(claim)
        return sorted(groups.values(), key=lambda g: (not g["speakers"], -len(g["claims"]), g["name"].casefold()))

    def positions(self, facet: str, value: str) -> Column:
        """Return the positions of the events with this value of a facet that are sure enough, in order of time."""
        found, least = self.timeline.positions(facet, value), self.minimum.value
        # What has no confidence is below all there are.
        return found if least is None else found[self.timeline.index.confidence[found] >= least]

    def dated(self, facet: str, value: str) -> Column:
        """Return the positions of those of them that are dated."""
        found = self.positions(facet, value)
        return found[: np.searchsorted(found, self.timeline.index.dated)]

    def timeline_of(self, facet: str, slug: str) -> str:
        """Return the path of the timeline with one value of a facet, and the confidence that this page has."""
        return self.urls.timeline([(facet, slug), *self.minimum.pairs])


def _number(digits: str | None) -> int | None:
    try:
        return int(digits or "")
    except ValueError:
        return None


def _claim_order(claim: Json) -> tuple[str, str, int, str]:
    article = claim["article"] or {}
    first = next((q["start"] for q in claim["evidence"] if q["start"] is not None), 0)
    return (article.get("published") or "9999", article.get("key") or "", first, claim["key"])
