"""Conversations that began here, as collections of their public posts (FEP-7888); others complete theirs by them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.viewers import viewer_of
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.views import documents
from fedi.views.pages import Page


async def show_context(edge: Edge, request: Request) -> Response:
    """GET /contexts/ID, by the number of the post that it began with: whose it is, and the first of its posts."""
    root, page = await _page(edge, request, Page(limit=paths.PAGE_SIZE, min_id=0))
    uri = addresses.thread(edge.site, paths.status_id(request))
    first = {name: value for name, value in page.items() if name != "@context"}
    document = {"@context": page["@context"], "id": uri, "type": "Collection", "attributedTo": root, "first": first}
    return activity(request, document)


async def show_items(edge: Edge, request: Request) -> Response:
    """GET /contexts/ID/items: its posts, the oldest first, a page at a time."""
    asked = paths.page(request)
    _, page = await _page(edge, request, Page(limit=paths.PAGE_SIZE, min_id=(asked and asked.min_id) or 0))
    return activity(request, page)


async def _page(edge: Edge, request: Request, page: Page) -> tuple[str, dict[str, Any]]:
    """Return who began the conversation, and a page of it; it is there as long as its first post is."""
    number, viewer = paths.status_id(request), await viewer_of(edge, request)
    async with edge.pool.connection() as connection:
        root = await documents.thread_owner(connection, number, viewer)
        if root is None:
            raise missing()
        found = await documents.thread(connection, number, viewer, page)
    uri = addresses.thread(edge.site, number)
    items = f"{uri}/items"
    more = f"{items}?page=true&min_id={found[0].place}" if len(found) == page.limit else ""
    this = f"{items}?page=true" + (f"&min_id={page.min_id}" if page.min_id else "")
    listed = [each.uri for each in reversed(found)]
    return root, rendering.page(this, uri, listed, next_page=more, ordered=False)
