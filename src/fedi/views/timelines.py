"""Timelines as lists of status ids: public, hashtag, list, account. Home is in `home`."""

from collections.abc import Collection
from functools import lru_cache
from typing import LiteralString

import msgspec
from psycopg.sql import SQL, Composable

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import READER, flat
from fedi.views.pages import Page, Placed
from fedi.views.welcome import shared, unlimited, unnamed, welcome

_SQL = queries(__file__)
_COLUMNS: dict[str, LiteralString] = {"pinned": "p.id", "link": "l.status_id"}
"""By what a page is cut, where it is not by the ids of statuses."""


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Which posts of a timeline are wanted. Hashtags are in their normal form; each of `all_tags` once."""

    local: bool = False
    remote: bool = False
    only_media: bool = False
    without_replies: bool = False
    without_boosts: bool = False
    without_direct: bool = False
    all_tags: Collection[str] = ()
    no_tags: Collection[str] = ()

    @property
    def conditions(self) -> tuple[str, ...]:
        """The names of the conditions that the posts must meet."""
        given = {
            "local": self.local,
            "remote": self.remote,
            "media": self.only_media,
            "statements": self.without_replies,
            "originals": self.without_boosts,
            "open": self.without_direct,
            "tagged": bool(self.all_tags),
            "untagged": bool(self.no_tags),
        }
        return tuple(name for name, wanted in given.items() if wanted)

    @property
    def values(self) -> dict[str, object]:
        """What the conditions bind."""
        return {"all": list(self.all_tags), "none": list(self.no_tags)}


EVERYTHING = Narrowing()


async def public(
    connection: Connection, viewer: int | None, page: Page, narrowing: Narrowing = EVERYTHING
) -> list[int]:
    """Return a page of what everybody wrote for everybody, without boosts and replies."""
    return await _statuses(connection, "public", viewer, page, narrowing, {})


async def tag(
    connection: Connection, any_of: Collection[str], viewer: int | None, page: Page, narrowing: Narrowing = EVERYTHING
) -> list[int]:
    """Return a page of the public posts that have one of some hashtags, in their normal form."""
    if len(any_of) == 1 and narrowing.all_tags:
        any_of, narrowing = await _rarest_first(connection, {*any_of, *narrowing.all_tags}, narrowing)
    return await _statuses(connection, "tags", viewer, page, narrowing, {"any": list(any_of)})


async def _rarest_first(
    connection: Connection, names: set[str], narrowing: Narrowing
) -> tuple[Collection[str], Narrowing]:
    """Return of hashtags that posts must have the one that fewest have, to look for, and a narrowing to the others."""
    row = await (await connection.execute(_SQL["rarest"], {"names": list(names)})).fetchone()
    assert row is not None
    return [row[0]], msgspec.structs.replace(narrowing, all_tags=names - {row[0]})


async def of_link(connection: Connection, url: str, viewer: int | None, page: Page) -> list[int]:
    """Return a page of the public posts that share a page, by people who want to be found."""
    return await _statuses(connection, "link", viewer, page, EVERYTHING, {"url": url})


async def of_account(
    connection: Connection, account_id: int, viewer: int | None, page: Page, narrowing: Narrowing = EVERYTHING
) -> list[int]:
    """Return a page of what an account posted and boosted, as far as the viewer may see it."""
    return await _statuses(connection, "account", viewer, page, narrowing, {"id": account_id})


async def of_list(connection: Connection, list_id: int, viewer: int, page: Page) -> list[int]:
    """Return a page of a list that belongs to the viewer; nothing for a list of somebody else."""
    return await _statuses(connection, "list", viewer, page, EVERYTHING, {"id": list_id})


async def in_lists(connection: Connection, asked: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of a list and a status of which the list shows the status to its owner."""
    values = {"lists": [each for each, _ in asked], "statuses": [each for _, each in asked]}
    return {(row[0], row[1]) for row in await (await connection.execute(_IN_LISTS, values)).fetchall()}


async def pinned(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of what an account pinned, the latest pin first."""
    values = {**page.values, "id": account_id, "viewer": viewer}
    return page.turned(await several(connection, _query("pinned", page.form, ()), values, Placed))


async def _statuses(
    connection: Connection,
    name: str,
    viewer: int | None,
    page: Page,
    narrowing: Narrowing,
    values: dict[str, object],
) -> list[int]:
    query = _query(name, page.form, narrowing.conditions)
    bound = {**page.values, **narrowing.values, **values, "viewer": viewer}
    return page.turned(await numbers(connection, query, bound))


@lru_cache(maxsize=512)
def _query(name: str, form: Page, conditions: tuple[str, ...]) -> SQL:
    narrowed = SQL(" AND ").join([_SQL[each] for each in conditions] or [SQL("true")])
    window = form.window(_COLUMNS.get(name, "s.id"))
    return _composed(name, viewer=READER, list_id=SQL("%(id)s"), narrowed=narrowed, window=window)


def _composed(name: str, viewer: SQL, list_id: SQL, **parts: Composable) -> SQL:
    listed = _SQL["listed"].format(list=list_id, viewer=viewer)
    spared = {"welcome": welcome(viewer=viewer), "unnamed": unnamed(viewer=viewer), "shared": shared(viewer=viewer)}
    spared["unlimited"] = unlimited()
    shown = {"visible": visible(viewer=viewer), "listed": listed, **spared}
    return flat(_SQL[name].format(list=list_id, viewer=viewer, **shown, **parts))


_IN_LISTS = _composed("in_lists", viewer=SQL("l.account_id"), list_id=SQL("asked.list_id"))
