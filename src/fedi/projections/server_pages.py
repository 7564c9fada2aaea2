"""The view of what the staff wrote about the server."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.server import ServerPageWritten
from fedi.facts import Entry
from fedi.meaning.prose import to_html
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    page: str
    effective_on: str
    content: str
    written_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep the last form of each page."""
    pages = {
        (fact.page, fact.effective_on): _Row(
            page=fact.page,
            effective_on=fact.effective_on,
            content=fact.content.strip() if fact.page == "rules" else to_html(fact.content),
            written_at=entry.at,
        )
        for entry in entries
        if isinstance(fact := entry.fact, ServerPageWritten)
    }
    if pages:
        cursor.execute(SQL["save"], {"rows": rows(pages.values())})
    return []


PROJECTION = Projection(name="server_pages", version=1, handles=(ServerPageWritten,), create=SQL["create"], apply=apply)
