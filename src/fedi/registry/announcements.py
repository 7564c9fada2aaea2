"""Which announcements of the staff somebody has read."""

from fedi.registry.rows import Connection, change
from fedi.sql import queries

_SQL = queries(__file__)


async def dismiss(connection: Connection, account_id: int, announcement_id: int) -> None:
    """Remember that somebody has read an announcement."""
    await change(connection, _SQL["dismiss"], {"account_id": account_id, "announcement_id": announcement_id})
