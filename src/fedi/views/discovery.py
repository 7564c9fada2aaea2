"""People to get to know: the directory of those who want to be found, and suggestions whom to follow."""

from typing import Literal

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.welcome import unblocked

_SQL = queries(__file__)
Order = Literal["active", "new"]
Source = Literal["friends_of_friends", "most_followed"]

_MEETABLE = _SQL["meetable"].format(unblocked=unblocked("a"))
_SUGGESTIONS = flat(_SQL["suggestions"].format(meetable=_MEETABLE))


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to follow, and why, the best reason first."""

    id: int
    sources: tuple[Source, ...]


async def directory(connection: Connection, *, order: Order, local: bool, limit: int, offset: int) -> list[int]:
    """Return the accounts that let themselves be found and have posted: who posted last, or who came last, first."""
    values = {"local": local, "limit": limit, "offset": offset}
    return await numbers(connection, _SQL[order], values)


async def suggestions(connection: Connection, viewer: int, *, limit: int, offset: int) -> list[Suggested]:
    """Return whom somebody may want to follow: who is followed by those they follow, then who is followed by most."""
    values = {"viewer": viewer, "limit": limit, "offset": offset}
    return await several(connection, _SUGGESTIONS, values, Suggested)
