"""Access tokens: what a bearer may do, and in whose name.

Only digests are stored. Yet an app that asks again for the same person and scopes gets the same token, as Mastodon's
clients expect: a token is derived from the server's secret and a random seed beside the digest, so neither the database
nor the secret alone gives any token away.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, change, numbers, one, several
from fedi.registry.secrets import derive, digest, new_seed
from fedi.sql import queries

_SQL = queries(__file__)


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is handed out, in clear."""

    id: int
    secret: str
    scopes: tuple[str, ...]
    created_at: datetime


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands behind a token, and in what state. Without a user the token stands for an app alone.

    The versions tell the row of the token, and that of the login, from what they are after any change.
    """

    token_id: int
    token_version: int
    app_id: int | None
    user_id: int | None
    account_id: int | None
    scopes: frozenset[str]
    revoked: bool
    confirmed: bool
    approved: bool
    disabled: bool
    user_version: int | None
    last_used_at: datetime | None

    @property
    def functional(self) -> bool:
        """Whether the user behind the token may do anything at all."""
        return self.confirmed and self.approved and not self.disabled


class _Found(Viewer, frozen=True, kw_only=True):
    hash: bytes


class LetIn(msgspec.Struct, frozen=True, kw_only=True):
    """An app that a person let in, with all that its tokens allow."""

    id: int
    name: str
    website: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None


class TokenFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What an app or a bearer may know of a token."""

    user_id: int | None
    username: str | None
    client_id: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    active: bool


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    hash: bytes
    seed: bytes
    scopes: tuple[str, ...]
    created_at: datetime


async def issue(
    connection: Connection, key: str, *, app_id: int | None, user_id: int | None, scopes: Iterable[str]
) -> Issued:
    """Return the token of this app, user and scopes; make one if there is none. `key` is the server's secret."""
    wanted = {"app_id": app_id, "user_id": user_id, "scopes": sorted(set(scopes))}
    kept = await one(connection, _SQL["same"], wanted, _Stored)
    if kept is not None:
        secret = derive(key, "token", kept.seed)
        if digest(secret) == kept.hash:
            return Issued(id=kept.id, secret=secret, scopes=kept.scopes, created_at=kept.created_at)
    seed = new_seed()
    secret = derive(key, "token", seed)
    made = await one(connection, _SQL["make"], {**wanted, "seed": seed, "hash": digest(secret)}, _Stored)
    assert made is not None
    return Issued(id=made.id, secret=secret, scopes=made.scopes, created_at=made.created_at)


async def viewer(connection: Connection, token_hash: bytes) -> Viewer | None:
    """Return who stands behind the token with this digest, revoked or not; None if there never was one."""
    return (await viewers(connection, [token_hash])).get(token_hash)


async def viewers(connection: Connection, token_hashes: Iterable[bytes]) -> dict[bytes, Viewer]:
    """Return who stands behind the tokens with these digests, by digest, without those that there never were."""
    found = await several(connection, _SQL["viewers"], {"hashes": list(token_hashes)}, _Found)
    return {each.hash: each for each in found}


async def describe(connection: Connection, token_hash: bytes) -> TokenFacts | None:
    """Return what is to be known of the token with this digest; None if there never was one."""
    return await one(connection, _SQL["describe"], {"hash": token_hash, "id": None}, TokenFacts)


async def describe_by_id(connection: Connection, token_id: int) -> TokenFacts | None:
    """As `describe`, of a token by its id."""
    return await one(connection, _SQL["describe"], {"hash": None, "id": token_id}, TokenFacts)


async def alive(connection: Connection, token_ids: Iterable[int]) -> list[int]:
    """Return those of some tokens that are not revoked and whose users may do anything at all."""
    return await numbers(connection, _SQL["alive"], {"ids": list(token_ids)})


async def touch(connection: Connection, token_ids: Iterable[int], moment: datetime) -> None:
    """Note when tokens were last used."""
    await change(connection, _SQL["touch"], {"ids": list(token_ids), "moment": moment})


async def revoke(connection: Connection, token_ids: Iterable[int]) -> list[int]:
    """End tokens; return those that were alive. The caller announces them after commit: see `kill`."""
    return await numbers(connection, _SQL["revoke"], {"ids": list(token_ids)})


async def revoke_of_user(connection: Connection, user_id: int) -> list[int]:
    """End every token of a user, and the codes that could still become one; return the tokens that were alive."""
    return await numbers(connection, _SQL["revoke_of_user"], {"user_id": user_id})


async def apps_of_user(connection: Connection, user_id: int) -> list[LetIn]:
    """Return every app that may act for a user, the latest first."""
    return await several(connection, _SQL["apps_of_user"], {"user_id": user_id}, LetIn)


async def revoke_of_app(connection: Connection, user_id: int, app_id: int) -> list[int]:
    """End what an app holds of a user, and the codes that could still become a token; return the tokens."""
    return await numbers(connection, _SQL["revoke_of_app"], {"user_id": user_id, "app_id": app_id})
