"""The database connections that a process's coroutines share."""

import asyncio
from typing import Any

import msgspec
from psycopg import AsyncConnection, capabilities
from psycopg.errors import DuplicatePreparedStatement, InvalidSqlStatementName
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[Any]]


PATIENCE_SECONDS = 30.0
RECONNECT_SECONDS = 3.0
"""A lost database is looked for after 1 second and after 3, and then anew. The library's pauses double for five
minutes: after an outage of a minute everybody waited one more."""
HESITATION_SECONDS = 0.1
"""A pool opens another connection if somebody waits for one so long after somebody had to. A dozen questions that come
together, as at a start, are soon answered over one, which knows the tables already; a session has 1.2 to 3.7 MB."""
IDLE_SECONDS = 15.0
"""How often a pool closes a connection, if there was one all the time that nobody had."""


def new_pool(
    url: str,
    *,
    most: int,
    through_pooler: bool = False,
    plans_once: bool = False,
    patience: float = PATIENCE_SECONDS,
) -> Pool:
    """Return a pool of at most so many connections, not open yet; who gets none for so long hears PoolTimeout.

    Each statement is a transaction of its own: most borrowers run one or two that read, and BEGIN and COMMIT around
    them would be two round trips more. What must happen together says so with `connection.transaction()`.

    Through a pooler in transaction mode each transaction may be another session's: nothing is prepared there, unless
    the pooler does so itself in each of them.

    One that `plans_once` is for those who read views by their keys and indexes. PostgreSQL thinks of many of their
    statements that another plan for each person would be better, and then planning takes longer than all else. It is
    not for queues, which are empty at one moment and full at the next.
    """
    configure = _set_up_to_plan_once if plans_once else _autocommit
    return _Pool(
        url,
        configure=set_up_through_pooler if through_pooler else configure,
        min_size=1,
        max_size=most,
        max_idle=IDLE_SECONDS,
        timeout=patience,
        reconnect_timeout=RECONNECT_SECONDS,
        reconnect_failed=_Pool.check,
        open=False,
    )


def standby_pool(url: str, *, most: int) -> Pool:
    """Return a pool of connections to a standby, not open yet: who cannot have one soon goes to the primary.

    A standby that is away is not looked for by the pool, and one that is silent (a machine without power) is noticed.
    """
    return _Pool(
        url,
        kwargs={"connect_timeout": 2, "tcp_user_timeout": 2_000},
        configure=_set_up_to_plan_once,
        min_size=0,
        max_size=most,
        max_idle=IDLE_SECONDS,
        timeout=1.0,
        reconnect_timeout=2.0,
        open=False,
    )


def pool_of_one(url: str, *, patience: float = PATIENCE_SECONDS) -> Pool:
    """Return a pool of one connection for few questions that come again and again; it is made when somebody asks.

    Each is planned once: with the connections that all share, one that seldom asks would have it planned anew each
    time, which takes longer than to answer it.
    """
    return _Pool(
        url,
        kwargs={"prepare_threshold": 0},
        configure=_set_up_to_plan_once,
        min_size=0,
        max_size=1,
        timeout=patience,
        reconnect_timeout=RECONNECT_SECONDS,
        reconnect_failed=_Pool.check,
        open=False,
    )


class _Pool(AsyncConnectionPool[AsyncConnection[Any]]):
    """A pool that grows for those who have to wait, not for those who come together, and where no cancelling is missed.

    The library waits by `asyncio.wait_for`, which before Python 3.12 forgets that it was cancelled when a connection
    comes in the same moment. Work that goes on for ever then never ends: a role that was told to stop had to be killed.
    """

    _hesitating: asyncio.TimerHandle | None = None

    def _maybe_grow_pool(self) -> None:
        if self._nconns == 0:  # nobody's answer is near
            super()._maybe_grow_pool()
        elif self._hesitating is None:
            self._hesitating = asyncio.get_running_loop().call_later(HESITATION_SECONDS, self._grow)

    def _grow(self) -> None:
        self._hesitating = None
        if self._waiting:
            super()._maybe_grow_pool()

    async def getconn(self, *args: Any, **kwargs: Any) -> AsyncConnection[Any]:
        task = asyncio.current_task()
        before = task.cancelling() if task else 0
        connection = await super().getconn(*args, **kwargs)
        if task and task.cancelling() > before:
            await self.putconn(connection)
            raise asyncio.CancelledError
        return connection


async def _autocommit(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    set_json_loads(msgspec.json.decode, connection)  # a page of statuses has some hundred columns of JSON


async def _set_up_to_plan_once(connection: AsyncConnection[Any]) -> None:
    await _autocommit(connection)
    await connection.execute("SET plan_cache_mode TO force_generic_plan")
    await connection.execute("SET enable_seqscan TO off")  # what is kept must not be the plan of a small table


async def set_up_through_pooler(connection: AsyncConnection[Any]) -> None:
    """Set up a connection to a pooler; let it prepare only if the pooler (pgbouncer from 1.22) does so by itself.

    Then the database knows statements by the pooler's names, and its client may take back all of its own, as psycopg
    does after a rollback. To plan every query anew costs the database more than to answer it.
    """
    await _autocommit(connection)
    try:
        async with connection.transaction():
            await connection.execute("SELECT 1", prepare=True)
            await connection.execute("DEALLOCATE ALL")
            await connection.execute("SELECT 1", prepare=True)
            found = await connection.execute("SELECT FROM pg_prepared_statements WHERE name NOT LIKE '\\_pg3\\_%'")
            prepares = found.rowcount > 0
            await connection.execute("DEALLOCATE ALL")
    except (DuplicatePreparedStatement, InvalidSqlStatementName):  # of another client's, or one that the pooler lost
        prepares = False
    if not prepares or not capabilities.has_send_close_prepared():
        connection.prepare_threshold = None
