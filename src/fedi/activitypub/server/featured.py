"""Collections of accounts that local people recommend, and the consent of those here who stand in some (FEP-7aa9)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.actors import actor_named
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering import featured
from fedi.site import Site
from fedi.views import accounts, collections
from fedi.views.collections import Item

MOST = 100


async def show_collection(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/collections/ID: a collection, with everybody in it."""
    actor, number = await actor_named(edge, paths.username(request)), paths.status_id(request)
    async with edge.pool.connection() as connection:
        found = await collections.single(connection, number, None)
    if found is None or found.row.account_id != actor.id:
        raise missing()
    row = found.row
    uri = addresses.collection(actor.uri, row.id)
    return activity(
        request,
        featured.featured_collection(
            edge.site,
            uri,
            actor.uri,
            name=row.name,
            description=row.description,
            language=row.language,
            sensitive=row.sensitive,
            discoverable=row.discoverable,
            tag=row.tag,
            published=row.created_at,
            updated=row.updated_at,
            items=[_item(edge.site, uri, item) for item in found.items],
        ),
    )


async def show_collections(edge: Edge, request: Request) -> Response:
    """GET /ap/users/ID/featured_collections: the collections of somebody here that are to be discovered."""
    number = paths.status_id(request)
    async with edge.pool.connection() as connection:
        owner = await accounts.one(connection, number)
        if owner is None or owner.domain is not None or owner.suspended:
            raise missing()
        found = await collections.of_account(connection, number, None, limit=MOST)
    items = [addresses.collection(owner.uri, each.row.id) for each in found]
    uri = f"{edge.site.base_url}/ap/users/{number}/featured_collections"
    return activity(request, rendering.collection(uri, len(items), items=items, ordered=False))


async def show_authorization(edge: Edge, request: Request) -> Response:
    """GET /ap/users/ID/feature_authorizations/ITEM: the consent of somebody here, as long as it holds."""
    number, item = paths.status_id(request), paths.number(request, "item")
    async with edge.pool.connection() as connection:
        found = await collections.authorization(connection, number, item)
    if found is None:
        raise missing()
    collection = addresses.collection(edge.site.actor(found.username), found.collection_id)
    uri = _authorization(edge.site, number, item)
    return activity(request, featured.feature_authorization(uri, found.member_uri, collection))


def _item(site: Site, collection: str, item: Item) -> dict[str, Any]:
    authorization = _authorization(site, item.account_id, item.id)
    return featured.featured_item(f"{collection}#items/{item.id}", item.uri, item.kind, authorization)


def _authorization(site: Site, account_id: int, item_id: int) -> str:
    return f"{site.base_url}/ap/users/{account_id}/feature_authorizations/{item_id}"
