"""The database connections that a process's coroutines share."""

from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[Any]]


def new_pool(url: str, *, most: int) -> Pool:
    """Return a pool of at most so many connections, not open yet.

    Each statement is a transaction of its own: most borrowers run one or two that read, and BEGIN and COMMIT around
    them would be two round trips more. What must happen together says so with `connection.transaction()`.
    """
    return AsyncConnectionPool(url, configure=_autocommit, min_size=1, max_size=most, open=False)


async def _autocommit(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
