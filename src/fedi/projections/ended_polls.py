"""The view of polls of whose end people have been told, so that they are told once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.scheduled import PollExpired
from fedi.facts import Entry
from fedi.facts.statuses import StatusDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    status_id: int
    expires_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep the last end of each poll."""
    ended: dict[int, _Row] = {}
    gone: list[int] = []
    for entry in entries:
        match entry.fact:
            case PollExpired() as fact:
                ended[fact.status_id] = _Row(fact.status_id, fact.expires_at)
            case StatusDeleted() as fact:
                gone.append(fact.status_id)
                ended.pop(fact.status_id, None)
    if gone:
        cursor.execute(SQL["remove"], {"ids": gone})
    if ended:
        cursor.execute(SQL["save"], {"rows": rows(ended.values())})
    return []


PROJECTION = Projection(
    name="ended_polls", version=1, handles=(PollExpired, StatusDeleted), create=SQL["create"], apply=apply
)
