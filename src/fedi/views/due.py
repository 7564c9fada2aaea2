"""What must happen because its time has come."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class ExpiredMute(msgspec.Struct, frozen=True, kw_only=True):
    """A mute that should have ended."""

    id: int
    account_id: int
    target_id: int


async def mutes(connection: Connection, now: datetime) -> list[ExpiredMute]:
    """Return mutes whose time has run out, the longest ago first; some at a time."""
    return await several(connection, _SQL["mutes"], {"now": now}, ExpiredMute)
