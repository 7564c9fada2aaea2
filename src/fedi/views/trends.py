"""What many talk about: counted, and as readers are shown what was counted last."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import msgspec

from fedi.ids import id_at
from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.cards import Card
from fedi.views.compose import READER, flat
from fedi.views.welcome import unlimited, welcome

_SQL = queries(__file__)
DAYS = 7
YOUNG = timedelta(days=2)
"""Posts older than this are no longer popular, whoever likes them."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """How many people used something (a hashtag's name, a page's address) today and yesterday, in UTC."""

    key: str
    today: int
    yesterday: int


class Wellliked(msgspec.Struct, frozen=True, kw_only=True):
    """A post that may become popular; `acts` are its favourites and boosts."""

    id: int
    account_id: int
    created_at: datetime
    acts: int


class LinkDay(msgspec.Struct, frozen=True, kw_only=True):
    """How often a page was shared on one day (UTC), and by how many."""

    url: str
    day: date
    uses: int
    accounts: int


class _Key(msgspec.Struct, frozen=True):
    key: str


async def tag_uses(connection: Connection, now: datetime) -> list[Use]:
    """Count who used which hashtags in public, yesterday and today."""
    return await several(connection, _SQL["tag_uses"], _days(now), Use)


async def link_uses(connection: Connection, now: datetime) -> list[Use]:
    """Count who shared which pages in public, yesterday and today."""
    return await several(connection, _SQL["link_uses"], _days(now), Use)


async def well_liked(connection: Connection, now: datetime, least: int) -> list[Wellliked]:
    """Return young public posts with so many favourites and boosts, of people who want to be found."""
    return await several(connection, _SQL["well_liked"], {"since": id_at(now - YOUNG), "least": least}, Wellliked)


async def tags(connection: Connection, *, limit: int, offset: int) -> list[str]:
    """Return the names of popular hashtags, the most popular first."""
    found = await several(connection, _SQL["tags"], {"limit": limit, "offset": offset}, _Key)
    return [each.key for each in found]


async def links(connection: Connection, *, limit: int, offset: int) -> list[Card]:
    """Return popular pages, the most popular first."""
    return await several(connection, _SQL["links"], {"limit": limit, "offset": offset}, Card)


async def statuses(connection: Connection, viewer: int | None, *, limit: int, offset: int) -> list[int]:
    """Return popular posts that the reader may and wants to see, the most popular first."""
    return await numbers(connection, _STATUSES, {"viewer": viewer, "limit": limit, "offset": offset})


async def is_popular_link(connection: Connection, url: str) -> bool:
    """Tell whether a page is among the popular ones."""
    return bool(await numbers(connection, _SQL["is_link"], {"url": url}))


async def link_history(connection: Connection, urls: Collection[str], now: datetime) -> dict[str, list[LinkDay]]:
    """Return the last seven days of some pages, today first; days on which nobody shared one stand there with zeros."""
    today = now.date()
    since = id_at(datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=DAYS - 1))
    rows = await several(connection, _SQL["link_history"], {"urls": list(urls), "since": since}, LinkDay)
    used = {(row.url, row.day): row for row in rows}
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return {
        url: [used.get((url, day)) or LinkDay(url=url, day=day, uses=0, accounts=0) for day in days] for url in urls
    }


def _days(now: datetime) -> dict[str, object]:
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    return {"today": midnight, "since": id_at(midnight - timedelta(days=1))}


_STATUSES = flat(
    _SQL["statuses"].format(visible=visible(viewer=READER), unlimited=unlimited(), welcome=welcome(viewer=READER))
)
