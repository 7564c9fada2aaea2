"""Brings who here follows somebody elsewhere into line with what that one's server knows (FEP-8fcf).

Who reads what is for followers must not hang on a follow that only one side knows of. Whoever there does not count
as a follower stops following; of whoever counts and does not follow, the other side hears that. Nothing is done unless
the whole list was read and is the one of which the digest was said.
"""

import logging
from typing import Any

import msgspec

from fedi.activitypub.resolve.documents import fetch_any
from fedi.activitypub.vocabulary import rendering, uris
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.activitypub.vocabulary.synchronization import digest_of, listed
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.errors import PeerError
from fedi.events import identity
from fedi.events.activities import ActivityPublished
from fedi.log.drafts import Conflict, Draft
from fedi.services.synchronization import SynchronizeFollowers
from fedi.views import accounts, followings, ties

MAX_PAGES = 10
MAX_CORRECTED = 500
"""Follows of one actor that are ended because of one list."""
_log = logging.getLogger(__name__)


@does(SynchronizeFollowers)
async def synchronize(job: SynchronizeFollowers, deps: Deps) -> None:
    """Read the list, and end what only one side knows of."""
    try:
        theirs = await _read(deps, job)
    except PeerError as error:
        _log.info("the followers of %s were not read: %s", job.actor, error.reason)
        return
    async with deps.pool.connection() as connection:
        known = await followings.followers_here(connection, job.actor)
        if (
            theirs is None
            or known is None
            or digest_of(theirs) != job.digest
            or digest_of(known.followers) == job.digest
        ):
            return
        ours = {tie.account_uri: tie for tie in await ties.of_account(connection, known.account_id) if tie.ours}
        here = await accounts.by_uris(connection, [uri for uri in theirs if uri not in ours])
    for uri, tie in list(ours.items())[:MAX_CORRECTED]:
        if tie.accepted and uri not in theirs:
            follow = {**rendering.follow(uri, job.actor, 0), "id": tie.uri}
            await _say(deps, tie.account_id, follow)
    for uri, account_id in list(here.items())[:MAX_CORRECTED]:
        if deps.means.site.is_local(uri):
            number = deps.means.appender.allot(deps.means.clock())
            await _say(deps, account_id, rendering.follow(uri, job.actor, number))


async def _read(deps: Deps, job: SynchronizeFollowers) -> set[str] | None:
    """Return whom the other server lists, of those who live here; None if the list has no end, or leads elsewhere."""
    found: set[str] = set()
    url = job.url
    for _ in range(MAX_PAGES):
        if authority_of(url) != authority_of(job.actor):
            return None
        items, url = listed((await fetch_any(deps.means, uris.parse(url))).document)
        found.update(items)
        if not url:
            return found
    return None


async def _say(deps: Deps, account_id: int, follow: dict[str, Any]) -> None:
    """Say that a follow is taken back."""
    document = rendering.undo(follow)
    event = ActivityPublished(document=msgspec.Raw(msgspec.json.encode(document)), account_id=account_id)
    try:
        await deps.means.appender.append([Draft(identity=identity.of_published(document["id"]), event=event)])
    except Conflict:
        return  # it was said before
