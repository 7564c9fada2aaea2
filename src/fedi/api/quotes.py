"""What quotes a status (https://docs.joinmastodon.org/methods/statuses/#quotes)."""

from fedi.api.pagination import STATUSES, Page
from fedi.api.reading import page_of, reading, status_page
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.api.statuses import seen
from fedi.views import quotes


class Quoted(Page, frozen=True, kw_only=True):
    status_id: int


@route("GET", "/api/v1/statuses/:status_id/quotes", scope="read:statuses", auth="user", of_views=True)
async def get_quotes(request: ApiRequest, params: Quoted) -> Reply:
    """The statuses that quote a status with its author's leave, as far as the asker may see them."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        await seen(request, connection, params.status_id)
        found = await quotes.of_status(connection, params.status_id, request.account_id, page)
        return await status_page(request, connection, found, page)
