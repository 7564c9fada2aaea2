"""Accounts as they are shown, and the lists of them: followers, requests, blocks, mutes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import LiteralString

import msgspec
from psycopg.sql import SQL

from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.descriptions import Emoji, Field
from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, several
from fedi.registry.users import Role
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.pages import Page, Placed
from fedi.views.welcome import unblocked

_SQL = queries(__file__)
LOAD = _SQL["load"]
"""Accounts as they are shown, those of `ids`."""


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account with its numbers. The operator may have `limited` who sees it, `sensitized` its media, or kept the
    files of its server away (`media_rejected`). `role` is that of the login behind a local account; remote ones have
    none.
    """

    id: int
    uri: str
    kind: str
    username: str
    domain: str | None
    display_name: str
    note: str
    url: str
    avatar_url: str
    avatar_description: str
    header_url: str
    header_description: str
    fields: tuple[Field, ...]
    emojis: tuple[Emoji, ...]
    locked: bool
    discoverable: bool
    indexable: bool
    memorial: bool
    suspended: bool
    limited: bool
    sensitized: bool
    media_rejected: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: tuple[str, ...]
    hide_collections: bool | None
    verified: dict[str, datetime]
    """Links on the profile that were seen to lead back, and when."""
    moved_to_uri: str
    feature_automatic: tuple[str, ...]
    feature_manual: tuple[str, ...]
    """Who may put it into a collection, at once or if let: none where it does not say."""
    created_at: datetime
    followers: int
    following: int
    statuses: int
    last_status_at: datetime | None
    role: Role | None
    moved_to: "AccountRow | None" = None


class Muted(Placed, frozen=True, kw_only=True):
    """Somebody muted; `expires_at` is None for a mute without end."""

    expires_at: datetime | None


async def load(connection: Connection, ids: Collection[int]) -> dict[int, AccountRow]:
    """Return the accounts there are, by id, in one query; in three if one of them has moved."""
    if not ids:
        return {}
    rows = await several(connection, _SQL["load"], {"ids": list(ids)}, AccountRow)
    if any(row.moved_to_uri for row in rows):
        rows = await _with_targets(connection, rows)
    return {row.id: row for row in rows}


async def _with_targets(connection: Connection, rows: list[AccountRow]) -> list[AccountRow]:
    found = await by_uris(connection, {row.moved_to_uri for row in rows if row.moved_to_uri})
    loaded = await several(connection, _SQL["load"], {"ids": list(found.values())}, AccountRow)
    targets = {row.id: row for row in loaded}
    return [
        msgspec.structs.replace(row, moved_to=targets.get(found.get(row.moved_to_uri, 0))) if row.moved_to_uri else row
        for row in rows
    ]


async def in_order(connection: Connection, ids: Collection[int]) -> list[AccountRow]:
    """Return accounts in the order of `ids`, without those that are gone."""
    found = await load(connection, ids)
    return [found[each] for each in ids if each in found]


async def one(connection: Connection, account_id: int) -> AccountRow | None:
    return (await load(connection, [account_id])).get(account_id)


async def by_handle(connection: Connection, username: str, domain: str | None) -> int | None:
    """Return the id of the account with a handle, whatever the case; `domain` is None for local accounts."""
    cursor = await connection.execute(
        _SQL["by_handle"], {"username": username, "domain": normal_domain(domain) if domain else None}
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def by_uris(connection: Connection, uris: Collection[str]) -> dict[str, int]:
    """Return the ids of the accounts among some URIs that are known here."""
    if not uris:
        return {}
    cursor = await connection.execute(_SQL["by_uris"], {"keys": [key_of(uri) for uri in uris]})
    return dict(await cursor.fetchall())


async def followers(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of who follows an account, the newest first."""
    return await _list(connection, "followers", page, {"id": account_id, "viewer": viewer})


async def following(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of whom an account follows, the newest first."""
    return await _list(connection, "following", page, {"id": account_id, "viewer": viewer})


async def requests(connection: Connection, account_id: int, page: Page) -> list[Placed]:
    """Return a page of who asks to follow an account."""
    return await _list(connection, "requests", page, {"id": account_id})


async def count_requests(connection: Connection, account_id: int) -> int:
    """Return how many ask to follow an account; 40 stands for 40 or more."""
    cursor = await connection.execute(_SQL["count_requests"], {"id": account_id})
    row = await cursor.fetchone()
    return row[0] if row else 0


async def blocked(connection: Connection, account_id: int, page: Page) -> list[Placed]:
    """Return a page of whom an account blocks."""
    return await _list(connection, "blocked", page, {"id": account_id})


async def muted(connection: Connection, account_id: int, page: Page) -> list[Muted]:
    """Return a page of whom an account mutes at the moment."""
    values = {**page.values, "id": account_id}
    return page.turned(await several(connection, _query("muted", page.form), values, Muted))


async def familiar(connection: Connection, ids: Collection[int], viewer: int) -> dict[int, list[int]]:
    """Return, for each account, which accounts that the viewer follows follow it."""
    found: dict[int, list[int]] = {each: [] for each in ids}
    for row in await several(connection, _SQL["familiar"], {"ids": list(ids), "viewer": viewer}, Placed):
        found[row.place].append(row.id)
    return found


async def _list(connection: Connection, name: str, page: Page, values: Mapping[str, object]) -> list[Placed]:
    return page.turned(await several(connection, _query(name, page.form), {**page.values, **values}, Placed))


@cache
def _query(name: str, form: Page) -> SQL:
    column: LiteralString = {"blocked": "b.id", "muted": "m.id"}.get(name, "f.id")
    return flat(_SQL[name].format(window=form.window(column), unblocked=unblocked("a")))
