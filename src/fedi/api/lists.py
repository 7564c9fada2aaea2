"""Lists of accounts (https://docs.joinmastodon.org/methods/lists/)."""

import msgspec

from fedi.api.entities.accounts import account
from fedi.api.entities.lists import AccountList, account_list
from fedi.api.pagination import ACCOUNTS, Page
from fedi.api.reading import page_of, placed_accounts, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.views import accounts, lists


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Members(Page, frozen=True, kw_only=True):
    id: int


@route("GET", "/api/v1/lists", scope="read:lists", auth="user", of_views=True)
async def get_lists(request: ApiRequest) -> list[AccountList]:
    """All of the asker's lists."""
    async with reading(request) as connection:
        found = await lists.of_account(connection, request.account_id)
    return [account_list(each) for each in found]


@route("GET", "/api/v1/lists/:id", scope="read:lists", auth="user", of_views=True)
async def get_list(request: ApiRequest, params: One) -> AccountList:
    """One of the asker's lists."""
    async with reading(request) as connection:
        found = await lists.one(connection, params.id, request.account_id)
    if found is None:
        raise NotFoundError
    return account_list(found)


@route("GET", "/api/v1/lists/:id/accounts", scope="read:lists", auth="user", of_views=True)
async def list_accounts(request: ApiRequest, params: Members) -> Reply:
    """Who is in one of the asker's lists; `limit=0` asks for everybody."""
    async with reading(request) as connection:
        if await lists.one(connection, params.id, request.account_id) is None:
            raise NotFoundError
        if params.limit == 0:
            rows = await accounts.in_order(connection, await lists.all_members(connection, params.id))
            return Reply(body=[account(row, request.deps.site) for row in rows])
        page = page_of(params, ACCOUNTS)
        return await placed_accounts(request, connection, await lists.members(connection, params.id, page), page)
