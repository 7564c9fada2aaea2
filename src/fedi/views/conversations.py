"""Conversations: what some people say to each other alone, as one of them finds it."""

from collections.abc import Collection
from functools import cache

import msgspec
from psycopg.sql import SQL

from fedi.registry.rows import Connection, numbers, several
from fedi.registry.rows import one as one_row
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import READER, flat
from fedi.views.pages import Page
from fedi.views.welcome import welcome

_SQL = queries(__file__)


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation of `account_id`'s; `participants` are the others. Pages go by `last_status_id`."""

    id: int
    account_id: int
    participants: tuple[int, ...]
    last_status_id: int
    unread: bool


async def of_account(connection: Connection, viewer: int, page: Page) -> list[Conversation]:
    """Return a page of somebody's conversations, the one with the newest post first."""
    query = _page("of_account", page.form)
    return page.turned(await several(connection, query, {**page.values, "viewer": viewer}, Conversation))


async def one(connection: Connection, conversation_id: int, viewer: int) -> Conversation | None:
    """Return one of somebody's conversations."""
    return await one_row(connection, _SQL["one"], {"id": conversation_id, "viewer": viewer}, Conversation)


async def for_whom(connection: Connection, ids: Collection[int]) -> list[Conversation]:
    """Return those of some conversations, of anybody, that are shown to their owners."""
    return await several(connection, _FOR_WHOM, {"ids": list(ids)}, Conversation)


async def direct(connection: Connection, viewer: int, page: Page) -> list[int]:
    """Return a page of what was said in somebody's conversations, the newest first."""
    return page.turned(await numbers(connection, _page("direct", page.form), {**page.values, "viewer": viewer}))


async def is_muted(connection: Connection, status_id: int, viewer: int) -> bool:
    """Tell whether somebody muted the thread of a status."""
    return bool(await numbers(connection, _SQL["is_muted"], {"id": status_id, "viewer": viewer}))


@cache
def _page(name: str, form: Page) -> SQL:
    window = form.window("s.id")
    spared = {"visible": visible(), "welcome": welcome(), "let_through": _SQL["let_through"]}
    return flat(_SQL[name].format(viewer=READER, window=window, **spared))


_OWNER = flat(_SQL["owner"].format())
_FOR_WHOM = flat(
    _SQL["for_whom"].format(
        visible=visible(viewer=_OWNER), welcome=welcome(viewer=_OWNER), let_through=_SQL["let_through"]
    )
)
