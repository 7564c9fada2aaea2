"""The same statuses in the eyes of many listeners: one query for all of them, and mostly one rendering.

A status that is told to a thousand people looks the same to nearly all: to those who did nothing with it and wrote no
part of it. `concerned` are the few others.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

import msgspec
from psycopg.sql import SQL

from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.statuses import Status
from fedi.views.welcome import unnamed, welcome

ANYBODY = 0
"""Stands for a reader who did nothing with a status; no account has this id."""

Deeds = Mapping[tuple[int, int], Mapping[str, tuple[int, ...]]]
"""What accounts did with statuses: by account and status the deeds, each with the choices of a vote."""

_SQL = queries(__file__)
_LISTENER = SQL("asked.viewer_id")
_ALLOWED = flat(
    _SQL["allowed"].format(
        visible=visible(viewer=_LISTENER), welcome=welcome(viewer=_LISTENER), unnamed=unnamed(viewer=_LISTENER)
    )
)


async def allowed(connection: Connection, asked: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of a status and an account of which the account may see the status, and wants to."""
    if not asked:
        return set()
    values = {"statuses": [status for status, _ in asked], "viewers": [viewer for _, viewer in asked]}
    return {(row[0], row[1]) for row in await (await connection.execute(_ALLOWED, values)).fetchall()}


async def deeds(connection: Connection, statuses: Collection[int], viewers: Collection[int]) -> Deeds:
    """Return what some accounts did with some statuses."""
    done: defaultdict[tuple[int, int], dict[str, tuple[int, ...]]] = defaultdict(dict)
    cursor = await connection.execute(_SQL["deeds"], {"statuses": list(statuses), "viewers": list(viewers)})
    for account, status, deed, choice in await cursor.fetchall():
        before = done[account, status].get(deed, ())
        done[account, status][deed] = before if choice is None else tuple(sorted((*before, choice)))
    return done


def concerned(found: Status, done: Deeds) -> frozenset[int]:
    """Return who sees a status otherwise than `ANYBODY` does."""
    layers = [found] if found.boost_of is None else [found, found.boost_of]
    ids = {each.row.id for each in layers}
    return frozenset(each.row.account_id for each in layers) | {account for account, status in done if status in ids}


def seen_by(found: Status, viewer: int, done: Deeds) -> Status:
    """Return a status that was loaded for nobody as an account sees it."""
    did = done.get((viewer, found.row.id), {})
    row = msgspec.structs.replace(
        found.row,
        favourited="favourited" in did,
        boosted="boosted" in did,
        bookmarked="bookmarked" in did,
        pinned="pinned" in did,
        muted="muted" in did,
        own_votes=None if found.row.poll_titles is None else did.get("voted", ()),
    )
    original = None if found.boost_of is None else seen_by(found.boost_of, viewer, done)
    return msgspec.structs.replace(found, row=row, boost_of=original, viewer=viewer)
