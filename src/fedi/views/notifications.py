"""What people are told: single notifications, and groups of alike ones."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from psycopg.sql import SQL, Composable, Composed

from fedi.registry.rows import Connection, numbers, several
from fedi.registry.rows import one as one_row
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.pages import Page

_SQL = queries(__file__)
_SHOWN = _SQL["shown"].format(visible=visible())
_COLUMNS = _SQL["columns"].format(key=_SQL["key"])

GROUPED = ("favourite", "reblog", "follow")
"""Kinds of which many make a group, unless the reader asks for fewer."""
SEARCHED = 1000
"""Notifications that are looked at to make one page of groups."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody is told; `status_id` is the post it is about."""

    id: int
    type: str
    from_account_id: int
    status_id: int | None
    created_at: datetime
    group_key: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications of one kind about one thing; `account_ids` are the latest eight people behind them."""

    group_key: str
    type: str
    status_id: int | None
    count: int
    newest_id: int
    oldest_id: int
    newest_at: datetime
    account_ids: tuple[int, ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which notifications somebody asks for: of `types` (all if empty), not of `exclude_types`, from one account."""

    types: Collection[str] = ()
    exclude_types: Collection[str] = ()
    from_account_id: int | None = None
    grouped: Collection[str] = GROUPED

    @property
    def condition(self) -> Composed:
        """What the rows `n` must be."""
        given = [_SQL[name] for name in ("types", "exclude_types", "from_account_id") if getattr(self, name)]
        return SQL(" AND ").join(given or [SQL("true")])

    @property
    def values(self) -> dict[str, object]:
        """What the condition binds."""
        return {
            "types": list(self.types),
            "exclude_types": list(self.exclude_types),
            "from_account_id": self.from_account_id,
            "grouped": list(self.grouped),
        }


EVERYTHING = Wanted()


def _query(name: str, **parts: Composable) -> Composed:
    return _SQL[name].format(columns=_COLUMNS, shown=_SHOWN, **parts)


async def of_account(
    connection: Connection, viewer: int, page: Page, wanted: Wanted = EVERYTHING
) -> list[Notification]:
    """Return a page of an account's notifications."""
    query = _query("list", narrowed=wanted.condition, window=page.window("n.id"))
    values = {**page.values, **wanted.values, "viewer": viewer}
    return page.turned(await several(connection, query, values, Notification))


async def one(connection: Connection, notification_id: int, viewer: int) -> Notification | None:
    """Return one of an account's notifications."""
    values = {**EVERYTHING.values, "id": notification_id, "viewer": viewer}
    return await one_row(connection, _query("one"), values, Notification)


async def of_group(connection: Connection, group_key: str, viewer: int, limit: int) -> list[Notification]:
    """Return the latest notifications of a group."""
    condition, bound = _group(group_key)
    values = {**bound, "viewer": viewer, "limit": limit}
    return await several(connection, _query("group", narrowed=condition), values, Notification)


async def one_group(connection: Connection, group_key: str, viewer: int) -> Group | None:
    """Return one of an account's groups, as far as its latest notifications reach."""
    condition, bound = _group(group_key)
    page = Page(limit=SEARCHED)
    query = _query("groups", narrowed=condition, window=page.window("n.id"), order=SQL("DESC"))
    return await one_row(connection, query, {**page.values, **bound, "viewer": viewer, "size": 1}, Group)


def _group(group_key: str) -> tuple[SQL, dict[str, object]]:
    """Return the condition that a notification is in a group, and what it binds."""
    alone = group_key.removeprefix("ungrouped-")
    if alone != group_key and alone.isascii() and alone.isdigit() and len(alone) < 19:
        return _SQL["alone"], {"alone": int(alone), "grouped": []}
    return _SQL["in_group"], {"group_key": group_key, "grouped": list(GROUPED)}


async def groups(connection: Connection, viewer: int, page: Page, wanted: Wanted = EVERYTHING) -> list[Group]:
    """Return a page of groups, the one with the newest notification first."""
    searched = msgspec.structs.replace(page, limit=SEARCHED)
    order = SQL("DESC") if page.min_id is None else SQL("ASC")
    query = _query("groups", narrowed=wanted.condition, window=searched.window("n.id"), order=order)
    values = {**searched.values, **wanted.values, "viewer": viewer, "size": page.limit}
    return page.turned(await several(connection, query, values, Group))


async def unread(
    connection: Connection, viewer: int, limit: int, wanted: Wanted = EVERYTHING, *, in_groups: bool = False
) -> int:
    """Return how many notifications, or groups, are newer than the account's marker; at most `limit`."""
    distinct = SQL("DISTINCT {key}").format(key=_SQL["key"]) if in_groups else SQL("n.id")
    query = _query("unread", narrowed=wanted.condition, distinct=distinct)
    values = {**wanted.values, "viewer": viewer, "limit": limit}
    return (await numbers(connection, query, values))[0]
