"""The header with which followers-only posts tell other servers who of theirs follows their author (FEP-8fcf)."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.vocabulary import addresses, synchronization
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.activitypub.vocabulary.synchronization import Synchronization
from fedi.activitypub.vocabulary.visibility import PUBLIC, normal_audience
from fedi.views import followings

MAX_FOLLOWERS = 25_000
"""Whoever has more is followed by too many to be compared for every post."""
POSTS_KEPT = 64
_NOBODY = synchronization.digest_of(())


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """An activity as it is sent: where it stands in the log, whose it is, and by which key."""

    position: int
    account_id: int
    actor: str


class Synchronizing:
    """Knows, for the posts that are being sent, the digest for each server; read once for each post."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]]) -> None:
        self._pool = pool
        self._digests: OrderedDict[int, asyncio.Task[Mapping[str, str]]] = OrderedDict()

    async def headers(self, post: Posted, authority: str) -> dict[str, str]:
        """Return the header for a followers-only post to a host; none if its author has too many followers."""
        task = self._digests.get(post.position)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._digests[post.position] = asyncio.create_task(self._read(post.account_id))
            while len(self._digests) > POSTS_KEPT:
                self._digests.popitem(last=False)
        digests = await asyncio.shield(task)
        if not digests:
            return {}
        said = Synchronization(
            collection=addresses.followers(post.actor),
            digest=digests.get(authority, _NOBODY),
            url=addresses.followers_synchronization(post.actor),
        )
        return {synchronization.HEADER: synchronization.write(said)}

    async def _read(self, account_id: int) -> Mapping[str, str]:
        async with self._pool.connection() as connection:
            found = await followings.followers_elsewhere(connection, account_id)
        if found is None or not 0 < len(found.followers) < MAX_FOLLOWERS:
            return {}
        return await asyncio.to_thread(_digests, found.followers)


def is_for_followers(document: Mapping[str, Any]) -> bool:
    """Tell whether an activity is a Create for followers, and not for everybody."""
    actor = document.get("actor")
    if document.get("type") != "Create" or not isinstance(actor, str):
        return False
    named = {*normal_audience(document.get("to")), *normal_audience(document.get("cc"))}
    return addresses.followers(actor) in named and PUBLIC not in named


def _digests(followers: list[str]) -> dict[str, str]:
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for uri in followers:
        by_host[authority_of(uri)].append(uri)
    return {host: synchronization.digest_of(uris) for host, uris in by_host.items()}
