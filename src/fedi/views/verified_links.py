"""Links on profiles that were looked at."""

from datetime import datetime

import msgspec

from fedi.descriptions import Field
from fedi.registry.rows import Connection
from fedi.registry.rows import one as one_row
from fedi.sql import queries

_SQL = queries(__file__)


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """What of a profile counts when its links are looked at; `verified` says which were, and when."""

    uri: str
    url: str
    fields: tuple[Field, ...]
    verified: dict[str, datetime]


async def one(connection: Connection, account_id: int) -> Linked | None:
    """Return the links of an account that is not suspended."""
    return await one_row(connection, _SQL["one"], {"id": account_id}, Linked)
