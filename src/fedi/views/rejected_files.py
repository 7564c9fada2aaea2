"""Files of people elsewhere that the operator does not want to have here."""

from collections.abc import Collection

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries

_SQL = queries(__file__)


class _File(msgspec.Struct, frozen=True):
    url: str


async def owners(connection: Connection, domain: str, after: int, limit: int) -> list[int]:
    """Return the accounts of a domain and all below it whose files are rejected, in order, beyond one."""
    return await numbers(connection, _SQL["owners"], {"domain": domain, "after": after, "limit": limit})


async def of_owners(connection: Connection, account_ids: Collection[int]) -> list[str]:
    """Return where the files are that accounts show of themselves and in their posts, earlier versions too."""
    found = await several(connection, _SQL["of_owners"], {"ids": list(account_ids)}, _File)
    return [each.url for each in found]
