"""What may come in from where, and go out: the one place where it is asked, by every door to other servers.

The operator's limits change rarely and are asked for all the time, so each process remembers them for a second. What is
decided about a domain holds for all below it, unless there is a narrower one with a decision of its own.
"""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.vocabulary.hosts import domains_of
from fedi.activitypub.vocabulary.uris import Uri
from fedi.errors import PeerError
from fedi.events.domains import Severity
from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

_SQL = queries(__file__)
REMEMBERED_SECONDS = 1.0


class Closed(PeerError):
    """This server does not speak with that one."""

    status = 403
    reason = "domain_closed"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator decided about a domain."""

    domain: str
    severity: Severity
    reject_media: bool
    reject_reports: bool


NOTHING_SAID = Rule(domain="", severity="noop", reject_media=False, reject_reports=False)


class Border(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions as they were at one moment.

    `allowed` is None where everybody may come in who is not limited. `shut_out` are actors, by URI, who are suspended
    though their hosts are not; `relays` hosts that pass on what others say, by the operator's wish.
    """

    rules: Mapping[str, Rule]
    own: frozenset[str] = frozenset()
    allowed: frozenset[str] | None = None
    shut_out: frozenset[str] = frozenset()
    relays: frozenset[str] = frozenset()

    def rule(self, authority: str) -> Rule:
        """Return what holds for a host: the narrowest decision about it, or about a domain it belongs to."""
        return next((self.rules[each] for each in domains_of(authority) if each in self.rules), NOTHING_SAID)

    def closed_to(self, authority: str) -> bool:
        """Tell whether nothing is to come from a host, or go there. This server's own hosts are always open."""
        if authority in self.own:
            return False
        if self.allowed is not None and self.allowed.isdisjoint(domains_of(authority)):
            return True
        return self.rule(authority).severity == "suspend"

    def check(self, authority: str) -> None:
        """Raise `Closed` where nothing is to come from a host, or go there."""
        if self.closed_to(authority):
            raise Closed

    def guard(self, url: Uri) -> Mapping[str, str]:
        """Raise `Closed` instead of asking there: for the HTTP client, which calls this before each redirect too."""
        self.check(url.authority)
        return {}

    def guard_media(self, url: Uri) -> Mapping[str, str]:
        """As `guard`, where a file is to be copied."""
        self.check(url.authority)
        if self.rule(url.authority).reject_media:
            raise Closed
        return {}


class _List(msgspec.Struct, frozen=True):
    allowed: list[str]
    shut_out: list[str]
    relays: list[str]


async def read(connection: Connection, *, own: frozenset[str] = frozenset(), limited_federation: bool) -> Border:
    """Return the decisions as the views have them now; `own` are the names of this server."""
    rules = await several(connection, _SQL["rules"], {}, Rule)
    lists = await one(connection, _SQL["lists"], {}, _List)
    assert lists is not None
    return Border(
        rules={rule.domain: rule for rule in rules},
        own=own,
        allowed=frozenset(lists.allowed) if limited_federation else None,
        shut_out=frozenset(lists.shut_out),
        relays=frozenset(lists.relays),
    )


class Borders:
    """The decisions, read again once they are older than a second. One for each process."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        *,
        own: frozenset[str] = frozenset(),
        limited_federation: bool = False,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._pool = pool
        self._own = own
        self._limited_federation = limited_federation
        self._ticks = ticks
        self._until = float("-inf")
        self._border = Border(rules={})
        self._known = False
        self._reading = asyncio.Lock()

    async def now(self) -> Border:
        """Return the decisions, at most a second old."""
        if self._ticks() < self._until or (self._known and self._reading.locked()):
            return self._border  # what is being read is waited for by one alone, however many come at once
        async with self._reading:
            if self._ticks() >= self._until:
                async with self._pool.connection() as connection:
                    await self._read(connection)
        return self._border

    async def latest(self, connection: Connection) -> Border:
        """Return the decisions as a transaction finds them, however lately they were read."""
        await self._read(connection)
        return self._border

    async def check(self, authority: str) -> Border:
        """Raise `Closed` where nothing is to come from a host, or go there; return the decisions otherwise."""
        border = await self.now()
        border.check(authority)
        return border

    async def _read(self, connection: Connection) -> None:
        border = await read(connection, own=self._own, limited_federation=self._limited_federation)
        self._border, self._known, self._until = border, True, self._ticks() + REMEMBERED_SECONDS
