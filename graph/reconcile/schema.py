"""What a service has: its types and properties, and how IRIs are made of its ids. Read from a TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from graph.errors import InputError
from graph.files import data_path
from graph.reconcile.answer import Manifest
from graph.reconcile.things import Thing
from graph.sources.reading import is_web_iri

__all__ = ["FACTS", "Schema"]

FACTS = ("alias", "role", "country", "geonames")
_KINDS = ("person", "organization", "place")
_SORTS = ("country", "city", "region", "site")
_TYPES = frozenset({*_KINDS, *(f"place/{sort}" for sort in _SORTS)})
#: Candidates that are asked for: enough to see whether another one is near.
_CANDIDATES = 5
#: Characters that an id may have in an IRI as they are (RFC 3986, section 3.3).
_SAFE = "/:@!$&'()*+,;=~-._"
_REMEDY = "see docs/reconciliation.md for its form"


@dataclass(frozen=True, slots=True)
class Schema:
    """The types and properties of a service.

    :param entity: the IRI of an entity, with ``{id}`` for its id.
    :param types: kind of thing (``person``, ``place/city``) -> the service's id of the type.
    :param properties: ``person``, ``organization``, ``place`` -> fact -> the service's id of the property.
    """

    entity: str
    types: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, manifest: Manifest, file: str = "") -> "Schema":
        """Return the schema of a service.

        :param file: path of a file that says it; empty for what Parley knows of the service's identifiers.
        :raises InputError: if the file cannot be read, or nothing says how the IRIs of the service are made.
        """
        if file:
            stated = _read(Path(file))
        else:
            known = (_read(path) for path in sorted(data_path("reconciliation").glob("*.toml")))
            stated = next((each for each in known if each.get("space") == manifest.space), {})
        entity = stated.get("entity") or f"{manifest.space}{{id}}"
        if "entity" not in stated and not manifest.space.endswith(("/", "#", "=", ":")):
            cause = f"the identifier space {manifest.space} of {manifest.name} does not say how its IRIs are made"
            raise InputError(cause, "say it in a file, and set PARLEY_RECONCILIATION_SCHEMA to its path")
        return cls(entity, stated.get("types", {}), stated.get("properties", {}))

    @property
    def prefix(self) -> str:
        """What the IRIs of the service's entities begin with."""
        return self.entity.partition("{id}")[0]

    def iri(self, name: str) -> str:
        """Return the IRI of an entity.

        :param name: its id, which may be an IRI already.
        """
        if name.startswith(("http://", "https://")):
            return name if is_web_iri(name) else quote(name, safe=_SAFE + "?#")
        return self.entity.replace("{id}", quote(name, safe=_SAFE))

    def question(self, thing: Thing) -> dict[str, Any]:
        """Return the question about a thing, as the API has it ("Structure of a Reconciliation Query")."""
        kind = thing.kind.partition("/")[0]
        question: dict[str, Any] = {"query": thing.name, "limit": _CANDIDATES}
        wanted = self.types.get(thing.kind) or self.types.get(kind)
        if wanted:
            question["type"] = wanted
        facts = thing.facts()
        properties = [
            {"pid": pid, "v": values[0] if len(values) == 1 else list(values)}
            for fact, pid in self.properties.get(kind, {}).items()
            if (values := facts[fact])
        ]
        if properties:
            question["properties"] = properties
        return question


def _read(path: Path) -> dict[str, Any]:
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "check PARLEY_RECONCILIATION_SCHEMA") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: it is no TOML ({error})", _REMEDY) from None
    for problem in _problems(stated):
        raise InputError(f"{path}: {problem}", _REMEDY)
    return stated


def _problems(stated: dict[str, Any]) -> list[str]:
    problems = [f"there is no {name!r}" for name in stated if name not in ("space", "entity", "types", "properties")]
    entity = stated.get("entity", "http://{id}")
    if not isinstance(entity, str) or "{id}" not in entity or not is_web_iri(entity.replace("{id}", "1")):
        problems.append("'entity' is no IRI with {id} in it")
    types, properties = stated.get("types", {}), stated.get("properties", {})
    if not _is_table(types, _TYPES):
        problems.append(f"'types' gives ids for other things than {', '.join(sorted(_TYPES))}")
    if not isinstance(properties, dict) or not set(properties) <= set(_KINDS):
        problems.append(f"'properties' is of other things than {', '.join(_KINDS)}")
    elif not all(_is_table(table, FACTS) for table in properties.values()):
        problems.append(f"'properties' gives ids for other facts than {', '.join(FACTS)}")
    return problems


def _is_table(value: object, names: Any) -> bool:
    return isinstance(value, dict) and all(k in names and isinstance(v, str) and v for k, v in value.items())
