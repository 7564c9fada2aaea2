"""What somebody's year was like, counted."""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

SCHEMA_VERSION = 2
FEW = 113
"""Fewer posts than this in a year make a lurker, as Mastodon counts."""

_SQL = queries(__file__)
Archetype = Literal["lurker", "booster", "pollster", "replier", "oracle"]


class Types(msgspec.Struct, frozen=True, kw_only=True):
    """What the posts of a year were; `replies` are to others."""

    total: int
    reblogs: int
    replies: int
    standalone: int
    polls: int


class Month(msgspec.Struct, frozen=True, kw_only=True):
    month: int
    statuses: int
    following: int
    followers: int


class NameCount(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    count: int


class AccountCount(msgspec.Struct, frozen=True, kw_only=True):
    account_id: int
    count: int


class Top(msgspec.Struct, frozen=True, kw_only=True):
    by_reblogs: int | None
    by_favourites: int | None
    by_replies: int | None


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """A year in numbers."""

    archetype: Archetype
    type_distribution: Types
    time_series: list[Month]
    top_hashtags: list[NameCount]
    top_statuses: Top
    commonly_interacted_with_accounts: list[AccountCount]
    most_used_apps: list[NameCount]


async def types(connection: Connection, account_id: int, year: int) -> Types:
    """Return what somebody's posts of a year were."""
    found = await one(connection, _SQL["types"], _values(account_id, year), Types)
    assert found is not None
    return found


async def count(connection: Connection, account_id: int, year: int) -> Year:
    """Count somebody's year. This reads all their posts of it."""
    values = _values(account_id, year)
    kinds = await types(connection, account_id, year)
    top = await one(connection, _SQL["top"], values, Top)
    assert top is not None
    return Year(
        archetype=archetype(kinds),
        type_distribution=kinds,
        time_series=await several(connection, _SQL["months"], values, Month),
        top_hashtags=await several(connection, _SQL["hashtags"], values, NameCount),
        top_statuses=top,
        commonly_interacted_with_accounts=await several(connection, _SQL["people"], values, AccountCount),
        most_used_apps=await several(connection, _SQL["apps"], values, NameCount),
    )


def archetype(kinds: Types) -> Archetype:
    """Return what somebody was like, by Mastodon's measures."""
    if kinds.total < FEW:
        return "lurker"
    if kinds.reblogs > kinds.standalone * 2:
        return "booster"
    if kinds.polls > kinds.standalone * 0.1:
        return "pollster"
    return "replier" if kinds.replies > kinds.standalone * 2 else "oracle"


def _values(account_id: int, year: int) -> dict[str, object]:
    return {"id": account_id, "since": datetime(year, 1, 1, tzinfo=UTC), "until": datetime(year + 1, 1, 1, tzinfo=UTC)}
