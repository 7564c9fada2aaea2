"""What somebody put aside (https://docs.joinmastodon.org/methods/bookmarks/)."""

from fedi.api.pagination import STATUSES, Page
from fedi.api.reading import page_of, placed_statuses, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.views import interactions


@route("GET", "/api/v1/bookmarks", scope="read:bookmarks", auth="user", of_views=True)
async def get_bookmarks(request: ApiRequest, params: Page) -> Reply:
    """The asker's bookmarks, the latest first."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        found = await interactions.bookmarks(connection, request.account_id, page)
        return await placed_statuses(request, connection, found, page)
