"""Posts that wait for their time."""

from datetime import datetime

import msgspec

from fedi.events.scheduled import PlannedStatus
from fedi.registry.rows import Connection, numbers, several
from fedi.registry.rows import one as one_row
from fedi.sql import queries
from fedi.views.pages import Page

_SQL = queries(__file__)


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is to be published at `scheduled_at`."""

    id: int
    account_id: int
    scheduled_at: datetime
    status: PlannedStatus


async def of_account(connection: Connection, account_id: int, page: Page) -> list[Scheduled]:
    """Return a page of what somebody has planned, the last planned first."""
    query = _SQL["of_account"].format(window=page.window("id"))
    return page.turned(await several(connection, query, {**page.values, "account": account_id}, Scheduled))


async def one(connection: Connection, scheduled_id: int, account_id: int) -> Scheduled | None:
    """Return one of somebody's planned posts."""
    return await one_row(connection, _SQL["one"], {"id": scheduled_id, "account": account_id}, Scheduled)


async def by_id(connection: Connection, scheduled_id: int) -> Scheduled | None:
    """Return a planned post, whoever planned it."""
    return await one_row(connection, _SQL["by_id"], {"id": scheduled_id}, Scheduled)


async def count(connection: Connection, account_id: int, day: datetime) -> tuple[int, int]:
    """Return how many posts somebody has planned: in all, and for the day (UTC) of a moment."""
    values = {"account": account_id, "day": day}
    total = await numbers(connection, _SQL["count"], values)
    return total[0], (await numbers(connection, _SQL["count_day"], values))[0]
