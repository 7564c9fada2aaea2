"""Signing keys of local actors. They are the one secret that is stored as it is: the server has to sign with them."""

from collections.abc import Collection
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, change, several
from fedi.sql import queries

_SQL = queries(__file__)

INSTANCE_ACTOR = -99
"""The account id under which the instance actor's keys are kept; Mastodon uses the same number."""

KeyKind = Literal["rsa", "ed25519"]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key pair, as PEM texts (PKCS #8 and SubjectPublicKeyInfo)."""

    account_id: int
    kind: KeyKind
    private_pem: str
    public_pem: str


async def add(connection: Connection, key: Key) -> bool:
    """Store a key pair unless the account has one of that kind; tell whether it was stored."""
    return await change(connection, _SQL["add"], msgspec.structs.asdict(key)) == 1


async def replace(connection: Connection, key: Key) -> None:
    """Store a key pair in place of the one the account has (rotation)."""
    await change(connection, _SQL["replace"], msgspec.structs.asdict(key))


async def of_account(connection: Connection, account_id: int) -> dict[KeyKind, Key]:
    """Return an account's keys by kind."""
    return {key.kind: key for key in await of_accounts(connection, [account_id])}


async def of_accounts(connection: Connection, account_ids: Collection[int]) -> list[Key]:
    """Return all keys of several accounts."""
    return await several(connection, _SQL["of_accounts"], {"account_ids": list(account_ids)}, Key)
