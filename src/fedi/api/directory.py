"""The directory of people who let themselves be found (https://docs.joinmastodon.org/methods/directory/)."""

import msgspec

from fedi.api.entities.accounts import Account, account
from fedi.api.pagination import ACCOUNTS
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.views import accounts, discovery
from fedi.views.discovery import Order

FARTHEST = 10_000


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    order: Order = "active"
    local: bool = False
    limit: int = ACCOUNTS[0]
    offset: int = 0


@route("GET", "/api/v1/directory", scope=None, auth="public", of_views=True)
async def get_directory(request: ApiRequest, params: Listing) -> list[Account]:
    """People who posted or came last."""
    limit, offset = max(0, min(params.limit, ACCOUNTS[1])), max(0, min(params.offset, FARTHEST))
    async with request.deps.pool.connection() as connection:
        ids = await discovery.directory(connection, order=params.order, local=params.local, limit=limit, offset=offset)
        rows = await accounts.in_order(connection, ids)
    return [account(row, request.deps.site) for row in rows]
