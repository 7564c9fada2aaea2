"""The emoji that people here may use."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

_SQL = queries(__file__)


class LocalEmoji(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    shortcode: str
    url: str
    category: str
    added_at: datetime


async def everything(connection: Connection) -> list[LocalEmoji]:
    """Return all of them, by category and name."""
    return await several(connection, _SQL["everything"], {}, LocalEmoji)


async def named(connection: Connection, shortcodes: Collection[str]) -> list[LocalEmoji]:
    """Return those of some names, without colons."""
    return await several(connection, _SQL["named"], {"shortcodes": list(shortcodes)}, LocalEmoji)


async def by_id(connection: Connection, emoji_id: int) -> LocalEmoji | None:
    """Return one of them."""
    return await one(connection, _SQL["one"], {"id": emoji_id}, LocalEmoji)
