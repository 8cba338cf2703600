"""Values as text and back: how shelves write what they keep into a file that another run may read.

What is in such a file is data: whoever can write it can make resolution err, but not run code, as with :mod:`pickle`.
A codec is made of a type once, so that each value costs no look at what its type is made of.
"""

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["PICKLED", "Codec", "codec"]

_V = TypeVar("_V")
_Turn = Callable[[Any], Any]
#: What :mod:`json` keeps as it is; texts that are members of an enumeration are written as their values.
_PLAIN = (str, int, float, bool, NoneType)
# Made once: `json.dumps` with these options would make one for each value.
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Codec(Generic[_V]):
    """How a value is written and read.

    :param write: raises nothing that the value's type allows.
    :param read: raises ValueError, TypeError, KeyError or IndexError if what it is given was not written so.
    """

    write: Callable[[_V], str | bytes]
    read: Callable[[Any], _V]


#: For any value, in a file that no other process reads.
PICKLED: Codec[Any] = Codec(lambda value: pickle.dumps(value, pickle.HIGHEST_PROTOCOL), pickle.loads)


@cache
def codec(kind: Any) -> Codec[Any]:
    """Return how values of a type are written.

    :param kind: a dataclass, an enumeration of texts, a day, text, number, ``X | None``, or a tuple, frozen set or
        mapping of these; bytes only by themselves.
    :raises TypeError: if it is anything else.

    >>> days = codec(frozenset[date])
    >>> days.write(frozenset([date(2019, 2, 27)])), days.read('["2019-02-27"]')
    ('["2019-02-27"]', frozenset({datetime.date(2019, 2, 27)}))
    """
    if kind in (str, bytes):
        return Codec(_same, _same)
    if kind is date:
        return Codec(date.isoformat, date.fromisoformat)
    write, read = _turns(kind)
    return Codec(
        _encode if write is None else lambda value: _encode(write(value)),
        json.loads if read is None else lambda text: read(json.loads(text)),
    )


def _same(value: Any) -> Any:
    return value


def _turns(kind: Any) -> tuple[_Turn | None, _Turn | None]:
    """Return what turns a value into what JSON has and back; None where nothing need be done."""
    origin = get_origin(kind)
    if kind in _PLAIN:
        return None, None
    if origin in (UnionType, Union):
        return _optional(*(option for option in get_args(kind) if option is not NoneType))
    if origin in (tuple, frozenset):
        return _several(origin, *get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        write, read = _several(tuple, *get_args(kind))
        return (lambda value: [write(pair) for pair in value.items()]), (lambda rows: dict(map(read, rows)))
    if kind is date:
        return date.isoformat, date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, str) and issubclass(kind, Enum):
        return None, {member.value: member for member in kind}.__getitem__
    if is_dataclass(kind):
        return _fields(kind)
    raise TypeError(f"{kind!r} cannot be kept")


def _optional(kind: Any) -> tuple[_Turn | None, _Turn | None]:
    write, read = _turns(kind)
    return (
        write and (lambda value: None if value is None else write(value)),
        read and (lambda value: None if value is None else read(value)),
    )


def _several(made: _Turn, *kinds: Any) -> tuple[_Turn, _Turn]:
    if made is frozenset or kinds[1:] == (...,):
        write, read = _turns(kinds[0])
        return (
            (lambda values: [write(value) for value in values]) if write else list,
            (lambda values: made(map(read, values))) if read else made,
        )
    writes, reads = zip(*map(_turns, kinds), strict=True)
    return _each(writes, tuple), _each(reads, tuple)


def _each(turns: tuple[_Turn | None, ...], made: _Turn) -> _Turn:
    """Return what turns each value of a row by its own; a row of another length was not written so."""
    needed = [(place, turn) for place, turn in enumerate(turns) if turn is not None]
    length = len(turns)

    def turn_all(values: Any) -> Any:
        row = list(values)
        if len(row) != length:
            raise ValueError(f"{len(row)} values in the place of {length}")
        for place, turn in needed:
            row[place] = turn(row[place])
        return made(row)

    return turn_all


def _fields(kind: Any) -> tuple[_Turn, _Turn]:
    types = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    writes, reads = zip(*(_turns(types[name]) for name in names), strict=True)
    read = _each(reads, lambda row: kind(*row))
    if len(names) == 1:
        only = attrgetter(names[0])
        write = _each(writes, _same)
        return (lambda value: write((only(value),))), read
    values, write = attrgetter(*names), _each(writes, _same)
    return (lambda value: write(values(value))), read
