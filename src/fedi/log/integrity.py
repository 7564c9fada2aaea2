"""Looking for what a disk or a hand has damaged: every event is read, and what is wrong is named by its position.

The database's checksums tell of damaged pages. What they cannot tell, as it was written in order, is looked for here:
payloads that are none, documents that are not what was signed, positions that are gone, times that go back.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Connection, errors

from fedi.events import UnreadableEventError
from fedi.events.activities import ActivityReceived
from fedi.events.server import LogRedacted
from fedi.log import reader
from fedi.log.reader import Stored

CHUNK = 500
UNREADABLE = (errors.DataCorrupted, errors.IndexCorrupted, errors.IoError, errors.InternalError_)
_BEFORE, _AFTER = b'{"document":', b',"actor":'


class Damage(msgspec.Struct, frozen=True):
    """What is wrong at a position."""

    position: int
    finding: str


def damages(conn: Connection[Any]) -> Iterator[Damage]:
    """Read the log from end to end and yield what is damaged. `conn` must be in autocommit mode."""
    last, before = reader.last_position(conn), None
    altered: list[int] = []
    redacted: set[int] = set()
    for after in range(0, last, CHUNK):
        positions = range(after + 1, min(after + CHUNK, last) + 1)
        unreadable, found = _read(conn, positions)
        yield from unreadable
        there = {each.position for each in unreadable} | {each.position for each in found}
        yield from (Damage(position, "it is not there") for position in positions if position not in there)
        for stored in found:
            if before is not None and stored.recorded_at < before:
                yield Damage(stored.position, "it is older than the event before it")
            before = stored.recorded_at
            try:
                event = stored.decoded().event
            except UnreadableEventError as error:
                yield Damage(stored.position, str(error))
                continue
            if isinstance(event, LogRedacted):
                redacted |= set(event.positions)
            if isinstance(event, ActivityReceived) and not _as_signed(stored, event):
                altered.append(stored.position)
    # What was erased is not what was signed either; that it was erased is told by a later event.
    yield from (Damage(position, "not as it was signed") for position in altered if position not in redacted)


def _read(conn: Connection[Any], positions: Sequence[int]) -> tuple[list[Damage], list[Stored]]:
    """Return what stands at some positions; each by itself where a page cannot be read."""
    try:
        return [], reader.get_stored(conn, positions)
    except UNREADABLE as error:
        if len(positions) == 1:
            return [Damage(positions[0], str(error).strip().partition("\n")[0])], []
    middle = len(positions) // 2
    halves = [_read(conn, half) for half in (positions[:middle], positions[middle:])]
    return [each for half, _ in halves for each in half], [each for _, half in halves for each in half]


def _as_signed(stored: Stored, event: ActivityReceived) -> bool:
    """Tell whether a document has the digest that its signature spoke of, to the byte and with what was around it."""
    if not stored.payload.startswith(_BEFORE):
        return False
    body, _, _ = stored.payload[len(_BEFORE) :].rpartition(_AFTER)
    return hashlib.sha256(body).hexdigest() == event.digest
