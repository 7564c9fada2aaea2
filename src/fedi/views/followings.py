"""Who follows whom across one border: what two servers compare (FEP-8fcf), and who elsewhere matters to people here."""

from collections.abc import Collection

import msgspec

from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, numbers, one
from fedi.sql import queries

_SQL = queries(__file__)


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, where their followers are listed, and the ids of those followers who were asked for."""

    account_id: int
    followers_uri: str
    followers: list[str]


async def followers_elsewhere(connection: Connection, account_id: int) -> Followed | None:
    """Return who elsewhere follows somebody here."""
    return await one(connection, _SQL["elsewhere"], {"id": account_id}, Followed)


async def followers_here(connection: Connection, actor: str) -> Followed | None:
    """Return who here follows an actor elsewhere; None if that one is not known."""
    return await one(connection, _SQL["here"], {"key": key_of(actor)}, Followed)


async def followed_here(connection: Connection, ids: Collection[int]) -> set[int]:
    """Return those of some accounts whom somebody here follows."""
    return set(await numbers(connection, _SQL["followed_here"], {"ids": list(ids)})) if ids else set()
