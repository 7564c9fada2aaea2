"""Accounts that moved, and who may have to be told."""

from datetime import datetime

from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, numbers
from fedi.sql import queries

_SQL = queries(__file__)


async def moved_at(connection: Connection, account_id: int) -> datetime | None:
    """Return when an account last said that it moved."""
    cursor = await connection.execute(_SQL["moved_at"], {"id": account_id})
    row = await cursor.fetchone()
    return row[0] if row else None


async def consents(connection: Connection, account_id: int, alias: str) -> bool:
    """Tell whether an account names the URI of another as an alias of its own."""
    return bool(await numbers(connection, _SQL["consents"], {"id": account_id, "alias": alias}))


async def by_uri(connection: Connection, uri: str) -> int | None:
    """Return the id of the account with a URI, if it is known here."""
    return next(iter(await numbers(connection, _SQL["by_uri"], {"key": key_of(uri)})), None)


async def local_followers(connection: Connection, account_id: int) -> list[int]:
    """Return who of the people here follows an account."""
    return await numbers(connection, _SQL["local_followers"], {"id": account_id})
