"""Folding: a batch of events becomes facts, the facts change the views, and the cursor moves, in one transaction.

So each event is folded exactly once into a generation, whatever dies when. A batch that breaks a projection is folded
again, one by one; an event that breaks it alone, a few times, is parked: the rest goes on without it.
"""

import contextlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import Any

import msgspec
from psycopg import Connection, Cursor

from fedi.copying import MANY
from fedi.events import Event, Recorded, UnknownEventError
from fedi.facts import Entry, Fact
from fedi.facts.accounts import AccountChanged, AccountDeleted
from fedi.facts.statuses import StatusDeleted, StatusPublished
from fedi.log import reader
from fedi.log.reader import Stored
from fedi.meaning.erasure import found_by
from fedi.meaning.interpret import interpret
from fedi.meaning.names import Index
from fedi.meaning.references import References
from fedi.projections.announcements import Announcement
from fedi.projections.flowing import Flowing
from fedi.projections.generation import SQL
from fedi.projections.projection import Asking, Handler, Projection
from fedi.projections.touching import touched
from fedi.sql import is_outage
from fedi.touched import CHANNEL, payloads

BATCH = 500
ATTEMPTS = 3
_ENDS = (AccountDeleted, StatusDeleted)
_log = logging.getLogger(__name__)


class Life(msgspec.Struct, frozen=True):
    """Entries, and their kinds. None begins anew what another ended: handlers clear away what ended last of all."""

    entries: Sequence[Entry]
    kinds: frozenset[type[Fact | Event]]


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

    Raises:
        UnknownEventError: the next event was written by a newer program, which is the one to fold it.
    """
    try:
        with _turn(connection, limit, live=live) as (cursor, flow, after, batch):
            if not batch:
                return None
            events = [stored.decoded() for stored in batch]
            few = live and len(batch) < MANY
            return _moved(cursor, _fold(cursor, projections, events, after, flow if few else None), live=live)
    except Exception as error:
        if is_outage(error):
            raise
        _log.warning("a batch of events is folded one by one: %s", error)
    with _turn(connection, limit, live=live) as (cursor, _, after, batch):
        return _moved(cursor, _fold_each(connection, cursor, projections, batch, after), live=live)


@contextlib.contextmanager
def _turn(
    connection: Connection[Any], limit: int, *, live: bool
) -> Iterator[tuple[Cursor[Any], contextlib.ExitStack, int, list[Stored]]]:
    """Lend a cursor for one transaction, and what is left with its end; with them what comes next, as of `_unread`.

    A rebuild puts its last batches into a transaction of its own. When live, a pipeline that is entered with what is
    left has all that follows sent without waiting, the end too; nothing can be copied in it.
    """
    if not live:
        with connection.transaction():
            yield connection.cursor(), contextlib.ExitStack(), *_unread(_ask_unread(connection, limit))
        return
    try:
        with connection.pipeline():
            connection.execute(SQL["begin_turn"])
            connection.execute(SQL["fold_lock"])
            asked = _ask_unread(connection, limit)
        with contextlib.ExitStack() as flow:
            yield Flowing(connection), flow, *_unread(asked)
            connection.execute(SQL["end_turn"])
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def _ask_unread(connection: Connection[Any], limit: int) -> Cursor[Any]:
    """Ask what comes next; in a pipeline, without waiting for the answer."""
    return connection.cursor(binary=True).execute(SQL["unread"], {"limit": limit})


def _unread(asked: Cursor[Any]) -> tuple[int, list[Stored]]:
    """Return how far the generation is folded, and the events that come next."""
    rows = asked.fetchall()
    return (rows[0][-1] if rows else 0), reader.stored_of(row[:-1] for row in rows)


def _moved(cursor: Cursor[Any], folded: Folded, *, live: bool) -> Folded:
    position = folded.position
    if live:
        told = payloads(folded.before, position, touched(folded.entries))
        cursor.execute(SQL["advance_and_tell"], {"position": position, "payloads": told, "channel": CHANNEL})
    else:
        cursor.execute(SQL["advance"], {"position": position})
    return folded


def _fold_each(
    connection: Connection[Any],
    cursor: Cursor[Any],
    projections: Sequence[Projection],
    batch: Sequence[Stored],
    after: int,
) -> Folded:
    """Fold events one by one, up to one that is not known yet, and go on without those that cannot be folded."""
    entries: list[Entry] = []
    announcements: list[Announcement] = []
    position = after
    for stored in batch:
        try:
            folded = _fold_one(connection, cursor, projections, stored)
        except UnknownEventError:
            if position == after:
                raise
            break
        entries += folded.entries
        announcements += folded.announcements
        position = folded.position
    return Folded(after, position, entries, announcements)


def _fold_one(
    connection: Connection[Any], cursor: Cursor[Any], projections: Sequence[Projection], stored: Stored
) -> Folded:
    before, failed = stored.position - 1, Exception()
    for _ in range(ATTEMPTS):
        try:
            with connection.transaction():
                return _fold(cursor, projections, [stored.decoded()], before)
        except Exception as error:
            if is_outage(error) or isinstance(error, UnknownEventError):
                raise
            failed = error
    _log.error("event %d (%s) cannot be folded and is parked", stored.position, stored.name, exc_info=failed)
    said = f"{type(failed).__name__}: {failed}"[:1000]
    cursor.execute(SQL["park"], {"position": stored.position, "error": said})
    return Folded(before, stored.position, [], [])


def mean(refs: References, batch: Sequence[Recorded]) -> tuple[list[Entry], Index]:
    """Return what a batch means, the one before which `refs` stand, and where there are words of what.

    `refs` is to be stored afterwards.
    """
    interpreted = interpret(batch, refs)
    index = [(key, said.recorded.position) for said in interpreted for key in found_by(said.recorded.event, said.words)]
    return [entry for said in interpreted for entry in said.entries], index


def lives(entries: Sequence[Entry]) -> list[Life]:
    """Cut what a batch means before whatever begins again that ended in it."""
    return [Life(part, frozenset(type(entry.fact) for entry in part)) for part in _cut(entries)]


def apply(
    cursor: Cursor[Any], projections: Iterable[Projection], lives: Iterable[Life]
) -> list[Iterable[Announcement]]:
    """Change tables by what a batch means; return what each handler has to tell, made when somebody looks."""
    known = list(projections)
    return [told for life in lives for told in _apply(cursor, known, life)]


def _apply(cursor: Cursor[Any], projections: Iterable[Projection], life: Life) -> list[Iterable[Announcement]]:
    handlers: list[tuple[Handler, list[Entry]]] = []
    kinds = [type(entry.fact) for entry in life.entries]
    for projection in projections:
        if handled := life.kinds.intersection(projection.handles):
            concerned = list(compress(life.entries, map(handled.__contains__, kinds)))
            apply = projection.apply
            handlers.append((apply.ask(cursor, concerned) if isinstance(apply, Asking) else apply, concerned))
    return [handler(cursor, concerned) for handler, concerned in handlers]


def _cut(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
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
    cursor: Cursor[Any],
    projections: Sequence[Projection],
    batch: Sequence[Recorded],
    after: int,
    flow: contextlib.ExitStack | None = None,
) -> Folded:
    """Change the tables by a batch; where there is a `flow`, that and what follows is sent without waiting."""
    refs = References(cursor, after)
    entries, index = mean(refs, batch)
    if flow is not None:
        flow.enter_context(cursor.connection.pipeline())
    refs.store(index)
    announcements = [*chain.from_iterable(apply(cursor, projections, lives(entries)))]
    return Folded(after, batch[-1].position, entries, announcements)
