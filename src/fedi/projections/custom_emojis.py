"""The view of the emoji that people here may use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.emojis import EmojiAdded, EmojiRemoved
from fedi.facts import Entry
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    shortcode: str
    id: int
    url: str
    category: str
    added_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep the last emoji of each name."""
    last: dict[str, _Row | None] = {}
    for entry in entries:
        match entry.fact:
            case EmojiAdded(emoji_id=number, shortcode=shortcode, url=url, category=category):
                row = _Row(shortcode=shortcode, id=number, url=url, category=category, added_at=entry.at)
                last[shortcode] = row
            case EmojiRemoved(shortcode=shortcode):
                last[shortcode] = None
    if last:
        cursor.execute(SQL["remove"], {"shortcodes": list(last)})
        cursor.execute(SQL["add"], {"rows": rows(row for row in last.values() if row is not None)})
    return []


PROJECTION = Projection(
    name="custom_emojis", version=1, handles=(EmojiAdded, EmojiRemoved), create=SQL["create"], apply=apply
)
