"""Announcements of the staff (https://docs.joinmastodon.org/methods/announcements/). There are none yet."""

from fedi.api.request import ApiRequest
from fedi.api.routing import route


@route("GET", "/api/v1/announcements", scope=None, auth="user")
async def get_announcements(request: ApiRequest) -> list[object]:
    """What the staff has to say at the moment."""
    return []
