"""Units as PostgreSQL reads arrays in its binary format: the parameters of the one statement that appends.

psycopg makes arrays element by element and looks at the type of each. Of the 180 µs that an append of one event cost
the process that makes it, that and what stands around it (see `insert`) took three quarters.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from fedi.log.drafts import Unit

_TEXT, _BYTES, _UUID, _INTEGER, _LONG = 25, 17, 2950, 23, 20
"""Oids of the types of elements; they are the same in every PostgreSQL."""
_NULL = struct.pack(">i", -1)
_head = struct.Struct(">iiIii").pack
_length = struct.Struct(">i").pack
_integer_element = struct.Struct(">ii").pack
_long_element = struct.Struct(">iq").pack


def arrays_of(units: Sequence[Unit]) -> list[bytes]:
    """Return the arrays that `log.append` takes, in its order; there must be a unit."""
    return [
        _array(_INTEGER, [_integer(number) for number, unit in enumerate(units, 1) for _ in unit.identities]),
        _array(_UUID, [_sized(identity.bytes) for unit in units for identity in unit.identities]),
        _array(_TEXT, [_text(name) for unit in units for name in unit.names]),
        _array(_INTEGER, [_integer(version) for unit in units for version in unit.versions]),
        _array(_LONG, [_NULL if cause is None else _long_element(8, cause) for unit in units for cause in unit.causes]),
        _array(_BYTES, [_sized(payload) for unit in units for payload in unit.payloads]),
    ]


def premises_of(units: Sequence[Unit]) -> list[bytes]:
    """Return the numbers of the units that stand on something, and then an array for each number of a premise."""
    standing = [(number, unit.premise) for number, unit in enumerate(units, 1) if unit.premise is not None]
    columns = zip(*(premise for _, premise in standing), strict=True)
    return [
        _array(_INTEGER, [_integer(number) for number, _ in standing]),
        *(_array(_LONG, [_long_element(8, value) for value in column]) for column in columns),
    ]


def _array(type_oid: int, elements: list[bytes]) -> bytes:
    """Return an array of one dimension, counted from 1. That it may hold a null is said of all: nobody looks twice."""
    return _head(1, 1, type_oid, len(elements), 1) + b"".join(elements)


def _sized(value: bytes) -> bytes:
    return _length(len(value)) + value


@lru_cache(1024)
def _integer(value: int) -> bytes:
    return _integer_element(4, value)


@lru_cache(1024)
def _text(value: str) -> bytes:
    return _sized(value.encode())
