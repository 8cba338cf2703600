"""What was found in an article as JSON values, and back: frozen dataclasses, enumerations, days and tuples of them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

__all__ = ["from_values", "to_values"]

_T = TypeVar("_T")


def to_values(thing: Any) -> Any:
    """Return a dataclass as JSON values; fields that are as by default are left out.

    >>> from graph.extract.model import Person, Span
    >>> to_values(Person("person/ana-petrova", "Ana Petrova", (Span(0, 11, "Ana Petrova"),)))["mentions"]
    [{'start': 0, 'end': 11, 'text': 'Ana Petrova'}]
    """
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, tuple):
        return [to_values(item) for item in thing]
    if is_dataclass(thing):
        pairs = ((f, getattr(thing, f.name)) for f in fields(thing))
        return {f.name: to_values(value) for f, value in pairs if value != f.default}
    return thing


def from_values(kind: type[_T], values: Mapping[str, Any]) -> _T:
    """Return the dataclass that :func:`to_values` made these values of.

    :raises KeyError: if they name what is no field.
    :raises TypeError: if one that is needed is missing, or is of another type.
    :raises ValueError: if one is no day, or no member of its enumeration.
    """
    types = _types(cast("Any", kind))
    made = {name: _read(types[name], value) for name, value in values.items()}
    return kind(**made)


@cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (UnionType, Union):
        if value is None:
            return None
        (kind,) = (option for option in get_args(kind) if option is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        return from_values(cast("type[Any]", kind), value)
    if issubclass(kind, date):
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
