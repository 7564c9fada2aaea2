"""The leave by which local people let others favourite, answer or boost what they wrote, for whoever checks it."""

import re

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering.interactions import interaction_stamp
from fedi.views import interaction_requests

_KEY = re.compile(r"[0-9a-f]{32}")


async def show_stamp(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/interaction_authorizations/KEY: the leave, as long as what was asked for is allowed."""
    name, key = paths.username(request), str(request.path_params["key"])
    if not _KEY.fullmatch(key):
        raise missing()
    async with edge.pool.connection() as connection:
        found = await interaction_requests.stamped(connection, key)
    if found is None or found[1].author_uri != edge.site.actor(name):
        raise missing()
    asked, about = found
    uri = addresses.interaction_stamp(about.author_uri, key)
    return activity(request, interaction_stamp(asked.kind, uri, about.author_uri, asked.instrument, asked.object))
