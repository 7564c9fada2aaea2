"""How the polls of local people stand."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, one
from fedi.sql import queries

_SQL = queries(__file__)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """A local poll: the document of its post, and the votes of each option."""

    account_id: int
    document: bytes
    votes: tuple[int, ...]
    voters: int | None
    expires_at: datetime | None
    hide_totals: bool


async def of_local_poll(connection: Connection, status_id: int) -> Tally | None:
    """Return how a poll stands; None if it is no local one, or gone."""
    return await one(connection, _SQL["of_local_poll"], {"id": status_id}, Tally)
