"""Which notifications are to be pushed, and to which subscriptions."""

import msgspec
from psycopg.sql import SQL

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.notifications import shown

_SQL = queries(__file__)
_RECEIVER = SQL("n.account_id")
_DUE = flat(_SQL["due"].format(shown=shown(_RECEIVER)))
_ID_BITS = 20
"""A notification's id is the position of its event and these many bits more."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A notification to push."""

    notification_id: int
    subscription_id: int


async def due(connection: Connection, first: int, last: int) -> list[Due]:
    """Return what of the notifications that events from position `first` to `last` caused is to be pushed."""
    values = {"from": first << _ID_BITS, "below": last + 1 << _ID_BITS}
    if not await numbers(connection, _SQL["any"], values):
        return []
    return await several(connection, _DUE, values, Due)
