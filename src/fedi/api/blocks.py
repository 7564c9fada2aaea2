"""Whom somebody blocks (https://docs.joinmastodon.org/methods/blocks/)."""

from fedi.api.pagination import ACCOUNTS, Page
from fedi.api.reading import page_of, placed_accounts, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.views import accounts


@route("GET", "/api/v1/blocks", scope="follow | read:blocks", auth="user", of_views=True)
async def get_blocks(request: ApiRequest, params: Page) -> Reply:
    """Whom the asker blocks, the latest first."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        found = await accounts.blocked(connection, request.account_id, page)
        return await placed_accounts(request, connection, found, page)
