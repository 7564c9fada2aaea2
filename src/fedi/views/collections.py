"""Collections as they are shown: a page of them in three queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, numbers, one, several
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.welcome import unblocked

_SQL = queries(__file__)
_LOAD = flat(_SQL["load"].format(unblocked=unblocked("a")))
_ITEMS = flat(_SQL["items"].format(unblocked=unblocked("a")))
State = Literal["pending", "accepted", "rejected", "revoked"]


class CollectionRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    username: str
    owner_uri: str
    uri: str = ""
    """Of a collection of somebody elsewhere."""
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    tag: str
    created_at: datetime
    updated_at: datetime


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a collection."""

    id: int
    collection_id: int
    account_id: int
    state: State
    created_at: datetime
    uri: str
    kind: str
    domain: str | None
    stamp: str = ""
    """Where somebody elsewhere says that they stand there."""


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection with who stands in it, and who did; only its owner sees the latter."""

    row: CollectionRow
    items: tuple[Item, ...]


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    collection_uri: str
    member_uri: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody here stands in a collection of somebody elsewhere, and by which stamp."""

    account_id: int
    uri: str
    state: State
    stamp: str


async def load(connection: Connection, ids: Sequence[int], viewer: int | None) -> list[Collection]:
    """Return some collections as a viewer sees them, the last first."""
    if not ids:
        return []
    values = {"ids": list(ids), "viewer": viewer}
    rows = await several(connection, _LOAD, values, CollectionRow)
    items = await several(connection, _ITEMS, values, Item)
    return [
        Collection(
            row=row,
            items=tuple(
                item
                for item in items
                if item.collection_id == row.id and (item.state == "accepted" or row.account_id == viewer)
            ),
        )
        for row in rows
    ]


async def single(connection: Connection, collection_id: int, viewer: int | None) -> Collection | None:
    """Return one collection."""
    return next(iter(await load(connection, [collection_id], viewer)), None)


async def of_account(
    connection: Connection, account_id: int, viewer: int | None, *, limit: int, offset: int = 0
) -> list[Collection]:
    """Return the collections of an account; those that are not to be discovered only if it is the viewer's own."""
    values = {"id": account_id, "viewer": viewer, "limit": limit, "offset": offset}
    return await load(connection, await numbers(connection, _SQL["of_account"], values), viewer)


async def with_account(connection: Connection, account_id: int, *, limit: int, offset: int = 0) -> list[Collection]:
    """Return the collections that an account stands in, as itself sees them."""
    values = {"id": account_id, "limit": limit, "offset": offset}
    return await load(connection, await numbers(connection, _SQL["with_account"], values), account_id)


async def authorization(connection: Connection, account_id: int, item_id: int) -> Authorization | None:
    """Return where somebody here stands in a collection with their consent."""
    return await one(connection, _SQL["authorization"], {"id": item_id, "account_id": account_id}, Authorization)


async def standings(connection: Connection, pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Standing]:
    """Return how people here stand in collections of others, given as accounts and URIs."""
    values = {"account_ids": [account for account, _ in pairs], "uris": [uri for _, uri in pairs]}
    found = await several(connection, _SQL["standings"], values, Standing)
    return {(each.account_id, each.uri): each for each in found}
