"""What somebody favourited (https://docs.joinmastodon.org/methods/favourites/)."""

from fedi.api.pagination import STATUSES, Page
from fedi.api.reading import page_of, placed_statuses, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.views import interactions


@route("GET", "/api/v1/favourites", scope="read:favourites", auth="user", of_views=True)
async def get_favourites(request: ApiRequest, params: Page) -> Reply:
    """The asker's favourites, the latest first."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        found = await interactions.favourites(connection, request.account_id, page)
        return await placed_statuses(request, connection, found, page)
