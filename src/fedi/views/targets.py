"""What commands must know of the accounts and statuses they act on, and of how things stand between two accounts."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from psycopg.sql import SQL

from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.descriptions import Visibility
from fedi.events.moderation import Restriction
from fedi.meaning.names import key_of
from fedi.meaning.ref import RefKind
from fedi.registry.rows import Connection, numbers, one, several
from fedi.sql import queries
from fedi.views.can_see import visible

_SQL = queries(__file__)


class AccountRef(msgspec.Struct, frozen=True, kw_only=True):
    """An account as one acts on it. `domain` is None for local ones; URIs are as its actor document has them."""

    id: int
    uri: str
    url: str
    username: str
    domain: str | None
    locked: bool
    suspended: bool
    limited: bool
    moved_to_uri: str
    followers_uri: str
    featured_uri: str

    @property
    def local(self) -> bool:
        return self.domain is None

    @property
    def acct(self) -> str:
        """`user` for local accounts, `user@domain` for others."""
        return self.username if self.domain is None else f"{self.username}@{self.domain}"


class StatusRef(msgspec.Struct, frozen=True, kw_only=True):
    """A status as one acts on it. `document` is the object of a local post as it is served; `text` its source."""

    id: int
    account_id: int
    uri: str
    author_uri: str
    author_local: bool
    visibility: Visibility
    local: bool
    conversation: str
    created_at: datetime
    boost_of_id: int | None
    sensitive: bool
    spoiler_text: str
    language: str
    text: str | None
    media_ids: tuple[int, ...]
    document: bytes | None


class PollRef(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as one votes in it; `chosen` are the options that the asker chose, by their places."""

    status_id: int
    account_id: int
    uri: str
    author_uri: str
    titles: tuple[str, ...]
    votes: tuple[int, ...]
    multiple: bool
    expires_at: datetime | None
    voters_count: int | None
    chosen: tuple[int, ...]


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand between an account and a target. The URIs are those of the Follow activities, "" if none."""

    following: bool
    requested: bool
    follow_uri: str
    boosts: bool
    notify: bool
    languages: tuple[str, ...]
    followed_by: bool
    requested_by: bool
    follower_uri: str
    blocking: bool
    blocked_by: bool
    muting: bool
    domain_blocking: bool


class _Restricted(msgspec.Struct, frozen=True):
    restriction: Restriction


async def account(connection: Connection, account_id: int) -> AccountRef | None:
    """Return an account, also a suspended one."""
    return await one(connection, _SQL["account"], {"id": account_id}, AccountRef)


async def accounts(connection: Connection, account_ids: Collection[int]) -> list[AccountRef]:
    """Return those accounts that there are."""
    return await several(connection, _SQL["accounts"], {"ids": list(account_ids)}, AccountRef)


async def by_handle(connection: Connection, username: str, domain: str | None) -> AccountRef | None:
    """Return the account of a handle, whatever its case; `domain` is None for this server's own."""
    return await one(
        connection,
        _SQL["by_handle"],
        {"username": username, "domain": normal_domain(domain) if domain else None},
        AccountRef,
    )


async def restrictions(connection: Connection, account_id: int) -> set[Restriction]:
    """Return how the operator restricts an account alone."""
    return {
        each.restriction for each in await several(connection, _SQL["restrictions"], {"id": account_id}, _Restricted)
    }


async def document(connection: Connection, account_id: int) -> bytes | None:
    """Return the actor document of a local account, as it is served."""
    found = await one(connection, _SQL["document"], {"id": account_id}, _Document)
    return found.document if found else None


async def status(connection: Connection, status_id: int, viewer: int | None) -> StatusRef | None:
    """Return a status if there is one that the viewer may see."""
    return await one(connection, _VISIBLE_STATUS, {"id": status_id, "viewer": viewer}, StatusRef)


async def boost(connection: Connection, account_id: int, status_id: int) -> StatusRef | None:
    """Return an account's boost of a status, if it stands."""
    return await one(connection, _SQL["boost"], {"account_id": account_id, "status_id": status_id}, StatusRef)


async def poll(connection: Connection, status_id: int, viewer: int) -> PollRef | None:
    """Return the poll of a status. The caller has made sure that the viewer may see it."""
    return await one(connection, _SQL["poll"], {"id": status_id, "viewer": viewer}, PollRef)


async def between(connection: Connection, account_id: int, target_id: int) -> Between:
    """Return how an account stands to a target."""
    found = await one(connection, _SQL["between"], {"account_id": account_id, "target_id": target_id}, Between)
    assert found is not None
    return found


async def hides_totals(connection: Connection, status_id: int) -> bool:
    """Tell whether a status has a poll that keeps its numbers back."""
    return bool(await numbers(connection, _SQL["hides_totals"], {"id": status_id}))


async def pinned(connection: Connection, account_id: int) -> list[int]:
    """Return the statuses that an account has pinned."""
    return await numbers(connection, _SQL["pinned"], {"account_id": account_id})


async def bookmarked(connection: Connection, account_id: int, status_id: int) -> bool:
    """Tell whether an account has a status among its bookmarks."""
    values = {"account_id": account_id, "status_id": status_id}
    return bool(await numbers(connection, _SQL["bookmarked"], values))


async def all_followed(connection: Connection, account_id: int, target_ids: Collection[int]) -> bool:
    """Tell whether an account follows, or is, every one of some accounts."""
    values = {"account_id": account_id, "ids": list(target_ids)}
    return not await numbers(connection, _SQL["not_followed"], values)


async def followed_tags(connection: Connection, account_id: int) -> set[str]:
    """Return the hashtags that an account follows, in their normal form."""
    rows = await several(connection, _SQL["followed_tags"], {"account_id": account_id}, _Name)
    return {row.name for row in rows}


async def notified(connection: Connection, account_id: int, notification_id: int) -> bool:
    """Tell whether an account has a notification."""
    values = {"account_id": account_id, "id": notification_id}
    return bool(await numbers(connection, _SQL["notified"], values))


async def activity(connection: Connection, kind: RefKind, actor_uri: str, object_uri: str) -> str | None:
    """Return the id of the activity by which an actor relates to an object (its Like, say) while it stands."""
    found = await one(connection, _SQL["activity"], {"key": key_of(kind, actor_uri, object_uri)}, _Uri)
    return found.uri if found else None


class _Uri(msgspec.Struct, frozen=True):
    uri: str


class _Document(msgspec.Struct, frozen=True):
    document: bytes | None


class _Name(msgspec.Struct, frozen=True):
    name: str


_VISIBLE_STATUS = SQL(" AND ").join([_SQL["status"], visible("s")])
