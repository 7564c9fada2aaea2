"""The database connections that a process's coroutines share."""

from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[Any]]


def new_pool(url: str, *, most: int, through_pooler: bool = False) -> Pool:
    """Return a pool of at most so many connections, not open yet.

    Each statement is a transaction of its own: most borrowers run one or two that read, and BEGIN and COMMIT around
    them would be two round trips more. What must happen together says so with `connection.transaction()`.

    Through a pooler in transaction mode each transaction may be another session's: nothing is prepared there.
    """
    options = {"prepare_threshold": None} if through_pooler else {}
    return AsyncConnectionPool(url, kwargs=options, configure=_autocommit, min_size=1, max_size=most, open=False)


async def _autocommit(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    set_json_loads(msgspec.json.decode, connection)  # a page of statuses has some hundred columns of JSON
