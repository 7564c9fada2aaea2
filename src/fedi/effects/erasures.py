"""How erasure stands, for operators."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, one
from fedi.sql import queries

_SQL = queries(__file__)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased in the last months, what is still to be, since when, and what is not in the list file yet."""

    posts: int
    accounts: int
    payloads: int
    waiting: int
    waiting_since: datetime | None
    unlisted: int
    last_done_at: datetime | None


async def standing(connection: Connection) -> Standing:
    """Return how erasure stands."""
    found = await one(connection, _SQL["standing"], {}, Standing)
    assert found is not None
    return found
