"""The collections of local people: outbox, followers, following, pinned posts and tags (ActivityPub §5)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.actors import actor_named
from fedi.activitypub.server.answers import activity
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.statuses import activity_of
from fedi.activitypub.server.viewers import viewer_of
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering.contexts import POST
from fedi.views import documents
from fedi.views.documents import Actor, Listed
from fedi.views.pages import Page


async def show_outbox(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/outbox: what was said to everybody, and nothing else (S-121), the newest first."""
    actor = await actor_named(edge, paths.username(request))
    uri, page = addresses.outbox(actor.uri), paths.page(request)
    if page is None:
        return activity(request, rendering.collection(uri, actor.statuses, first=f"{uri}?page=true"))
    viewer = await viewer_of(edge, request)
    async with edge.pool.connection() as connection:
        found = await documents.outbox(connection, actor.id, viewer, page)
    items = [_without_context(activity_of(edge, said)) for said in found]
    document = _page(uri, page, [said.id for said in found], items)
    return activity(request, {**document, "@context": POST})


async def show_followers(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/followers: how many, and who."""
    actor = await actor_named(edge, paths.username(request))
    return await _show_people(
        edge, request, actor, addresses.followers(actor.uri), actor.followers, documents.followers
    )


async def show_following(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/following: how many, and whom."""
    actor = await actor_named(edge, paths.username(request))
    return await _show_people(
        edge, request, actor, addresses.following(actor.uri), actor.following, documents.following
    )


async def _show_people(
    edge: Edge, request: Request, actor: Actor, uri: str, total: int, listed: Callable[..., Awaitable[list[Listed]]]
) -> Response:
    """Show a collection of people, or only how many they are if that is all the actor wants known."""
    page = paths.page(request)
    if page is None or actor.hide_collections:
        first = "" if actor.hide_collections else f"{uri}?page=true"
        return activity(request, rendering.collection(uri, total, first=first))
    async with edge.pool.connection() as connection:
        return activity(request, _listed(uri, page, await listed(connection, actor.id, page)))


async def show_featured(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/collections/featured: the pinned posts, by their ids. Who is blocked finds none (S-119)."""
    actor = await actor_named(edge, paths.username(request))
    viewer = await viewer_of(edge, request)
    async with edge.pool.connection() as connection:
        found = await documents.featured(connection, actor.id, viewer)
    uri = addresses.featured(actor.uri)
    return activity(request, rendering.collection(uri, len(found), items=[pin.uri for pin in found]))


async def show_featured_tags(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/collections/tags: the hashtags on somebody's profile."""
    actor = await actor_named(edge, paths.username(request))
    async with edge.pool.connection() as connection:
        found = await documents.featured_tags(connection, actor.id)
    items = [
        {"type": "Hashtag", "href": f"{edge.site.profile(actor.username)}/tagged/{tag.name}", "name": f"#{tag.written}"}
        for tag in found
    ]
    uri = addresses.featured_tags(actor.uri)
    return activity(request, rendering.collection(uri, len(items), items=items, ordered=False))


async def show_instance_outbox(edge: Edge, request: Request) -> Response:
    """GET /actor/outbox: the server itself publishes nothing."""
    return activity(request, rendering.collection(addresses.outbox(edge.site.instance_actor), 0, items=[]))


def _listed(uri: str, page: Page, found: Sequence[Listed]) -> dict[str, Any]:
    return _page(uri, page, [each.place for each in found], [each.uri for each in found])


def _page(uri: str, page: Page, places: Sequence[int], items: Sequence[Any]) -> dict[str, Any]:
    older = f"{uri}?page=true&max_id={places[-1]}" if len(places) == page.limit else ""
    newer = f"{uri}?page=true&min_id={places[0]}" if places else ""
    return rendering.page(_own(uri, page), uri, items, next_page=older, previous=newer)


def _own(uri: str, page: Page) -> str:
    bounds = {"max_id": page.max_id, "min_id": page.min_id}
    given = "".join(f"&{name}={value}" for name, value in bounds.items() if value is not None)
    return f"{uri}?page=true{given}"


def _without_context(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "@context"}
