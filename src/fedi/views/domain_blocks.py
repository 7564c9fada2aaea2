"""Servers that people block, and the follows that stand in the way of that."""

from collections.abc import Sequence

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.pages import Page

_SQL = queries(__file__)


class BlockedDomain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain in somebody's list; `id` is where it stands."""

    id: int
    domain: str


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A follow, or the request for one, between somebody and `other_id`; `ours` tells who follows whom."""

    other_id: int
    ours: bool
    accepted: bool
    uri: str


async def of_account(connection: Connection, viewer: int, page: Page) -> list[BlockedDomain]:
    """Return a page of the domains that somebody blocks, the latest first."""
    query = _SQL["of_account"].format(window=page.window("id"))
    return page.turned(await several(connection, query, {**page.values, "viewer": viewer}, BlockedDomain))


async def is_blocked(connection: Connection, account_id: int, domain: str) -> bool:
    """Tell whether somebody blocks a domain."""
    return bool(await numbers(connection, _SQL["is_blocked"], {"account_id": account_id, "domain": domain}))


async def ties(connection: Connection, account_id: int, domain: str) -> Sequence[Tie]:
    """Return all follows between somebody and the people of a domain."""
    return await several(connection, _SQL["ties"], {"account_id": account_id, "domain": domain}, Tie)
