"""Who may see a status: the one place where it is decided, as SQL for lists and as a function for one.

Both are made from `SUFFICES`. A boost is seen by whoever may see the boost and its original. Deleted posts have no row,
so nobody sees them; what is refused looks the same as what does not exist.
"""

from collections.abc import Mapping
from typing import Literal, LiteralString

import msgspec
from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.sql import Literal as Quoted

from fedi.descriptions import Visibility
from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views.compose import READER, flat

Tie = Literal["anyone", "follower", "mentioned"]
"""What may join a viewer to a status. A block by the author undoes the first two; what was said to somebody stays."""

SUFFICES: Mapping[Visibility, frozenset[Tie]] = {
    "public": frozenset({"anyone"}),
    "unlisted": frozenset({"anyone"}),
    "private": frozenset({"follower", "mentioned"}),
    "direct": frozenset({"mentioned"}),
}
"""Any one of these ties is enough. Authors see everything of their own, and nobody anything of the suspended."""

_SQL = queries(__file__)
_TIES: tuple[Tie, ...] = ("anyone", "follower", "mentioned")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one viewer stands to a status and to its author. All false is somebody who is not signed in."""

    author: bool = False
    follower: bool = False
    mentioned: bool = False
    blocked: bool = False
    """The author blocks the viewer."""
    suspended: bool = False
    """The author is suspended."""


def may_see(visibility: Visibility, standing: Standing) -> bool:
    """Tell whether a viewer may see a post, or a boost apart from its original."""
    if standing.suspended:
        return False
    holds: dict[Tie, bool] = {
        "anyone": not standing.blocked,
        "follower": standing.follower and not standing.blocked,
        "mentioned": standing.mentioned,
    }
    return standing.author or any(holds[tie] for tie in SUFFICES[visibility])


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
