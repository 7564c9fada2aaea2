"""What local people show to other servers: documents as they stand in the log, and the collections around them."""

from datetime import datetime

import msgspec

from fedi.descriptions import Visibility
from fedi.registry.rows import Connection, numbers, one, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.pages import Page

_SQL = queries(__file__)


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A local account. `document` is its actor document; the numbers are those that its profile shows."""

    id: int
    uri: str
    username: str
    document: bytes
    hide_collections: bool
    followers: int
    following: int
    statuses: int


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How the poll of a post stands. `voters` is None where nobody counted them."""

    votes: tuple[int, ...]
    voters: int | None
    ended: datetime | None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a local person, with its document; or a boost, with what it boosts instead."""

    id: int
    account_id: int
    actor: str
    visibility: Visibility
    created_at: datetime
    document: bytes | None
    tally: Tally | None = None
    boosted: str | None
    boosted_author: str | None
    favourites: int
    boosts: int


class FeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag on a profile: its normal name, and as it was written there."""

    name: str
    written: str


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a collection: `place` is where it stands."""

    place: int
    uri: str


async def actor(connection: Connection, username: str) -> Actor | None:
    """Return a local account by its name, whatever the case."""
    return await one(connection, _SQL["actor"], {"username": username}, Actor)


async def gone_actor(connection: Connection, uri: str) -> bool:
    """Tell whether there was a local account with this URI, which is deleted."""
    return await _any(connection, "gone_actor", uri)


async def knows_actor(connection: Connection, uri: str) -> bool:
    """Tell whether somebody elsewhere is known here, and not gone."""
    return await _any(connection, "knows_actor", uri)


async def knows(connection: Connection, uri: str) -> bool:
    """Tell whether this is the id of somebody or something elsewhere that is known here, and not gone."""
    return await _any(connection, "knows", uri)


async def has_ended(connection: Connection, uri: str) -> bool:
    """Tell whether this is the id of somebody or something elsewhere that was known here and is gone."""
    return await _any(connection, "has_ended", uri)


async def status(connection: Connection, username: str, status_id: int, viewer: int | None) -> Said | None:
    """Return a local post or boost, if it is by this person and the viewer (None: anybody) may see it."""
    return await one(connection, _STATUS, {"username": username, "id": status_id, "viewer": viewer}, Said)


async def gone_status(connection: Connection, uri: str) -> bool:
    """Tell whether a local post that anybody could see has been deleted; of others nobody is told that they existed."""
    return await _any(connection, "gone_status", uri)


async def outbox(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Said]:
    """Return a page of what somebody said to everybody, the newest first; nothing to whom the author blocks."""
    query = _SQL["outbox"].format(said=_SQL["said"], visible=visible(), window=page.window("s.id"))
    return page.turned(await several(connection, query, {**page.values, "id": account_id, "viewer": viewer}, Said))


async def featured(connection: Connection, account_id: int, viewer: int | None) -> list[Listed]:
    """Return the posts that somebody pinned and everybody may see, the latest pin first."""
    return await several(connection, _FEATURED, {"id": account_id, "viewer": viewer}, Listed)


async def featured_tags(connection: Connection, account_id: int) -> list[FeaturedTag]:
    """Return the hashtags that somebody shows on their profile."""
    return await several(connection, _SQL["featured_tags"], {"id": account_id}, FeaturedTag)


async def replies(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Listed]:
    """Return a page of the answers to a post that everybody may see."""
    query = _SQL["replies"].format(visible=visible(), window=page.window("s.id"))
    return page.turned(await several(connection, query, {**page.values, "id": status_id, "viewer": viewer}, Listed))


async def count_replies(connection: Connection, status_id: int, viewer: int | None) -> int:
    """Return how many answers to a post there are that everybody may see: of others nobody is told even that."""
    (count,) = await numbers(connection, _COUNT_REPLIES, {"id": status_id, "viewer": viewer})
    return count


async def thread_owner(connection: Connection, status_id: int, viewer: int | None) -> str | None:
    """Return the URI of who began a conversation with a post here that everybody may see."""
    found = await one(connection, _THREAD_OWNER, {"id": status_id, "viewer": viewer}, Listed)
    return found.uri if found else None


async def thread(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Listed]:
    """Return a page of the posts of a conversation that everybody may see, with the one that it began with."""
    query = _SQL["thread"].format(visible=visible(), window=page.window("s.id"))
    return page.turned(await several(connection, query, {**page.values, "id": status_id, "viewer": viewer}, Listed))


async def followers(connection: Connection, account_id: int, page: Page) -> list[Listed]:
    """Return a page of who follows an account, the latest first."""
    return await _follows(connection, "followers", account_id, page)


async def following(connection: Connection, account_id: int, page: Page) -> list[Listed]:
    """Return a page of whom an account follows, the latest first."""
    return await _follows(connection, "following", account_id, page)


async def _follows(connection: Connection, name: str, account_id: int, page: Page) -> list[Listed]:
    query = _SQL[name].format(window=page.window("f.id"))
    return page.turned(await several(connection, query, {**page.values, "id": account_id}, Listed))


async def _any(connection: Connection, name: str, uri: str) -> bool:
    cursor = await connection.execute(_SQL[name], {"uri": uri})
    return await cursor.fetchone() is not None


_STATUS = _SQL["status"].format(said=_SQL["said"], visible=visible())
_COUNT_REPLIES = _SQL["count_replies"].format(visible=visible())
_THREAD_OWNER = _SQL["thread_owner"].format(visible=visible())
_FEATURED = _SQL["featured"].format(visible=visible())
