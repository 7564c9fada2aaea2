"""The stamps by which local people allow that posts quote theirs (FEP-044f)."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.views import quotes


async def show_stamp(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/quote_authorizations/ID: the stamp, as long as it holds; anybody may check it."""
    name, number = paths.username(request), paths.status_id(request)
    async with edge.pool.connection() as connection:
        found = await quotes.stamp(connection, name, addresses.stamp("", number))
    if found is None:
        raise missing()
    return activity(request, rendering.stamp(found.uri, found.author_uri, found.quote_uri, found.quoted_uri))
