"""The catalogue: which events the log may hold, under which wire name and version.

An event class is declared once with `@event(name, version)` and is never found by its class path: renaming or moving a
class changes nothing in the log. Old versions stay declared as `Upcast` steps and are read for ever.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from fedi.errors import FediError

E = TypeVar("E", bound="Event")
Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the fields of one version into those of the next."""


class UnreadableEventError(FediError):
    """An event of the log cannot be read. `position` is where it stands, 0 where nobody has said yet."""

    def __init__(self, message: str | None = None, *, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class UnknownEventError(UnreadableEventError):
    """The log holds an event that this version of the program does not know: nobody may go on without it."""


class DamagedEventError(UnreadableEventError):
    """What stands in the log is no event of its kind: a disk or a hand has changed it."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said; its fields are what was known when it was recorded."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it stands in the log.

    `position` is its place in the one order of the log, from 1, without gaps. `recorded_at` never goes back from one
    position to the next. `cause` is the position of the event that led to this one, if there was one.
    """

    position: int
    identity: UUID
    name: str
    version: int
    recorded_at: datetime
    cause: int | None
    event: Event


class _Kind(msgspec.Struct, frozen=True):
    type: type[Event]
    version: int
    upcasts: dict[int, Upcast]
    decode: Callable[[bytes], Event]


_kinds: dict[str, _Kind] = {}
_names: dict[type[Event], tuple[str, int]] = {}
_encode = msgspec.json.Encoder().encode


def event(name: str, version: int = 1, upcasts: dict[int, Upcast] | None = None) -> Callable[[type[E]], type[E]]:
    """Declare an event class under its wire name.

    `upcasts` maps each older version to the step that leads to the next one.

    Raises:
        ValueError: the name is taken, or a step between 1 and `version` is missing.
    """
    steps = upcasts or {}
    if set(steps) != set(range(1, version)):
        raise ValueError(f"{name}: upcasts must lead from each of 1..{version - 1} to the next, got {sorted(steps)}")

    def declare(cls: type[E]) -> type[E]:
        if name in _kinds:
            raise ValueError(f"two event classes are called {name}: {_kinds[name].type.__name__} and {cls.__name__}")
        _kinds[name] = _Kind(cls, version, steps, msgspec.json.Decoder(cls).decode)
        _names[cls] = (name, version)
        return cls

    return declare


def name_of(kind: type[Event]) -> tuple[str, int]:
    """Return the wire name and the current version of an event class."""
    return _names[kind]


def encode(event: Event) -> tuple[str, int, bytes]:
    """Return an event's wire name, version and payload."""
    name, version = _names[type(event)]
    return name, version, _encode(event)


def decode(name: str, version: int, payload: bytes) -> Event:
    """Return the event that a payload of any known version holds, in its current form.

    Raises:
        UnknownEventError: the name or the version is newer than this program.
        DamagedEventError: the payload is none of this kind.
    """
    kind = _kinds.get(name)
    if kind is None or version > kind.version:
        raise UnknownEventError(f"the log holds {name} version {version}, which this program does not know")
    try:
        if version == kind.version:
            return kind.decode(payload)
        fields: dict[str, Any] = msgspec.json.decode(payload)
        for step in range(version, kind.version):
            fields = kind.upcasts[step](fields)
        return kind.decode(_encode(fields))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DamagedEventError(f"the payload is no {name} version {version}: {error}") from error


def declared() -> Iterator[tuple[str, int, type[Event]]]:
    """Yield every event kind: its wire name, current version and class, by name."""
    for name, kind in sorted(_kinds.items()):
        yield name, kind.version, kind.type
