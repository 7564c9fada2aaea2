"""What people are told: single notifications, and groups of alike ones."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache

import msgspec
from psycopg.sql import SQL, Composed

from fedi.events.domains import SeveranceKind
from fedi.events.moderation import WarningAction
from fedi.registry.rows import Connection, numbers, several
from fedi.registry.rows import one as one_row
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.collections import Collection as Recommended
from fedi.views.compose import READER, flat
from fedi.views.pages import Page
from fedi.views.reports import Report
from fedi.views.welcome import unblocked

_SQL = queries(__file__)

GROUPED = ("favourite", "reblog", "follow", "admin.sign_up")
"""Kinds of which many make a group, unless the reader asks for fewer."""
SEARCHED = 1000
"""Notifications that are looked at to make one page of groups."""


class Severance(msgspec.Struct, frozen=True, kw_only=True):
    """Follows that ended at once, because of something that was done to `target_name`."""

    id: int
    kind: SeveranceKind
    target_name: str
    followers: int
    following: int
    created_at: datetime


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator did to an account, and why."""

    id: int
    action: WarningAction
    text: str
    created_at: datetime


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody is told; `status_id` is the post it is about."""

    id: int
    type: str
    from_account_id: int
    status_id: int | None
    created_at: datetime
    group_key: str
    filtered: bool
    severance: Severance | None = None
    report: Report | None = None
    collection: Recommended | None = None
    year: int | None = None
    warning: Warned | None = None


class Addressed(Notification, frozen=True, kw_only=True):
    """A notification with whom it is for."""

    account_id: int


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
    severance: Severance | None = None
    report: Report | None = None
    collection: Recommended | None = None
    year: int | None = None
    warning: Warned | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which notifications somebody asks for: of `types` (all if empty), not of `exclude_types`, from one account.

    What the reader's policy keeps apart is not among them unless `include_filtered`.
    """

    types: Collection[str] = ()
    exclude_types: Collection[str] = ()
    from_account_id: int | None = None
    grouped: Collection[str] = GROUPED
    include_filtered: bool = False

    @property
    def conditions(self) -> tuple[str, ...]:
        """The names of the conditions that the notifications must meet."""
        chosen = (name for name in ("types", "exclude_types", "from_account_id") if getattr(self, name))
        return tuple(chosen) if self.include_filtered else ("let_through", *chosen)

    @property
    def values(self) -> dict[str, object]:
        """What the conditions bind."""
        return {
            "types": list(self.types),
            "exclude_types": list(self.exclude_types),
            "from_account_id": self.from_account_id,
            "grouped": list(self.grouped),
        }


EVERYTHING = Wanted()


def people(found: Iterable[Notification]) -> set[int]:
    """Return the accounts that some notifications show: who caused them, and who was reported."""
    shown = list(found)
    return {each.from_account_id for each in shown} | {each.report.target_id for each in shown if each.report}


async def of_account(
    connection: Connection, viewer: int, page: Page, wanted: Wanted = EVERYTHING
) -> list[Notification]:
    """Return a page of an account's notifications."""
    values = {**page.values, **wanted.values, "viewer": viewer}
    query = _query("list", wanted.conditions, page.form)
    return page.turned(await several(connection, query, values, Notification))


async def one(connection: Connection, notification_id: int, viewer: int) -> Notification | None:
    """Return one of an account's notifications, also one that is kept apart."""
    values = {**EVERYTHING.values, "id": notification_id, "viewer": viewer}
    return await one_row(connection, _query("one"), values, Notification)


async def for_whom(connection: Connection, ids: Collection[int]) -> list[Addressed]:
    """Return those of some notifications, of anybody, that are shown to whom they are for."""
    return await several(connection, _SEVERAL, {"ids": list(ids), "grouped": list(GROUPED)}, Addressed)


async def of_group(connection: Connection, group_key: str, viewer: int, limit: int) -> list[Notification]:
    """Return the latest notifications of a group."""
    condition, bound = _group(group_key)
    values = {**bound, "viewer": viewer, "limit": limit}
    return await several(connection, _query("group", ("let_through", condition)), values, Notification)


async def one_group(connection: Connection, group_key: str, viewer: int) -> Group | None:
    """Return one of an account's groups, as far as its latest notifications reach."""
    condition, bound = _group(group_key)
    page = Page(limit=SEARCHED)
    values = {**page.values, **bound, "viewer": viewer, "size": 1}
    return await one_row(connection, _query("groups", ("let_through", condition), page.form), values, Group)


def _group(group_key: str) -> tuple[str, dict[str, object]]:
    """Return the name of the condition that a notification is in a group, and what it binds."""
    alone = group_key.removeprefix("ungrouped-")
    if alone != group_key and alone.isascii() and alone.isdigit() and len(alone) < 19:
        return "alone", {"alone": int(alone), "grouped": []}
    return "in_group", {"group_key": group_key, "grouped": list(GROUPED)}


async def groups(connection: Connection, viewer: int, page: Page, wanted: Wanted = EVERYTHING) -> list[Group]:
    """Return a page of groups, the one with the newest notification first."""
    searched = msgspec.structs.replace(page, limit=SEARCHED)
    values = {**searched.values, **wanted.values, "viewer": viewer, "size": page.limit}
    query = _query("groups", wanted.conditions, page.form)
    return page.turned(await several(connection, query, values, Group))


async def unread(
    connection: Connection, viewer: int, limit: int, wanted: Wanted = EVERYTHING, *, in_groups: bool = False
) -> int:
    """Return how many notifications, or groups, are newer than the account's marker; at most `limit`."""
    values = {**wanted.values, "viewer": viewer, "limit": limit}
    query = _query("unread_groups" if in_groups else "unread", wanted.conditions)
    return (await numbers(connection, query, values))[0]


def shown(viewer: SQL) -> Composed:
    """Return the condition that a row `n` of the notifications is an account's and may be shown to it."""
    return _SQL["shown"].format(visible=visible(viewer=viewer), viewer=viewer)


@cache
def _query(name: str, conditions: tuple[str, ...] = (), form: Page | None = None) -> SQL:
    return _composed(name, READER, conditions, form)


def _composed(name: str, viewer: SQL, conditions: tuple[str, ...] = (), form: Page | None = None) -> SQL:
    narrowed = SQL(" AND ").join([_SQL[each] for each in conditions] or [SQL("true")])
    window = SQL("") if form is None else form.window("n.id")
    order = SQL("ASC") if form is not None and form.min_id is not None else SQL("DESC")
    key = _SQL["key"]
    columns = _SQL["columns"].format(
        key=key,
        severance=_SQL["severance"],
        report=_SQL["report"],
        collection=_SQL["collection"].format(unblocked=unblocked("m", viewer)),
        warning=_SQL["warning"],
    )
    return flat(
        _SQL[name].format(columns=columns, key=key, shown=shown(viewer), narrowed=narrowed, window=window, order=order)
    )


_SEVERAL = _composed("several", SQL("n.account_id"), ("let_through",))
SHOWN = shown(READER)
"""The condition that a row `n` of the notifications is the reader's and may be shown to them."""
