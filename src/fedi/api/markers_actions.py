"""Moving markers: how far somebody has read. They are registry rows, no history."""

import msgspec

from fedi.api.entities.markers import Marker, marker
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.registry import markers


class Place(msgspec.Struct, frozen=True, kw_only=True):
    last_read_id: int


class Places(msgspec.Struct, frozen=True, kw_only=True):
    home: Place | None = None
    notifications: Place | None = None


@route("POST", "/api/v1/markers", scope="write:statuses", auth="user")
async def move_markers(request: ApiRequest, params: Places) -> dict[str, Marker]:
    """Put markers where their reader is; only those that moved are answered."""
    moved: dict[str, Marker] = {}
    wanted: tuple[tuple[markers.MarkedTimeline, Place | None], ...] = (
        ("home", params.home),
        ("notifications", params.notifications),
    )
    async with request.deps.pool.connection() as connection:
        for timeline, place in wanted:
            if place is not None:
                found = await markers.move(
                    connection,
                    request.deps.clock(),
                    account_id=request.account_id,
                    timeline=timeline,
                    last_read_id=place.last_read_id,
                )
                moved[timeline] = marker(found)
    return moved
