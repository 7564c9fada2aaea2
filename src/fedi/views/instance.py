"""What the server says of itself: numbers, and whom to turn to."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, numbers, one, several
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


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """What happened here in a week; `week` is the second (Unix time) in which it began."""

    week: int
    statuses: int
    logins: int
    registrations: int


async def activity(connection: Connection, now: datetime) -> list[Week]:
    """Return the last twelve weeks, this one first. This reads whole tables: remember the answer for a while."""
    return await several(connection, _SQL["activity"], {"now": now}, Week)


async def peers(connection: Connection) -> list[str]:
    """Return the domains of all servers that are known. This reads a whole table."""
    return [domain for (domain,) in await (await connection.execute(_SQL["peers"])).fetchall()]


async def peers_like(connection: Connection, beginning: str, limit: int) -> list[str]:
    """Return known domains that begin with a text, those with most people first."""
    lowered = beginning.lower()
    values = {"beginning": lowered, "beyond": f"{lowered}\U0010ffff", "limit": limit}
    cursor = await connection.execute(_SQL["peers_like"], values)
    return [domain for (domain,) in await cursor.fetchall()]
