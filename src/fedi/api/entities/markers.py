"""Markers as clients see them: how far somebody has read."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.registry import markers


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    last_read_id: str
    version: int
    updated_at: str


def marker(found: markers.Marker) -> Marker:
    """Return how far a timeline was read."""
    return Marker(last_read_id=str(found.last_read_id), version=found.version, updated_at=timestamp(found.updated_at))
