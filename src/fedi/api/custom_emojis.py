"""Custom emoji of this server (https://docs.joinmastodon.org/methods/custom_emojis/). There are none yet."""

from fedi.api.entities.emojis import CustomEmoji
from fedi.api.request import ApiRequest
from fedi.api.routing import route


@route("GET", "/api/v1/custom_emojis", scope=None, auth="public")
async def get_custom_emojis(request: ApiRequest) -> list[CustomEmoji]:
    """The emoji that people here may use."""
    return []
