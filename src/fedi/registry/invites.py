"""Invites: links that let people sign up, without approval, even where nobody else may."""

from datetime import datetime
from secrets import token_urlsafe

import msgspec

from fedi.registry.rows import Connection, change, one, several
from fedi.sql import queries

_SQL = queries(__file__)


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """A row of registry.invites; without `max_uses` or `expires_at` it has no such end."""

    id: int
    code: str
    max_uses: int | None
    uses: int
    expires_at: datetime | None


async def create(connection: Connection, *, max_uses: int | None, expires_at: datetime | None) -> Invite:
    """Make an invite."""
    values = {"code": token_urlsafe(9), "max_uses": max_uses, "expires_at": expires_at}
    invite = await one(connection, _SQL["create"], values, Invite)
    assert invite is not None
    return invite


async def usable(connection: Connection, code: str, moment: datetime) -> Invite | None:
    """Return the invite with a code, if somebody can still come by it."""
    return await one(connection, _SQL["usable"], {"code": code, "moment": moment}, Invite)


async def every(connection: Connection) -> list[Invite]:
    """Return all invites, the newest first."""
    return await several(connection, _SQL["every"], {}, Invite)


async def use(connection: Connection, invite_id: int) -> bool:
    """Count somebody who comes by an invite; tell whether there was room."""
    return await change(connection, _SQL["use"], {"id": invite_id}) == 1


async def give_back(connection: Connection, invite_id: int) -> None:
    """Uncount somebody who did not come in the end."""
    await change(connection, _SQL["give_back"], {"id": invite_id})
