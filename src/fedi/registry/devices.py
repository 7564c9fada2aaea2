"""From where people sign in, so that they can be told of a place or browser they never used.

Only a digest of both is kept: it recognises, and tells nothing to who reads the table.
"""

from datetime import datetime

from fedi.callers import block_of
from fedi.registry.rows import Connection, numbers
from fedi.registry.secrets import digest
from fedi.sql import queries

_SQL = queries(__file__)


async def is_strange(
    connection: Connection, moment: datetime, *, user_id: int, address: str | None, user_agent: str
) -> bool:
    """Remember a sign-in; tell whether the person signed in before, but never from there."""
    where = digest(f"{user_id}\n{block_of(address) if address else ''}\n{user_agent}")
    values = {"user_id": user_id, "hash": where, "moment": moment}
    (known,) = await numbers(connection, _SQL["remember"], values)
    return known == 1
