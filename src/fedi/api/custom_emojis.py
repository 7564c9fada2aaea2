"""Custom emoji of this server (https://docs.joinmastodon.org/methods/custom_emojis/)."""

from fedi.api.entities.emojis import CustomEmoji, local_emoji
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.views import custom_emojis


@route("GET", "/api/v1/custom_emojis", scope=None, auth="public", of_views=True)
async def get_custom_emojis(request: ApiRequest) -> list[CustomEmoji]:
    """The emoji that people here may use."""
    async with request.deps.pool.connection() as connection:
        return [local_emoji(each) for each in await custom_emojis.everything(connection)]
