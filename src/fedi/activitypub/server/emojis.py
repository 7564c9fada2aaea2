"""Custom emoji of this server, as documents."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary.rendering import tags
from fedi.activitypub.vocabulary.rendering.contexts import POST, timestamp
from fedi.descriptions import Emoji
from fedi.views import custom_emojis


async def show_emoji(edge: Edge, request: Request) -> Response:
    """GET /emojis/ID: an emoji that people here may use."""
    number = request.path_params["id"]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise missing()
    async with edge.pool.connection() as connection:
        found = await custom_emojis.by_id(connection, int(number))
    if found is None:
        raise missing()
    document = tags.emoji(edge.site, Emoji(shortcode=found.shortcode, url=found.url))
    return activity(request, {"@context": POST, **document, "updated": timestamp(found.added_at)})
