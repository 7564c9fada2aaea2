"""Actor documents: of local people, as they stand in the log, and of the server itself."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import GoneError, activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary.rendering import instance_actor_document
from fedi.registry import key_pairs
from fedi.views import documents
from fedi.views.documents import Actor


async def show_actor(edge: Edge, request: Request) -> Response:
    """GET /users/NAME, and /@NAME for who asks for documents. Anybody may read it, signed or not."""
    return activity(request, (await actor_named(edge, paths.username(request))).document)


async def show_instance_actor(edge: Edge, request: Request) -> Response:
    """GET /actor. No signature is asked for: two servers that both ask for one would wait for each other for ever."""
    async with edge.pool.connection() as connection:
        key = await key_pairs.of_instance(connection)
    return activity(request, instance_actor_document(edge.site, key.public_pem))


async def actor_named(edge: Edge, name: str) -> Actor:
    """Return a local account; raises NotFoundError, GoneError."""
    found = await edge.actors.named(name)
    if found is not None:
        return found
    async with edge.pool.connection() as connection:
        if await documents.gone_actor(connection, edge.site.actor(name.lower())):
            raise GoneError
    raise missing()
