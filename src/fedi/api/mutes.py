"""Whom somebody mutes (https://docs.joinmastodon.org/methods/mutes/)."""

from fedi.api.entities.accounts import muted_account
from fedi.api.pagination import ACCOUNTS, Page, paged
from fedi.api.reading import page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.views import accounts


@route("GET", "/api/v1/mutes", scope="follow | read:mutes", auth="user", of_views=True)
async def get_mutes(request: ApiRequest, params: Page) -> Reply:
    """Whom the asker mutes, and until when."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        found = await accounts.muted(connection, request.account_id, page)
        rows = await accounts.load(connection, [each.id for each in found])
    body = [muted_account(rows[each.id], request.deps.site, each.expires_at) for each in found if each.id in rows]
    return paged(request, body, [each.place for each in found], page.limit)
