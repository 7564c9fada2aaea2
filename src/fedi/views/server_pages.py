"""What the staff wrote about the server."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class ServerPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page in the form of one day (YYYY-MM-DD, or "" where days do not matter)."""

    effective_on: str
    content: str
    written_at: datetime


async def page(connection: Connection, name: str) -> list[ServerPage]:
    """Return all forms of a page, the latest day first."""
    return await several(connection, _SQL["page"], {"page": name}, ServerPage)


async def rules(connection: Connection) -> list[str]:
    """Return the rules of the house."""
    return [line.strip() for found in await page(connection, "rules") for line in found.content.splitlines() if line]
