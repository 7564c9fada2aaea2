"""Looking up single events from a request: has this been said already?"""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from fedi.events import Recorded
from fedi.log.reader import stored_of
from fedi.sql import queries

_sql = queries(__file__)


async def by_identity(connection: AsyncConnection[Any], identity: UUID) -> Recorded | None:
    """Return the event of an identity, if the log holds it."""
    cursor = await connection.execute(_sql["of"], {"identity": identity}, binary=True)
    found = stored_of(await cursor.fetchall())
    return found[0].decoded() if found else None


async def last_position(connection: AsyncConnection[Any]) -> int:
    """Return the highest position: 0 when the log is empty."""
    row = await (await connection.execute(_sql["last"])).fetchone()
    return row[0] if row else 0
