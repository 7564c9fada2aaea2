"""The writer: it drains the queue into one transaction after the other, on a session of its own.

An answer is given after COMMIT, never before. A unit is answered exactly once, whatever happens to the connection.

It works in the event loop of those who append. In a thread of its own it was woken for each batch and had to have
Python's lock for it, twice, and began as soon as there was one unit, so that batches were small. Only what takes long,
to connect and to find out what became of a lost session, is done in a thread.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import psycopg
from psycopg.sql import SQL

from fedi.errors import FediError, Unavailable
from fedi.log.drafts import Appended, Unit
from fedi.log.insert import Call, call_of, find, insert_prepared, send_prepared, send_tell
from fedi.log.queue import Batch, Queue
from fedi.log.session import Session, end_session, open_session
from fedi.log.telling import AFTER_SECONDS, Telling
from fedi.sql import said

IDLE_SECONDS = 1.0
"""How often a lost session is looked for again while nobody appends."""
SETTLE_SECONDS = 5.0
"""How long to find out what became of a COMMIT whose answer was lost; a restart of the database takes about two."""
RETRY_SECONDS = 0.1

logger = logging.getLogger(__name__)
Outcome = Appended | FediError


class Writer:
    """Writes what the queue holds until it is closed. `opened` is called with the slot of each session it opens."""

    def __init__(self, dsn: str, queue: Queue, opened: Callable[[int | None], None], premises: SQL | None) -> None:
        self._dsn = dsn
        self._premises = premises
        self._queue = queue
        self._opened = opened
        self._session: Session | None = None
        self._slot: int | None = None
        self._telling = Telling()

    async def run(self) -> None:
        """Work until the queue is closed and empty."""
        try:
            while (batch := await self._queue.take(AFTER_SECONDS if self._telling.due else IDLE_SECONDS)) is not None:
                if batch.waiting:
                    _begin(batch)
                    _resolve(batch, await self._answer(batch))
                elif self._telling.due:
                    await self._tell()
                elif self._session is None:
                    await self._try_to_connect()
            if self._telling.due:
                await self._tell()
        finally:
            if self._session:
                self._session.conn.close()

    def connect(self) -> Session:
        """Return the session, opened if need be, which takes long.

        Raises:
            Unavailable: the database is away, or takes no more processes.
        """
        if self._session is None:
            try:
                self._session = open_session(self._dsn, self._slot, self._premises)
            except psycopg.Error as error:
                raise Unavailable(f"the log cannot be reached: {said(error)}") from error
            self._slot = self._session.slot
            self._opened(self._slot)
        return self._session

    async def _connected(self) -> Session:
        return await asyncio.to_thread(self.connect) if self._session is None else self._session

    async def _try_to_connect(self) -> None:
        try:
            await self._connected()
        except Unavailable as error:
            logger.warning("%s", error)

    async def _answer(self, batch: Batch) -> Sequence[Outcome]:
        try:
            return await self._write(batch.call or call_of(batch.units))
        except Exception:  # a fault of this program must not leave everybody waiting for ever
            logger.exception("appending %d units failed", len(batch.waiting))
            if self._session:
                self._session.conn.close()  # it may be in the midst of something, and would take nothing else
                self._drop_broken_session()
            return [Unavailable("the log failed") for _ in batch.waiting]

    async def _write(self, call: Call) -> Sequence[Outcome]:
        try:
            session = await self._connected()
        except Unavailable as error:
            logger.warning("%s", error)
            return [Unavailable(str(error)) for _ in call.units]
        told = self._telling.is_wanted()
        try:
            answers = await send_prepared(session.conn, call, tell=told)
            self._telling.appended(told=told)
            return answers
        except psycopg.Error as error:
            text = f"the log did not take it: {said(error)}"
            logger.warning("%s", text)
            if not session.conn.closed:
                return [Unavailable(text) for _ in call.units]
        return await asyncio.to_thread(self._settle, session, call.units)

    def _settle(self, lost: Session, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Answer for units whose COMMIT may or may not have happened when the session broke.

        If it cannot be found out in time the waiters hear 503 although their units may be in: when the same is tried
        again, the identity tells.
        """
        doubtful = [lost]
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            self._drop_broken_session()
            try:
                return self._look_up(doubtful, units)
            except (psycopg.Error, Unavailable) as error:
                if self._session and self._session.conn.closed:
                    doubtful.append(self._session)
                if time.monotonic() > deadline:
                    self._drop_broken_session()
                    logger.warning("what became of %d units is not known: %s", len(units), said(error))
                    return [Unavailable("the log cannot be reached") for _ in units]
            time.sleep(RETRY_SECONDS)

    def _look_up(self, doubtful: Sequence[Session], units: Sequence[Unit]) -> Sequence[Outcome]:
        """Once no doubtful session runs any more, what is in the log is ours, and the rest can be appended again."""
        conn = self.connect().conn
        if not all(end_session(conn, session.backend) for session in doubtful):
            raise Unavailable("a lost session of the log does not end")
        found = [find(conn, unit) for unit in units]
        rest = iter(
            insert_prepared(conn, [unit for unit, at in zip(units, found, strict=True) if at is None], tell=False)
        )
        self._telling.appended(told=False)
        return [at or next(rest) for at in found]

    async def _tell(self) -> None:
        """Tell of what was not told of with its commit. If that fails, readers look by themselves within a second."""
        try:
            await send_tell((await self._connected()).conn)
        except (psycopg.Error, Unavailable) as error:
            logger.warning("what was appended is noticed late: %s", error)
            self._drop_broken_session()
        self._telling.appended(told=True)

    def _drop_broken_session(self) -> None:
        if self._session and self._session.conn.closed:
            self._session = None
            self._opened(None)


def _begin(batch: Batch) -> None:
    """Have those called who want to know as soon as something is waited for, which is when all was sent."""
    loop = asyncio.get_running_loop()
    for waiting in batch.waiting:
        if waiting.begun is not None:
            loop.call_soon(waiting.begun)


def _resolve(batch: Batch, outcomes: Sequence[Outcome]) -> None:
    for waiting, outcome in zip(batch.waiting, outcomes, strict=True):
        if waiting.future.done():  # cancelled by its waiter
            continue
        if isinstance(outcome, FediError):
            waiting.future.set_exception(outcome)
        else:
            waiting.future.set_result(outcome)
