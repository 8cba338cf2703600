"""What a service can be asked about: people, organizations and places of a generation that have no IRI of its yet."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from graph.curation import Action, Curation, Kind, kind_of
from graph.files import data_path
from graph.iris import Iris
from graph.vocabulary import OWL

__all__ = ["Known", "Thing", "open_things"]

_GEONAMES = re.compile(r"https?://sws\.geonames\.org/([0-9]+)/?\Z")
#: An office of up to four words, of which only the title may have capitals, and what it is of.
_OF_COUNTRY = re.compile(r"[\w-]+(?: (?:[a-z][\w-]*|Minister|General|Secretary|Council)){0,3} of (?:the )?(\w.*)\Z")
#: A role of more characters is a stretch of text that was taken for one.
_LONGEST_ROLE = 60
_ROLES, _ALIASES = 3, 5


@dataclass(frozen=True, slots=True)
class Thing:
    """A person, organization or place.

    :param kind: what it is; of a place also which, as in ``place/city``.
    :param aliases: other names of more than one word.
    :param roles: the roles that are stated most.
    :param country: the country that most of its roles are of; empty if none is.
    :param geonames: id at GeoNames; empty if there is none.
    :param mentions: how often articles name it.
    """

    key: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    country: str = ""
    geonames: str = ""
    mentions: int = 0

    def facts(self) -> dict[str, tuple[str, ...]]:
        """Return what can tell it from others of its name, by the names that a schema has for it."""
        single = {"country": self.country, "geonames": self.geonames}
        return {"alias": self.aliases, "role": self.roles, **{k: (v,) if v else () for k, v in single.items()}}


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to ask, and what is decided.

    :param things: those without an IRI of the service, those that articles name most first.
    :param taken: IRI of the service -> key of the thing that has it.
    """

    things: tuple[Thing, ...]
    taken: Mapping[str, str]


def open_things(store: ox.Store, iris: Iris, prefix: str, pending: Iterable[Curation] = ()) -> Known:
    """Return what a service can be asked about.

    :param store: a published generation.
    :param prefix: what the IRIs of the service begin with.
    :param pending: curations, published or not: what they decide is not asked.
    """
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(store, "facts"):
        told[row["thing"].value][row["what"].value].append(row["value"].value)
    taken = {iri: iris.key(thing) or thing for thing, facts in told.items() for iri in facts["same"]}
    closed = {thing for thing, facts in told.items() if any(iri.startswith(prefix) for iri in facts["same"])}
    for curation in pending:
        targets = {target.value for target in curation.targets}
        if curation.action is Action.REJECTION:
            closed |= targets
        elif curation.prop is not None and curation.prop.value == str(OWL.sameAs):
            values = {value.value for value in curation.values}
            taken |= {value: iris.key(min(targets)) or min(targets) for value in values}
            # A correction gives all values that there are.
            if curation.action is Action.CORRECTION or any(value.startswith(prefix) for value in values):
                closed |= targets
    countries = frozenset(row["name"].value for row in _rows(store, "countries"))
    things = []
    for row in _rows(store, "things"):
        key = iris.key(row["thing"].value) or ""
        kind = kind_of(key)
        if row["thing"].value in closed or kind not in (Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE):
            continue
        sort = row["kind"].value.partition("#")[2] if row["kind"] is not None else ""
        things.append(_thing(key, row["name"].value, f"{kind}/{sort}" if sort else str(kind), told, iris, countries))
    things.sort(key=lambda t: (-t.mentions, t.key))
    return Known(tuple(things), taken)


def _thing(
    key: str, name: str, kind: str, told: Mapping[str, Mapping[str, list[str]]], iris: Iris, countries: frozenset[str]
) -> Thing:
    facts = told.get(iris.thing(key), {})
    stated = [role for role in facts.get("role", ()) if len(role) <= _LONGEST_ROLE]
    roles = Counter(role.casefold() for role in stated)
    written = {role.casefold(): role for role in stated}
    lands = Counter(land for role in stated if (land := _country(role, countries)))
    most = lands.most_common(2)
    sure = most and (len(most) == 1 or most[0][1] > most[1][1])
    ids = sorted(match[1] for iri in facts.get("same", ()) if (match := _GEONAMES.match(iri)))
    return Thing(
        key,
        name,
        kind,
        aliases=tuple(alias for alias in facts.get("alias", ()) if " " in alias)[:_ALIASES],
        roles=tuple(written[role] for role, _ in sorted(roles.items(), key=lambda r: (-r[1], r[0]))[:_ROLES]),
        country=most[0][0] if sure else "",
        geonames=ids[0] if len(ids) == 1 else "",
        mentions=sum(int(count) for count in facts.get("mentions", ())),
    )


def _country(role: str, countries: frozenset[str]) -> str:
    """Return the country that a role is of; empty if it names none.

    >>> _country("President of Zubrowka", frozenset({"Zubrowka"}))
    'Zubrowka'

    What has a name in it is no role, but words around one:

    >>> _country("president and Prime Minister Tom Harding of Zubrowka", frozenset({"Zubrowka"}))
    ''
    """
    match = _OF_COUNTRY.match(role)
    return match[1] if match and match[1] in countries else ""


def _rows(store: ox.Store, query: str) -> Iterator[ox.QuerySolution]:
    answer = store.query(data_path("queries", "reconcile", f"{query}.rq").read_text("utf-8"))
    yield from answer if isinstance(answer, ox.QuerySolutions) else ()
