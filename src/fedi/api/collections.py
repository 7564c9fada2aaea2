"""Collections: accounts that people recommend together (https://docs.joinmastodon.org/methods/collections/)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.accounts import account
from fedi.api.entities.collections import CollectionWithAccounts, collection, collection_item
from fedi.api.pagination import paged_by_offset
from fedi.api.reading import reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import collections as commands
from fedi.commands.collections import CollectionDraft
from fedi.errors import NotAllowedError, NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, collections

ALPHA_DEPRECATED_AT = 1781049600
"""2026-06-10, when Mastodon 4.6 gave collections their address."""
PAGE, MOST, FARTHEST = 40, 40, 10_000
_WHOLE, _ALPHA = "/api/v1/collections", "/api/v1_alpha/collections"
_OF = "/accounts/:id/collections"
_WITH = "/accounts/:id/in_collections"


class OfAccount(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    limit: int = PAGE
    offset: int = 0


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Made(CollectionDraft, frozen=True, kw_only=True):
    account_ids: tuple[int, ...] = ()


class Changed(CollectionDraft, frozen=True, kw_only=True):
    id: int


class Added(msgspec.Struct, frozen=True, kw_only=True):
    collection_id: int
    account_id: int


class OneItem(msgspec.Struct, frozen=True, kw_only=True):
    collection_id: int
    id: int


@route("GET", f"/api/v1{_OF}", f"/api/v1_alpha{_OF}", scope="read:collections", auth="public-or-user", of_views=True)
async def account_collections(request: ApiRequest, params: OfAccount) -> Reply:
    """The collections of an account."""
    limit, offset = _bounds(params)
    async with reading(request) as connection:
        if await accounts.one(connection, params.id) is None:
            raise NotFoundError
        found = await collections.of_account(connection, params.id, request.reader_id, limit=limit, offset=offset)
    return _page(request, found, limit, offset)


@route("GET", f"/api/v1{_WITH}", f"/api/v1_alpha{_WITH}", scope="read:collections", auth="user", of_views=True)
async def collections_with_account(request: ApiRequest, params: OfAccount) -> Reply:
    """The collections that the asker stands in; of others nobody is told."""
    if params.id != request.account_id:
        raise NotAllowedError
    limit, offset = _bounds(params)
    async with reading(request) as connection:
        found = await collections.with_account(connection, params.id, limit=limit, offset=offset)
    return _page(request, found, limit, offset)


@route("GET", f"{_WHOLE}/:id", f"{_ALPHA}/:id", scope="read:collections", auth="public-or-user", of_views=True)
async def get_collection(request: ApiRequest, params: One) -> Reply:
    """One collection, and who stands in it."""
    async with reading(request) as connection:
        found = await _existing(request, connection, params.id)
        ids = [item.account_id for item in found.items if item.state == "accepted"]
        rows = await accounts.in_order(connection, ids)
    site = request.deps.site
    body = CollectionWithAccounts(collection=collection(found, site), accounts=[account(row, site) for row in rows])
    return _reply(request, body)


@route("POST", _WHOLE, _ALPHA, scope="write:collections", auth="user")
async def create_collection(request: ApiRequest, params: Made) -> Reply:
    """Make a collection."""
    owner = await acting(request)
    collection_id, position = await commands.create(request.deps.commands, owner, params, params.account_ids)
    return await _after(request, collection_id, position)


@route(("PUT", "PATCH"), f"{_WHOLE}/:id", f"{_ALPHA}/:id", scope="write:collections", auth="user")
async def update_collection(request: ApiRequest, params: Changed) -> Reply:
    """Change a collection."""
    owner = await acting(request)
    position = await commands.edit(request.deps.commands, owner, params.id, params)
    return await _after(request, params.id, position)


@route("DELETE", f"{_WHOLE}/:id", f"{_ALPHA}/:id", scope="write:collections", auth="user")
async def delete_collection(request: ApiRequest, params: One) -> Reply:
    """Delete a collection."""
    position = await commands.delete(request.deps.commands, await acting(request), params.id)
    await caught_up(request, position)
    return _reply(request, {})


@route(
    "POST", f"{_WHOLE}/:collection_id/items", f"{_ALPHA}/:collection_id/items", scope="write:collections", auth="user"
)
async def add_item(request: ApiRequest, params: Added) -> Reply:
    """Put an account into a collection."""
    owner = await acting(request)
    item_id, position = await commands.add(request.deps.commands, owner, params.collection_id, params.account_id)
    await caught_up(request, position)
    async with request.deps.pool.connection() as connection:
        found = await _existing(request, connection, params.collection_id)
    item = next((each for each in found.items if each.id == item_id), None)
    if item is None:
        raise NotFoundError
    return _reply(request, {"collection_item": collection_item(item)})


@route(
    "DELETE",
    f"{_WHOLE}/:collection_id/items/:id",
    f"{_ALPHA}/:collection_id/items/:id",
    scope="write:collections",
    auth="user",
)
async def remove_item(request: ApiRequest, params: OneItem) -> Reply:
    """Take an account out of one's collection."""
    owner = await acting(request)
    position = await commands.remove(request.deps.commands, owner, params.collection_id, params.id)
    await caught_up(request, position)
    return _reply(request, {})


@route(
    "POST",
    f"{_WHOLE}/:collection_id/items/:id/revoke",
    f"{_ALPHA}/:collection_id/items/:id/revoke",
    scope="write:collections",
    auth="user",
)
async def revoke_item(request: ApiRequest, params: OneItem) -> Reply:
    """Take oneself out of somebody's collection."""
    member = await acting(request)
    position = await commands.revoke(request.deps.commands, member, params.collection_id, params.id)
    await caught_up(request, position)
    return _reply(request, {})


async def _existing(request: ApiRequest, connection: Connection, collection_id: int) -> collections.Collection:
    found = await collections.single(connection, collection_id, request.reader_id)
    if found is None:
        raise NotFoundError
    return found


async def _after(request: ApiRequest, collection_id: int, position: int) -> Reply:
    await caught_up(request, position)
    async with request.deps.pool.connection() as connection:
        found = await _existing(request, connection, collection_id)
    return _reply(request, {"collection": collection(found, request.deps.site)})


def _bounds(params: OfAccount) -> tuple[int, int]:
    return max(0, min(params.limit, MOST)), max(0, min(params.offset, FARTHEST))


def _page(request: ApiRequest, found: list[collections.Collection], limit: int, offset: int) -> Reply:
    body = {"collections": [collection(each, request.deps.site) for each in found]}
    reply = paged_by_offset(request, body, len(found), size=limit, offset=offset)
    return Reply(body=reply.body, headers={**reply.headers, **_reply(request, None).headers})


def _reply(request: ApiRequest, body: object) -> Reply:
    alpha = request.scope["path"].startswith("/api/v1_alpha/")
    return Reply(body=body, headers={"Deprecation": f"@{ALPHA_DEPRECATED_AT}"} if alpha else {})
