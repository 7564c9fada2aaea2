"""Collections of accounts that local people recommend, and the consent of those here who stand in some (FEP-7aa9)."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.actors import actor_named
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering import featured
from fedi.views import accounts, collection_documents, collections

MOST = 100


async def show_collection(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/collections/ID: a collection, with everybody in it."""
    actor, number = await actor_named(edge, paths.username(request)), paths.status_id(request)
    async with edge.pool.connection() as connection:
        found = await collections.single(connection, number, None)
    if found is None or found.row.account_id != actor.id:
        raise missing()
    return activity(request, collection_documents.document(edge.site, found))


async def show_own_collections(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/collections/recommended: the same as `show_collections`, found by name."""
    actor = await actor_named(edge, paths.username(request))
    return await _listed(edge, request, actor.id, actor.uri, addresses.featured_collections(actor.uri))


async def show_collections(edge: Edge, request: Request) -> Response:
    """GET /ap/users/ID/featured_collections: the collections of somebody here that are to be discovered."""
    number = paths.status_id(request)
    async with edge.pool.connection() as connection:
        owner = await accounts.one(connection, number)
    if owner is None or owner.domain is not None or owner.suspended:
        raise missing()
    uri = f"{edge.site.base_url}/ap/users/{number}/featured_collections"
    return await _listed(edge, request, number, owner.uri, uri)


async def show_authorization(edge: Edge, request: Request) -> Response:
    """GET /ap/users/ID/feature_authorizations/ITEM: the consent of somebody here, as long as it holds."""
    number, item = paths.status_id(request), paths.number(request, "item")
    async with edge.pool.connection() as connection:
        found = await collections.authorization(connection, number, item)
    if found is None:
        raise missing()
    uri = collection_documents.authorization(edge.site, number, item)
    return activity(request, featured.feature_authorization(uri, found.member_uri, found.collection_uri))


async def _listed(edge: Edge, request: Request, account_id: int, actor: str, uri: str) -> Response:
    async with edge.pool.connection() as connection:
        found = await collections.of_account(connection, account_id, None, limit=MOST)
    items = [addresses.collection(actor, each.row.id) for each in found]
    return activity(request, rendering.collection(uri, len(items), items=items, ordered=False))
