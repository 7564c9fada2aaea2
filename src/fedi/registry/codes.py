"""Authorization codes (RFC 6749 §4.1): ten minutes between consent and token, used once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from fedi.registry.rows import Connection, change, one
from fedi.registry.secrets import digest, new_secret
from fedi.sql import queries

_SQL = queries(__file__)

LIFE = timedelta(minutes=10)


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A row of registry.codes. `challenge` is the PKCE challenge, always S256 (RFC 7636)."""

    app_id: int
    user_id: int
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    expires_at: datetime
    used_at: datetime | None
    token_id: int | None


async def make(
    connection: Connection,
    moment: datetime,
    *,
    app_id: int,
    user_id: int,
    redirect_uri: str,
    scopes: Iterable[str],
    challenge: str | None,
) -> str:
    """Store a code and return it in clear; codes that expired a day ago are cleared away on the occasion."""
    code = new_secret()
    values = {
        "hash": digest(code),
        "app_id": app_id,
        "user_id": user_id,
        "redirect_uri": redirect_uri,
        "scopes": sorted(set(scopes)),
        "challenge": challenge,
        "created_at": moment,
        "expires_at": moment + LIFE,
        "stale": moment - timedelta(days=1),
    }
    await change(connection, _SQL["make"], values)
    return code


async def find(connection: Connection, code: str) -> Code | None:
    """Return a code, used or not, and lock it until the transaction ends, so that two exchanges cannot both win."""
    return await one(connection, _SQL["find"], {"hash": digest(code)}, Code)


async def use(connection: Connection, code: str, token_id: int, moment: datetime) -> None:
    """Note that a code was exchanged, and for which token."""
    await change(connection, _SQL["use"], {"hash": digest(code), "token_id": token_id, "moment": moment})
