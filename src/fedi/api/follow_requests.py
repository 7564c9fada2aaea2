"""Who asks to follow somebody (https://docs.joinmastodon.org/methods/follow_requests/)."""

from fedi.api.pagination import ACCOUNTS, Page
from fedi.api.reading import page_of, placed_accounts, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.views import accounts


@route("GET", "/api/v1/follow_requests", scope="follow | read:follows", auth="user", of_views=True)
async def get_follow_requests(request: ApiRequest, params: Page) -> Reply:
    """Who waits for the asker's answer, the latest first."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        found = await accounts.requests(connection, request.account_id, page)
        return await placed_accounts(request, connection, found, page)
