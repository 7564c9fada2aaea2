"""Folding: a batch of events becomes facts, the facts change the views, and the cursor moves, in one transaction.

So each event is folded exactly once into a generation, whatever dies when. An event that breaks a projection is tried
alone a few times and then parked: the rest goes on without it.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Connection, Cursor

from fedi.events import Recorded
from fedi.facts import AccountChanged, AccountDeleted, Entry, StatusDeleted, StatusPublished
from fedi.log import reader
from fedi.meaning.erasure import found_by
from fedi.meaning.interpret import interpret
from fedi.meaning.references import References
from fedi.projections.announcements import Announcement
from fedi.projections.generation import SQL
from fedi.projections.projection import Projection
from fedi.projections.touching import touched
from fedi.sql import is_outage
from fedi.touched import CHANNEL, payloads

BATCH = 500
ATTEMPTS = 3
_ENDS = (AccountDeleted, StatusDeleted)
_log = logging.getLogger(__name__)


class Folded(msgspec.Struct, frozen=True):
    """What a batch came to: the position after it, its facts, and what its handlers had to tell."""

    before: int
    position: int
    entries: list[Entry]
    announcements: list[Announcement]


def fold(
    connection: Connection[Any], projections: Sequence[Projection], *, live: bool, limit: int = BATCH
) -> Folded | None:
    """Fold the next batch into the generation that the connection looks at; None when there is nothing to fold.

    `live` tells whoever waits that the position is reached. Takes the fold lock, so that a new generation cannot be put
    in place in the midst of it.
    """
    with connection.transaction():
        cursor = connection.cursor()
        if live:
            cursor.execute(SQL["fold_lock"])
        after = _position(cursor)
        batch = reader.read(connection, after, limit)
        if not batch:
            return None
        entries, announcements = _apply(connection, cursor, projections, batch, after)
        position = batch[-1].position
        if live:
            told = payloads(after, position, touched(entries))
            cursor.execute(SQL["advance_and_tell"], {"position": position, "payloads": told, "channel": CHANNEL})
        else:
            cursor.execute(SQL["advance"], {"position": position})
    return Folded(after, position, entries, announcements)


def _position(cursor: Cursor[Any]) -> int:
    row = cursor.execute(SQL["position"]).fetchone()
    assert row is not None
    position: int = row[0]
    return position


def _apply(
    connection: Connection[Any],
    cursor: Cursor[Any],
    projections: Sequence[Projection],
    batch: Sequence[Recorded],
    after: int,
) -> tuple[list[Entry], list[Announcement]]:
    try:
        with connection.transaction():
            return _fold(cursor, projections, batch, after)
    except Exception as error:
        if is_outage(error):
            raise
        if len(batch) == 1:
            return _park(connection, cursor, projections, batch[0], after, error)
        _log.warning("a batch of %d events from position %d is folded one by one: %s", len(batch), after + 1, error)
    entries: list[Entry] = []
    announcements: list[Announcement] = []
    for recorded in batch:
        more, told = _apply(connection, cursor, projections, [recorded], recorded.position - 1)
        entries += more
        announcements += told
    return entries, announcements


def mean(cursor: Cursor[Any], batch: Sequence[Recorded], after: int) -> list[Entry]:
    """Return what a batch means, the one after position `after`, and write down what its URIs stand for."""
    refs = References(cursor, after)
    interpreted = interpret(batch, refs)
    refs.store(
        (key, said.recorded.position) for said in interpreted for key in found_by(said.recorded.event, said.document)
    )
    return [entry for said in interpreted for entry in said.entries]


def change(cursor: Cursor[Any], projections: Sequence[Projection], entries: Sequence[Entry]) -> list[Announcement]:
    """Change the tables by what a batch means; return what the handlers had to tell."""
    announcements: list[Announcement] = []
    for part in _lives(entries):
        for projection in projections:
            concerned = [entry for entry in part if type(entry.fact) in projection.handles]
            if concerned:
                announcements += projection.apply(cursor, concerned)
    return announcements


def _lives(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Cut a batch before whatever begins again that ended in it: handlers clear away what ended last of all."""
    if not any(isinstance(entry.fact, _ENDS) for entry in entries):
        yield entries
        return
    ended: set[int] = set()
    start = 0
    for place, entry in enumerate(entries):
        match entry.fact:
            case AccountDeleted(account_id=gone) | StatusDeleted(status_id=gone):
                ended.add(gone)
            case AccountChanged(account_id=back) | StatusPublished(status_id=back) if back in ended:
                yield entries[start:place]
                ended.clear()
                start = place
    yield entries[start:]


def _fold(
    cursor: Cursor[Any], projections: Sequence[Projection], batch: Sequence[Recorded], after: int
) -> tuple[list[Entry], list[Announcement]]:
    entries = mean(cursor, batch, after)
    return entries, change(cursor, projections, entries)


def _park(
    connection: Connection[Any],
    cursor: Cursor[Any],
    projections: Sequence[Projection],
    recorded: Recorded,
    after: int,
    error: Exception,
) -> tuple[list[Entry], list[Announcement]]:
    for _ in range(ATTEMPTS - 1):
        try:
            with connection.transaction():
                return _fold(cursor, projections, [recorded], after)
        except Exception as again:
            if is_outage(again):
                raise
            error = again
    _log.error("event %d (%s) cannot be folded and is parked", recorded.position, recorded.name, exc_info=error)
    cursor.execute(SQL["park"], {"position": recorded.position, "error": f"{type(error).__name__}: {error}"[:1000]})
    return [], []
