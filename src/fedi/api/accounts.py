"""Accounts: who they are, what they wrote, and whom they follow (https://docs.joinmastodon.org/methods/accounts/)."""

from typing import Annotated

import msgspec

from fedi.activitypub.vocabulary import hashtags
from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.api.entities.accounts import Account, CredentialAccount, FamiliarFollowers, account, credential_account
from fedi.api.entities.featured_tags import FeaturedTag
from fedi.api.entities.lists import AccountList, account_list
from fedi.api.entities.relationships import Relationship, relationship
from fedi.api.featured_tags import of_account
from fedi.api.meeting import meet
from fedi.api.pagination import ACCOUNTS, STATUSES, Page
from fedi.api.reading import page_of, placed_accounts, placed_statuses, reading, status_page
from fedi.api.refreshing import look_again
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.api.search import without_own_domain
from fedi.errors import NotFoundError
from fedi.registry import users
from fedi.registry.rows import Connection
from fedi.views import accounts, lists, relationships, search, timelines
from fedi.views.accounts import AccountRow
from fedi.views.timelines import Narrowing

Ids = Annotated[list[int], msgspec.Meta(max_length=200)]


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Several(msgspec.Struct, frozen=True, kw_only=True):
    id: Ids = []


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    acct: str = ""


class SearchParams(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""
    limit: int = ACCOUNTS[0]
    offset: int = 0
    following: bool = False
    resolve: bool = False


class Following(Page, frozen=True, kw_only=True):
    id: int


class Statuses(Page, frozen=True, kw_only=True):
    id: int
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    exclude_direct: bool = False
    pinned: bool = False
    tagged: str = ""


@route("GET", "/api/v1/accounts/verify_credentials", scope="profile | read:accounts", auth="user")
async def verify_credentials(request: ApiRequest) -> CredentialAccount:
    """The account of whoever asks, with what only they may know."""
    async with reading(request) as connection:
        return await own_account(request, connection)


async def own_account(request: ApiRequest, connection: Connection) -> CredentialAccount:
    """Return the asker's account. Raises NotFoundError while the views do not have it yet."""
    row = await existing(connection, request.account_id)
    user = await users.by_account(connection, row.id)
    preferences = user.preferences if user is not None else users.Preferences()
    waiting = await accounts.count_requests(connection, row.id)
    return credential_account(row, request.deps.site, preferences, waiting)


async def existing(connection: Connection, account_id: int) -> AccountRow:
    """Return an account. Raises NotFoundError if there is none."""
    row = await accounts.one(connection, account_id)
    if row is None:
        raise NotFoundError
    return row


def _keeps_to_itself(row: AccountRow, reader_id: int | None) -> bool:
    """Tell whether an account does not let a reader know whom it follows and who follows it."""
    return bool(row.hide_collections) and row.id != reader_id


@route("GET", "/api/v1/accounts/lookup", scope="read:accounts", auth="public-or-user", of_views=True)
async def look_up(request: ApiRequest, params: Lookup) -> Account:
    """The account with a handle, if it is known here."""
    username, _, domain = params.acct.strip().removeprefix("@").partition("@")
    local = not domain or normal_domain(domain) in {request.deps.site.domain, request.deps.site.web_domain}
    async with reading(request) as connection:
        account_id = await accounts.by_handle(connection, username, None if local else domain)
        if account_id is None:
            raise NotFoundError
        return account(await existing(connection, account_id), request.deps.site)


@route("GET", "/api/v1/accounts/relationships", scope="read:follows", auth="user", of_views=True)
async def get_relationships(request: ApiRequest, params: Several) -> list[Relationship]:
    """How the asker stands to some accounts."""
    async with reading(request) as connection:
        found = await relationships.between(connection, request.account_id, params.id)
    return [relationship(each) for each in found]


@route("GET", "/api/v1/accounts/familiar_followers", scope="read:follows", auth="user", of_views=True)
async def familiar_followers(request: ApiRequest, params: Several) -> list[FamiliarFollowers]:
    """Who among those whom the asker follows follows some accounts."""
    site = request.deps.site
    async with reading(request) as connection:
        familiar = await accounts.familiar(connection, params.id, request.account_id)
        rows = await accounts.load(connection, {each for found in familiar.values() for each in found})
    return [
        FamiliarFollowers(id=str(target), accounts=[account(rows[each], site) for each in found if each in rows])
        for target, found in familiar.items()
    ]


@route("GET", "/api/v1/accounts/search", scope="read:accounts", auth="user", of_views=True)
async def search_accounts(request: ApiRequest, params: SearchParams) -> list[Account]:
    """Accounts by name or handle."""
    limit, offset = max(0, min(params.limit, ACCOUNTS[1])), max(0, min(params.offset, 10_000))
    text = await meet(request, params.q) if params.resolve else params.q
    name = without_own_domain(text.strip(), request.deps.site)
    async with reading(request) as connection:
        ids = await search.accounts(
            connection, name, request.account_id, limit=limit, offset=offset, following=params.following
        )
        rows = await accounts.in_order(connection, ids)
    return [account(row, request.deps.site) for row in rows]


@route("GET", "/api/v1/accounts", scope="read:accounts", auth="public-or-user", of_views=True)
async def get_accounts(request: ApiRequest, params: Several) -> list[Account]:
    """Some accounts at once."""
    async with reading(request) as connection:
        rows = await accounts.in_order(connection, list(dict.fromkeys(params.id)))
    return [account(row, request.deps.site) for row in rows]


@route("GET", "/api/v1/accounts/:id", scope="read:accounts", auth="public-or-user", of_views=True)
async def get_account(request: ApiRequest, params: One) -> Account:
    """One account."""
    async with reading(request) as connection:
        row = await existing(connection, params.id)
    await look_again(request, row)
    return account(row, request.deps.site)


@route("GET", "/api/v1/accounts/:id/statuses", scope="read:statuses", auth="public-or-user", of_views=True)
async def account_statuses(request: ApiRequest, params: Statuses) -> Reply:
    """What an account posted and boosted, or pinned."""
    page = page_of(params, STATUSES)
    tag = hashtags.normal(params.tagged)
    narrowing = Narrowing(
        only_media=params.only_media,
        without_replies=params.exclude_replies,
        without_boosts=params.exclude_reblogs or params.only_media,
        without_direct=params.exclude_direct,
        all_tags=[tag] if tag else [],
    )
    async with reading(request) as connection:
        await existing(connection, params.id)
        if params.pinned:
            pinned = await timelines.pinned(connection, params.id, request.reader_id, page)
            return await placed_statuses(request, connection, pinned, page)
        ids = await timelines.of_account(connection, params.id, request.reader_id, page, narrowing)
        return await status_page(request, connection, ids, page)


@route("GET", "/api/v1/accounts/:id/followers", scope="read:accounts", auth="public-or-user", of_views=True)
async def followers(request: ApiRequest, params: Following) -> Reply:
    """Who follows an account, as far as is known here."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        if _keeps_to_itself(await existing(connection, params.id), request.reader_id):
            return Reply(body=[])
        found = await accounts.followers(connection, params.id, request.reader_id, page)
        return await placed_accounts(request, connection, found, page)


@route("GET", "/api/v1/accounts/:id/following", scope="read:accounts", auth="public-or-user", of_views=True)
async def following(request: ApiRequest, params: Following) -> Reply:
    """Whom an account follows, as far as is known here."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        if _keeps_to_itself(await existing(connection, params.id), request.reader_id):
            return Reply(body=[])
        found = await accounts.following(connection, params.id, request.reader_id, page)
        return await placed_accounts(request, connection, found, page)


@route("GET", "/api/v1/accounts/:id/lists", scope="read:lists", auth="user", of_views=True)
async def lists_with_account(request: ApiRequest, params: One) -> list[AccountList]:
    """The asker's lists that an account is in."""
    async with reading(request) as connection:
        found = await lists.containing(connection, params.id, request.account_id)
    return [account_list(each) for each in found]


@route("GET", "/api/v1/accounts/:id/featured_tags", scope=None, auth="public", of_views=True)
async def featured_tags(request: ApiRequest, params: One) -> list[FeaturedTag]:
    """The hashtags that an account shows on its profile."""
    async with reading(request) as connection:
        return await of_account(request, connection, params.id)
