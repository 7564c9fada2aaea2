"""Accounts on one's profile (https://docs.joinmastodon.org/methods/endorsements/), and notes about others."""

import msgspec

from fedi.api.acting import acting, relationship_after
from fedi.api.entities.relationships import Relationship
from fedi.api.pagination import ACCOUNTS, Page
from fedi.api.reading import page_of, placed_accounts, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import endorsements as commands
from fedi.errors import NotFoundError
from fedi.views import accounts, endorsements

PROOFS_DEPRECATED_AT = 1648598400
"""2022-03-30, when Mastodon 3.5 let identity proofs go."""


class OneAccount(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class OfAccount(Page, frozen=True, kw_only=True):
    id: int


class Remembered(OneAccount, frozen=True, kw_only=True):
    comment: str = ""


@route("GET", "/api/v1/endorsements", scope="read:accounts", auth="user", of_views=True)
async def own_endorsements(request: ApiRequest, params: Page) -> Reply:
    """The accounts that the asker shows."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        found = await endorsements.accounts(connection, request.account_id, request.account_id, page)
        return await placed_accounts(request, connection, found, page)


@route("GET", "/api/v1/accounts/:id/endorsements", scope="read:accounts", auth="public-or-user", of_views=True)
async def account_endorsements(request: ApiRequest, params: OfAccount) -> Reply:
    """The accounts that an account shows."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        if await accounts.one(connection, params.id) is None:
            raise NotFoundError
        found = await endorsements.accounts(connection, params.id, request.reader_id, page)
        return await placed_accounts(request, connection, found, page)


@route("POST", "/api/v1/accounts/:id/endorse", "/api/v1/accounts/:id/pin", scope="write:accounts", auth="user")
async def endorse(request: ApiRequest, params: OneAccount) -> Relationship:
    """Show an account that one follows."""
    author = await acting(request)
    position = await commands.endorse(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, endorsed=True)


@route("POST", "/api/v1/accounts/:id/unendorse", "/api/v1/accounts/:id/unpin", scope="write:accounts", auth="user")
async def unendorse(request: ApiRequest, params: OneAccount) -> Relationship:
    """Show an account no longer."""
    author = await acting(request)
    position = await commands.unendorse(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, endorsed=False)


@route("POST", "/api/v1/accounts/:id/note", scope="write:accounts", auth="user")
async def remember(request: ApiRequest, params: Remembered) -> Relationship:
    """Write down something about an account, which nobody else sees."""
    author = await acting(request)
    position = await commands.remember(request.deps.commands, author, params.id, params.comment)
    return await relationship_after(request, params.id, position, note=params.comment.strip())


@route("GET", "/api/v1/accounts/:id/identity_proofs", scope=None, auth="user", of_views=True)
async def identity_proofs(request: ApiRequest, params: OneAccount) -> Reply:
    """Proofs of identity, which no server makes any longer."""
    async with reading(request) as connection:
        if await accounts.one(connection, params.id) is None:
            raise NotFoundError
    return Reply(body=[], headers={"Deprecation": f"@{PROOFS_DEPRECATED_AT}"})
