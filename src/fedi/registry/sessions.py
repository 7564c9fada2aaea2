"""Browser sessions: the cookie is random, the registry keeps its digest."""

from datetime import datetime, timedelta

import msgspec

from fedi.registry.rows import Connection, change, one, several
from fedi.registry.secrets import digest, new_secret
from fedi.registry.users import User
from fedi.sql import queries

_SQL = queries(__file__)

LIFE = timedelta(days=30)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A living session and the user behind it."""

    id: int
    user: User


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is signed in."""

    id: int
    ip: str | None
    user_agent: str
    created_at: datetime


class _Found(User, frozen=True, kw_only=True):
    session_id: int


async def open_session(
    connection: Connection, moment: datetime, *, user_id: int, ip: str | None, user_agent: str
) -> str:
    """Start a session and return the cookie's value; sessions that ended are cleared away on the occasion."""
    cookie = new_secret()
    values = {
        "hash": digest(cookie),
        "user_id": user_id,
        "ip": ip,
        "user_agent": user_agent[:500],
        "created_at": moment,
        "expires_at": moment + LIFE,
    }
    await change(connection, _SQL["open"], values)
    return cookie


async def find(connection: Connection, cookie: str, moment: datetime) -> Session | None:
    """Return the session behind a cookie, if it lives and its user may be here."""
    found = await one(connection, _SQL["find"], {"hash": digest(cookie), "moment": moment}, _Found)
    if found is None or found.disabled:
        return None
    user = User(**{name: getattr(found, name) for name in User.__struct_fields__})
    return Session(id=found.session_id, user=user)


async def close(connection: Connection, cookie: str) -> None:
    """End one session (sign out)."""
    await change(connection, _SQL["close"], {"hash": digest(cookie)})


async def of_user(connection: Connection, user_id: int, moment: datetime) -> list[Place]:
    """Return every place where a user is signed in, the latest first."""
    return await several(connection, _SQL["of_user"], {"user_id": user_id, "moment": moment}, Place)


async def close_one(connection: Connection, user_id: int, session_id: int) -> bool:
    """End one of a user's sessions; tell whether there was such a one."""
    return await change(connection, _SQL["close_one"], {"user_id": user_id, "id": session_id}) == 1


async def close_of_user(connection: Connection, user_id: int) -> None:
    """End every session of a user: after a new password, or when the login is disabled."""
    await change(connection, _SQL["close_of_user"], {"user_id": user_id})
