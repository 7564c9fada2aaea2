"""Actors elsewhere: whose a key is, and whose profile was not seen for long."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views import accounts, followings

_SQL = queries(__file__)


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """An actor, by its URI, and a public key of its own."""

    actor: str
    pem: str


async def of_key(connection: Connection, key_id: str) -> list[Signer]:
    """Return the actors that are known to have a key: one, if nobody lies."""
    return await several(connection, _SQL["of_key"], {"key_id": key_id}, Signer)


async def followed(connection: Connection, uris: Collection[str]) -> list[str]:
    """Return those of some actors elsewhere whom somebody here follows."""
    known = await accounts.by_uris(connection, list(uris))
    here = await followings.followed_here(connection, known.values())
    return [uri for uri, account_id in known.items() if account_id in here]


async def stale(connection: Connection, uris: Collection[str], before: datetime) -> list[str]:
    """Return those of some actors elsewhere that were last seen before a moment."""
    known = await accounts.by_uris(connection, list(uris))
    found = await connection.execute(_SQL["stale"], {"ids": list(known.values()), "before": before})
    return [uri for (uri,) in await found.fetchall()]
