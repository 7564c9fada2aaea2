"""Meeting strangers on somebody's behalf: a handle or an address that nobody here knows is looked up where it lives.

What is learnt goes through the log like everything else, so the caller waits until the views know it. A stranger who
cannot be met is nobody: that is no fault of whoever asked.
"""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from fedi.activitypub.resolve import Found, Means, first_contact, resolve_actor, resolve_handle, resolve_object
from fedi.commands.context import lookup_only
from fedi.errors import PeerError, Unavailable
from fedi.views import accounts, signers, targets
from fedi.views.progress import Progress
from fedi.views.targets import AccountRef

PATIENCE = 3.0
"""Seconds to wait for the views to know what was learnt."""
STALE = timedelta(days=1)
MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)


class Strangers:
    """Looks up what is not known here."""

    def __init__(self, means: Means, progress: Progress) -> None:
        self._means = means
        self._progress = progress
        self._known = lookup_only(means.site, means.pool)
        self._meeting: set[asyncio.Task[None]] = set()

    async def by_handle(self, handle: str) -> AccountRef | None:
        """Return the account of `user` or `user@domain`, met for the first time if need be; None if there is none."""
        known = await self._known(handle)
        if known is not None or "@" not in handle:
            return known
        try:
            found = await resolve_handle(self._means, handle)
        except PeerError as error:
            _log.info("%s was not found: %s", handle, error)
            return None
        await self._progress.wait_for(found.position, PATIENCE)
        self._get_acquainted(found)
        async with self._means.pool.connection() as connection:
            met = await accounts.by_uris(connection, [found.uri])
            return await targets.account(connection, met[found.uri]) if met else None

    async def by_address(self, address: str) -> str | None:
        """Return the id of the person or post at an address, once it is known here; None if there is nothing."""
        try:
            found = await resolve_object(self._means, address)
        except PeerError as error:
            _log.info("nothing was found at %s: %s", address, error)
            return None
        await self._progress.wait_for(found.position, PATIENCE)
        return found.uri

    def look_again(self, uri: str) -> None:
        """Look meanwhile whether somebody is still there, and still the same; not if that was done within a day."""
        if len(self._meeting) < MOST_AT_ONCE:
            self._begin(self._look_again(uri))

    def _get_acquainted(self, found: Found) -> None:
        """Learn a new account's counts, pins and latest posts meanwhile, so that its profile is not empty for long."""
        self._begin(self._first_contact(found.uri))

    def _begin(self, meeting: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(meeting)
        self._meeting.add(task)
        task.add_done_callback(self._meeting.discard)

    async def _look_again(self, uri: str) -> None:
        try:
            async with self._means.pool.connection() as connection:
                stale = await signers.stale(connection, [uri], self._means.clock() - STALE)
            if stale:
                await resolve_actor(self._means, uri)
        except (PeerError, Unavailable, OperationalError, PoolTimeout) as error:
            _log.info("%s was not looked at again: %s", uri, error)

    async def _first_contact(self, uri: str) -> None:
        try:
            await first_contact(self._means, uri)
        except (PeerError, Unavailable) as error:
            _log.info("%s is known by its profile alone: %s", uri, error)
