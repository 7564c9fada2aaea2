"""How far somebody has read (https://docs.joinmastodon.org/methods/markers/)."""

import msgspec

from fedi.api.entities.markers import Marker, marker
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.registry import markers
from fedi.registry.markers import MarkedTimeline


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    timeline: list[MarkedTimeline] = []


@route("GET", "/api/v1/markers", scope="read:statuses", auth="user")
async def get_markers(request: ApiRequest, params: Wanted) -> dict[MarkedTimeline, Marker]:
    """The markers asked for, as far as the asker has set them."""
    async with reading(request) as connection:
        found = await markers.of_account(connection, request.account_id, params.timeline)
    return {each.timeline: marker(each) for each in found}
