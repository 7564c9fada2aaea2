"""What the staff announces, as people see it: in four queries, however many there are."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views import accounts, custom_emojis
from fedi.views.accounts import AccountRow
from fedi.views.custom_emojis import LocalEmoji

_SQL = queries(__file__)


class StaffAnnouncement(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    content: str
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    mention_ids: tuple[int, ...]
    tags: tuple[str, ...]
    status_ids: tuple[int, ...]
    published_at: datetime
    updated_at: datetime
    read: bool


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """How often people reacted with `name`; `url` is the picture of an emoji of ours."""

    announcement_id: int
    name: str
    count: int
    me: bool | None
    url: str | None


class NamedStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A post that an announcement speaks of."""

    id: int
    url: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement with all that is shown around it. `viewer` is who reads, or None."""

    row: StaffAnnouncement
    reactions: tuple[Reaction, ...]
    mentions: tuple[AccountRow, ...]
    statuses: tuple[NamedStatus, ...]
    emojis: tuple[LocalEmoji, ...]
    viewer: int | None


async def load(connection: Connection, viewer: int | None, ids: Collection[int] | None = None) -> list[Notice]:
    """Return announcements that are not over, the last first: all, or those of some ids."""
    wanted = None if ids is None else list(ids)
    rows = await several(connection, _SQL["load"], {"viewer": viewer, "ids": wanted}, StaffAnnouncement)
    if not rows:
        return []
    made = await reactions(connection, [row.id for row in rows], viewer)
    people = await accounts.load(connection, {each for row in rows for each in row.mention_ids})
    named = {"ids": [each for row in rows for each in row.status_ids]}
    posts = {each.id: each for each in await several(connection, _SQL["statuses"], named, NamedStatus)}
    known = await custom_emojis.everything(connection) if any(":" in row.content for row in rows) else []
    return [
        Notice(
            row=row,
            reactions=tuple(each for each in made if each.announcement_id == row.id),
            mentions=tuple(people[each] for each in row.mention_ids if each in people),
            statuses=tuple(posts[each] for each in row.status_ids if each in posts),
            emojis=tuple(each for each in known if f":{each.shortcode}:" in row.content),
            viewer=viewer,
        )
        for row in rows
    ]


async def reactions(connection: Connection, ids: Collection[int], viewer: int | None) -> list[Reaction]:
    """Return the reactions to some announcements, as a viewer sees them."""
    return await several(connection, _SQL["reactions"], {"ids": list(ids), "viewer": viewer}, Reaction)
