"""How one account stands to others."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """How the viewer stands to the account `id`. `boosts` and `notify` are what the viewer wants to see of it."""

    id: int
    following: bool
    boosts: bool
    notify: bool
    languages: tuple[str, ...] | None
    requested: bool
    followed_by: bool
    requested_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: datetime | None
    domain_blocking: bool
    endorsed: bool
    note: str


async def between(connection: Connection, viewer: int, ids: Sequence[int]) -> list[Relationship]:
    """Return the viewer's relation to each of some accounts, in their order, without those that do not exist."""
    if not ids:
        return []
    rows = await several(connection, _SQL["between"], {"viewer": viewer, "ids": list(ids)}, Relationship)
    found = {row.id: row for row in rows}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


async def to_one(connection: Connection, viewer: int, account_id: int) -> Relationship | None:
    """Return the viewer's relation to one account; None if there is no such account."""
    return next(iter(await between(connection, viewer, [account_id])), None)
