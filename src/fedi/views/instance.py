"""What the server says of itself: numbers, and whom to turn to."""

import msgspec

from fedi.registry.rows import Connection, numbers, one
from fedi.sql import queries

_SQL = queries(__file__)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Local people and their posts, known servers, and how many were here in the last four weeks and six months."""

    users: int
    statuses: int
    domains: int
    active_month: int
    active_halfyear: int


async def counts(connection: Connection) -> Counts:
    """Count. This reads whole tables: remember the answer for a while."""
    found = await one(connection, _SQL["counts"], {}, Counts)
    assert found is not None
    return found


async def contact(connection: Connection) -> int | None:
    """Return the account to turn to with questions about this server: its first admin's."""
    return next(iter(await numbers(connection, _SQL["contact"], {})), None)
