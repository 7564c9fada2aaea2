"""Actor documents: of local people, as they stand in the log, and of the server itself."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import GoneError, activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.negotiation import wants_activity
from fedi.activitypub.vocabulary.rendering import instance_actor_document
from fedi.registry import key_pairs
from fedi.views import documents
from fedi.views.documents import Actor


async def show_actor(edge: Edge, request: Request) -> Response:
    """GET /users/NAME: the document, or the way to the page for a browser. Anybody may read it, signed or not."""
    name = paths.username(request)
    if not wants_activity(request.headers.get("accept", "")):
        return redirect_to_page(edge.site.profile(name))
    return activity(request, (await actor_named(edge, name)).document)


async def show_instance_actor(edge: Edge, request: Request) -> Response:
    """GET /actor. No signature is asked for: two servers that both ask for one would wait for each other for ever."""
    async with edge.pool.connection() as connection:
        key = await key_pairs.of_instance(connection)
    return activity(request, instance_actor_document(edge.site, key.public_pem))


async def actor_named(edge: Edge, name: str) -> Actor:
    """Return a local account; raises NotFoundError, GoneError."""
    async with edge.pool.connection() as connection:
        found = await documents.actor(connection, name)
        if found is None and await documents.gone_actor(connection, edge.site.actor(name.lower())):
            raise GoneError
    if found is None:
        raise missing()
    return found


def redirect_to_page(url: str) -> Response:
    """Send a browser to the page; caches must not send servers there too."""
    return RedirectResponse(url, 302, {"Vary": "Accept, Signature", "Cache-Control": "public, max-age=180"})
