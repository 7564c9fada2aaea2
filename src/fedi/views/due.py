"""What must happen because its time has come."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, numbers, several
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


class ExpiredPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll whose time is over. `told` are its author and voters, as far as they live here."""

    status_id: int
    account_id: int
    expires_at: datetime
    told: tuple[int, ...]


async def polls(connection: Connection, since: datetime, now: datetime) -> list[ExpiredPoll]:
    """Return polls that ended between two moments and concern somebody here; some at a time."""
    return await several(connection, _SQL["polls"], {"since": since, "now": now}, ExpiredPoll)


async def scheduled(connection: Connection, since: datetime, now: datetime, *, without: Collection[int]) -> list[int]:
    """Return the planned posts whose time came between two moments, the longest ago first; some at a time.

    Those `without` which it is asked take nobody's place: there may be any number that cannot be published.
    """
    return await numbers(connection, _SQL["scheduled"], {"since": since, "now": now, "without": [*without]})
