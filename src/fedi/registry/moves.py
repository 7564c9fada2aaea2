"""When the followers here of an account that moved were last taken along, so that nobody can lead them about."""

from datetime import datetime, timedelta

from fedi.registry.rows import Connection, change
from fedi.sql import queries

_SQL = queries(__file__)
REST = timedelta(days=7)
"""Between two moves of one account that count here."""


async def begin(connection: Connection, account_id: int, target_uri: str, now: datetime) -> bool:
    """Note that an account takes people along to another one; False if it did so lately, to yet another one.

    To the same one it may again: what was interrupted goes on.
    """
    values = {"account_id": account_id, "target_uri": target_uri, "now": now, "before": now - REST}
    return await change(connection, _SQL["begin"], values) > 0
