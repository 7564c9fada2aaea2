"""The door to background jobs: ordinary work that may happen a little later, kept by procrastinate in Postgres.

A job is a struct; what does it stands in `effects/jobs`. It is done at least once: put in the transaction of a row it
belongs to, it exists if and only if the row does. What the network or a person *said* is never a job but an event.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
import procrastinate
from procrastinate import exceptions
from psycopg import AsyncConnection, Connection, sql
from psycopg_pool import AsyncConnectionPool

Queue = Literal["default", "ingress", "push", "pull", "mailers", "scheduler"]
"""Named as Mastodon's operators know them."""
J = TypeVar("J", bound="Job")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Work to be done: its fields are what the worker has to know, and they are kept as JSON."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """How a class of jobs is kept: its name in the database, its queue, and how often it is tried."""

    name: str
    queue: Queue
    attempts: int


_kinds: dict[type[Job], Kind] = {}


def job(name: str, queue: Queue, *, attempts: int = 8) -> Callable[[type[J]], type[J]]:
    """Declare a class of jobs. Between tries the pauses grow fourfold, from 4 seconds; 8 take about a day."""

    def declare(cls: type[J]) -> type[J]:
        if any(kind.name == name for kind in _kinds.values()):
            raise ValueError(f"two classes of jobs are called {name}")
        _kinds[cls] = Kind(name=name, queue=queue, attempts=attempts)
        return cls

    return declare


def kind_of(cls: type[Job]) -> Kind:
    """Return how a class of jobs is kept."""
    return _kinds[cls]


class Jobs:
    """Where jobs are put and, in the effects role, taken from. `open` before use; the pool stays its owner's."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector())

    async def open(self) -> None:
        """Connect to the pool, which must be open."""
        await self.app.open_async(self._pool)

    async def put(
        self,
        what: Job,
        *,
        connection: AsyncConnection[Any] | None = None,
        at: datetime | None = None,
        once: str | None = None,
        lane: str | None = None,
    ) -> bool:
        """Put a job: in the transaction of `connection` if one is given, not before `at`.

        Of jobs with the same `once` only one waits at a time; False says that one did already. Inside a transaction
        this is a savepoint of its own, so such a refusal breaks nothing. Of jobs of one `lane` one is done at a time.
        """
        kind = _kinds[type(what)]
        deferrer = self.app.configure_task(
            kind.name, queue=kind.queue, schedule_at=at, queueing_lock=once, lock=lane, connection=connection
        )
        try:
            if connection is None:
                await deferrer.defer_async(job=msgspec.to_builtins(what))
            else:
                async with connection.transaction():
                    await deferrer.defer_async(job=msgspec.to_builtins(what))
        except exceptions.AlreadyEnqueued:
            return False
        return True


def create_tables(connection: Connection[Any]) -> None:
    """Create the tables of procrastinate where there are none; its own script fails the second time."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('fedi:jobs', 0))")
        row = connection.execute("SELECT to_regclass('public.procrastinate_jobs') IS NULL").fetchone()
        if row is not None and row[0]:
            connection.execute(sql.SQL(procrastinate.schema.SchemaManager.get_schema()))
