"""What a web client keeps for its user from one browser to the next."""

from datetime import datetime

from fedi.registry.rows import Connection, change
from fedi.sql import queries

_SQL = queries(__file__)


async def save(connection: Connection, account_id: int, data: str, moment: datetime) -> bool:
    """Keep settings, which are JSON, in the place of those before; False if no login speaks for the account."""
    values = {"account_id": account_id, "data": data, "moment": moment}
    return await change(connection, _SQL["save"], values) == 1


async def of_account(connection: Connection, account_id: int) -> str | None:
    """Return what was kept last; None if nothing ever was."""
    row = await (await connection.execute(_SQL["of_account"], {"account_id": account_id})).fetchone()
    return row[0] if row else None
