"""Suggestions that somebody waved away."""

from fedi.registry.rows import Connection, change
from fedi.sql import queries

_SQL = queries(__file__)


async def dismiss(connection: Connection, account_id: int, target_id: int) -> None:
    """Suggest an account to somebody no more."""
    await change(connection, _SQL["dismiss"], {"account_id": account_id, "target_id": target_id})
