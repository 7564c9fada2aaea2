"""Reading the log: in its order, by position, and waiting for what comes. Finding by identity is in `lookup`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from fedi.events import Recorded, UnreadableEventError, decode
from fedi.sql import queries

_sql = queries(__file__)


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the log as it stands there; the fields are those of `Recorded`, undecoded."""

    position: int
    identity: UUID
    name: str
    version: int
    recorded_at: datetime
    cause: int | None
    payload: bytes

    def decoded(self) -> Recorded:
        """Return the event in its current form.

        Raises:
            UnknownEventError: it was written by a newer program.
            DamagedEventError: it is not what was written.
        """
        try:
            event = decode(self.name, self.version, self.payload)
        except UnreadableEventError as error:
            raise type(error)(f"the event at {self.position}: {error}", position=self.position) from error
        return Recorded(
            position=self.position,
            identity=self.identity,
            name=self.name,
            version=self.version,
            recorded_at=self.recorded_at,
            cause=self.cause,
            event=event,
        )


def read(conn: Connection[Any], after: int, limit: int) -> list[Recorded]:
    """Return up to `limit` events that come after position `after`, in order.

    Raises:
        UnreadableEventError: one was written by a newer program, or is damaged.
    """
    return [stored.decoded() for stored in read_stored(conn, after, limit)]


def read_stored(conn: Connection[Any], after: int, limit: int) -> list[Stored]:
    """As `read`, without decoding."""
    return stored_of(conn.execute(_sql["after"], {"after": after, "limit": limit}, prepare=True, binary=True))


def get(conn: Connection[Any], positions: Sequence[int]) -> list[Recorded]:
    """Return the events at some positions, in order; positions that the log has not reached are left out."""
    return [stored.decoded() for stored in get_stored(conn, positions)]


def get_stored(conn: Connection[Any], positions: Sequence[int]) -> list[Stored]:
    """As `get`, without decoding."""
    return stored_of(conn.execute(_sql["at"], {"positions": list(positions)}, binary=True))


def last_position(conn: Connection[Any]) -> int:
    """Return the highest position, which is the number of events: 0 when the log is empty."""
    row = conn.execute(_sql["last"]).fetchone()
    assert row is not None
    position: int = row[0]
    return position


def listen(conn: Connection[Any]) -> None:
    """Have the database tell this connection of every append; it must be in autocommit mode, and no pooler between."""
    conn.execute(_sql["listen"])


def wait_for_events(conn: Connection[Any], timeout: float) -> bool:
    """Wait until something was appended since the last call, at most `timeout` seconds; False when nothing was.

    Call `listen` first, then read to the end before the first wait, or what came between is noticed late.
    """
    return len(list(conn.notifies(timeout=timeout, stop_after=1))) > 0


def heard(conn: Connection[Any], timeout: float) -> int:
    """As `wait_for_events`, but return the highest position that was told of; 0 when nothing was."""
    told = 0
    for notification in conn.notifies(timeout=timeout, stop_after=1):
        told = max(told, int(notification.payload))
    return told


def stored_of(rows: Iterable[tuple[Any, ...]]) -> list[Stored]:
    """Return rows of the log as `Stored`; their columns are those of the queries in reader.sql."""
    return [
        Stored(
            position=position,
            identity=identity,
            name=name,
            version=version,
            recorded_at=recorded_at.astimezone(UTC),
            cause=cause,
            payload=payload,
        )
        for position, identity, name, version, recorded_at, cause, payload in rows
    ]
