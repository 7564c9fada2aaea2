"""Hashtags: who follows them and how often they are used. Names are in their normal form; any name is a hashtag."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

import msgspec

from fedi.ids import id_at
from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views.pages import Page

_SQL = queries(__file__)

DAYS = 7
_LAST = "\U0010ffff"
"""Comes after all that a hashtag may have in it."""


class FollowedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag that somebody follows; `id` orders them."""

    id: int
    name: str


class TagDay(msgspec.Struct, frozen=True, kw_only=True):
    """How often a hashtag was used on one day (UTC), and by how many."""

    name: str
    day: date
    uses: int
    accounts: int


class FoundTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag found by its beginning."""

    name: str
    uses: int


async def followed(connection: Connection, viewer: int, page: Page) -> list[FollowedTag]:
    """Return a page of the hashtags that somebody follows, the latest first."""
    query = _SQL["followed"].format(window=page.window("f.id"))
    return page.turned(await several(connection, query, {**page.values, "viewer": viewer}, FollowedTag))


async def are_followed(connection: Connection, viewer: int | None, names: Collection[str]) -> set[str]:
    """Return which of some hashtags somebody follows."""
    cursor = await connection.execute(_SQL["is_followed"], {"viewer": viewer, "names": list(names)})
    return {name for (name,) in await cursor.fetchall()}


async def are_featured(connection: Connection, viewer: int, names: Collection[str]) -> set[str]:
    """Return which of some hashtags somebody shows on their profile."""
    cursor = await connection.execute(_SQL["is_featured"], {"viewer": viewer, "names": list(names)})
    return {name for (name,) in await cursor.fetchall()}


async def history(connection: Connection, names: Collection[str], now: datetime) -> dict[str, list[TagDay]]:
    """Return the last seven days of some hashtags, today first; days without use stand there with zeros."""
    today = now.date()
    since = id_at(datetime(today.year, today.month, today.day, tzinfo=now.tzinfo) - timedelta(days=DAYS - 1))
    rows = await several(connection, _SQL["history"], {"names": list(names), "since": since}, TagDay)
    used = {(row.name, row.day): row for row in rows}
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return {
        name: [used.get((name, day)) or TagDay(name=name, day=day, uses=0, accounts=0) for day in days]
        for name in names
    }


async def search(connection: Connection, beginning: str, *, limit: int, offset: int = 0) -> list[FoundTag]:
    """Return hashtags that begin with a text in normal form: the very one first, then the most used."""
    values = {"name": beginning, "last": beginning + _LAST, "limit": limit, "offset": offset}
    return await several(connection, _SQL["search"], values, FoundTag)
