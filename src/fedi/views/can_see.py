"""Who may see a status: the one place where it is decided, as SQL for lists and as a function for one.

Both are made from `SUFFICES`, as is what counts of what strangers do to posts (`meaning/seeing.py`). A boost is seen by
whoever may see the boost and its original. Deleted posts have no row, so nobody sees them; what is refused looks the
same as what does not exist.
"""

from typing import LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.sql import Literal as Quoted

from fedi.may_see import SUFFICES, Tie
from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views.compose import READER, flat

_SQL = queries(__file__)
_TIES: tuple[Tie, ...] = ("anyone", "follower", "mentioned")


def visible(alias: LiteralString = "s", viewer: Composable = READER) -> Composed:
    """Return the condition that the row `alias` of read.statuses may be seen by an account, or by anybody (NULL)."""
    row = Identifier(alias)
    original = _itself(Identifier("original"), viewer)
    return _SQL["boost"].format(s=row, itself=_itself(row, viewer), original=original)


def _itself(row: Identifier, viewer: Composable) -> Composed:
    ties = [_SQL["author"].format(s=row, viewer=viewer)]
    for tie in _TIES:
        sorts = SQL(", ").join([Quoted(sort) for sort in SUFFICES if tie in SUFFICES[sort]])
        holds = _SQL[tie].format(s=row, viewer=viewer)
        ties.append(SQL("({s}.visibility IN ({sorts}) AND {holds})").format(s=row, sorts=sorts, holds=holds))
    return _SQL["status"].format(ties=SQL(" OR ").join(ties), shown=_SQL["shown"].format(s=row))


_ONE = flat(_SQL["one"].format(visible=visible()))


async def can_see(connection: Connection, status_id: int, viewer: int | None) -> bool:
    """Tell whether an account, or anybody (None), may see a status; False also when there is none."""
    cursor = await connection.execute(_ONE, {"id": status_id, "viewer": viewer})
    return await cursor.fetchone() is not None
