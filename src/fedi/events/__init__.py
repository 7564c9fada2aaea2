"""What the log may hold: a file per area, found by walking this package."""

from fedi.events.catalogue import (
    DamagedEventError,
    Event,
    Recorded,
    UnknownEventError,
    UnreadableEventError,
    declared,
    decode,
    encode,
    event,
    name_of,
)
from fedi.walking import modules_of

modules_of(__name__)  # an event is declared by being imported

__all__ = [
    "DamagedEventError",
    "Event",
    "Recorded",
    "UnknownEventError",
    "UnreadableEventError",
    "declared",
    "decode",
    "encode",
    "event",
    "name_of",
]
