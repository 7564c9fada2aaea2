"""Timelines as lists of status ids: public, hashtag, list, account. Home is in `home`."""

from collections.abc import Collection, Iterator

import msgspec
from psycopg.sql import SQL, Composed

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.pages import Page, Placed
from fedi.views.welcome import welcome

_SQL = queries(__file__)


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Which posts of a timeline are wanted. Hashtags are in their normal form; each of `all_tags` once."""

    local: bool = False
    remote: bool = False
    only_media: bool = False
    without_replies: bool = False
    without_boosts: bool = False
    all_tags: Collection[str] = ()
    no_tags: Collection[str] = ()

    def condition(self) -> Composed:
        """Return what the rows `s` of read.statuses must be."""
        return SQL(" AND ").join([_SQL[name] for name in self._wanted()] or [SQL("true")])

    def _wanted(self) -> Iterator[str]:
        given = {
            "local": self.local,
            "remote": self.remote,
            "media": self.only_media,
            "statements": self.without_replies,
            "originals": self.without_boosts,
            "tagged": bool(self.all_tags),
            "untagged": bool(self.no_tags),
        }
        return (name for name, wanted in given.items() if wanted)

    @property
    def values(self) -> dict[str, object]:
        """What the condition binds."""
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
    return await _statuses(connection, "tag", viewer, page, narrowing, {"any": list(any_of)})


async def of_account(
    connection: Connection, account_id: int, viewer: int | None, page: Page, narrowing: Narrowing = EVERYTHING
) -> list[int]:
    """Return a page of what an account posted and boosted, as far as the viewer may see it."""
    return await _statuses(connection, "account", viewer, page, narrowing, {"id": account_id})


async def of_list(connection: Connection, list_id: int, viewer: int, page: Page) -> list[int]:
    """Return a page of a list that belongs to the viewer; nothing for a list of somebody else."""
    return await _statuses(connection, "list", viewer, page, EVERYTHING, {"id": list_id})


async def pinned(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of what an account pinned, the latest pin first."""
    query = _SQL["pinned"].format(visible=visible(), window=page.window("p.id"))
    values = {**page.values, "id": account_id, "viewer": viewer}
    return page.turned(await several(connection, query, values, Placed))


async def _statuses(
    connection: Connection,
    name: str,
    viewer: int | None,
    page: Page,
    narrowing: Narrowing,
    values: dict[str, object],
) -> list[int]:
    query = _SQL[name].format(
        visible=visible(), welcome=welcome(), narrowed=narrowing.condition(), window=page.window("s.id")
    )
    bound = {**page.values, **narrowing.values, **values, "viewer": viewer}
    return page.turned(await numbers(connection, query, bound))
