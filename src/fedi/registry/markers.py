"""How far people have read their timelines (Mastodon's markers)."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

_SQL = queries(__file__)

MarkedTimeline = Literal["home", "notifications"]


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """The last id read; `version` counts the changes."""

    timeline: MarkedTimeline
    last_read_id: int
    version: int
    updated_at: datetime


async def of_account(connection: Connection, account_id: int, timelines: Collection[MarkedTimeline]) -> list[Marker]:
    """Return the markers there are among those asked for."""
    values = {"account_id": account_id, "timelines": list(timelines)}
    return await several(connection, _SQL["of_account"], values, Marker)


async def move(
    connection: Connection, moment: datetime, *, account_id: int, timeline: MarkedTimeline, last_read_id: int
) -> Marker:
    """Put a marker where its reader is, forwards or back, as Mastodon lets clients do."""
    values = {"account_id": account_id, "timeline": timeline, "last_read_id": last_read_id, "moment": moment}
    marker = await one(connection, _SQL["move"], values, Marker)
    assert marker is not None
    return marker
