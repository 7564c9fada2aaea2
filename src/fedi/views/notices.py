"""Which notifications people are to be told of by mail: of the kinds they chose, and only while they are away."""

from datetime import datetime, timedelta

import msgspec
from psycopg.sql import SQL

from fedi.registry.rows import Connection, several
from fedi.registry.users import Preferences
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.notifications import shown

_SQL = queries(__file__)
_DUE = flat(_SQL["due"].format(shown=shown(SQL("n.account_id"))))
_ID_BITS = 20
"""A notification's id is the position of its event and these many bits more."""
AWAY = timedelta(hours=2)
"""Who used no app for so long is away; the time of last use is kept to the hour."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A notification to write of."""

    notification_id: int
    user_id: int
    type: str


async def due(connection: Connection, first: int, last: int, moment: datetime) -> list[Due]:
    """Return what of the notifications that events from position `first` to `last` caused is to be mailed."""
    values = {
        "from": first << _ID_BITS,
        "below": last + 1 << _ID_BITS,
        "mails": msgspec.json.encode(Preferences().mails).decode(),
        "here_since": moment - AWAY,
    }
    return await several(connection, _DUE, values, Due)
