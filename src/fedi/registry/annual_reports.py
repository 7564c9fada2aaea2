"""The annual reports that were made, and whether their owners read them."""

import msgspec

from fedi.registry.rows import Connection, change, numbers, several
from fedi.sql import queries

_SQL = queries(__file__)


class KeptReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report; `data` is JSON as it was counted."""

    year: int
    data: str


async def keep(connection: Connection, account_id: int, year: int, data: bytes) -> None:
    """Keep a report, unless there is one."""
    await change(connection, _SQL["keep"], {"account_id": account_id, "year": year, "data": data.decode()})


async def unread(connection: Connection, account_id: int) -> list[KeptReport]:
    """Return the reports that somebody has not read, the last year first."""
    return await several(connection, _SQL["load"], {"account_id": account_id, "year": None}, KeptReport)


async def of_year(connection: Connection, account_id: int, year: int) -> list[KeptReport]:
    """Return the report of a year, if there is one."""
    return await several(connection, _SQL["load"], {"account_id": account_id, "year": year}, KeptReport)


async def read(connection: Connection, account_id: int, year: int) -> bool:
    """Remember that a report was read; False if there is none."""
    return await change(connection, _SQL["read"], {"account_id": account_id, "year": year}) > 0


async def is_waiting(connection: Connection, account_id: int, year: int) -> bool:
    """Tell whether a report is being made."""
    return bool(await numbers(connection, _SQL["is_waiting"], {"account_id": account_id, "year": year}))
