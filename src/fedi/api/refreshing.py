"""What is looked at again where it lives when somebody here looks at it.

Polls, as nobody else tells of votes; and people, as those who have vanished, moved or changed their name may have told
nobody here.
"""

import asyncio
import logging

from redis.exceptions import RedisError

from fedi.api.request import ApiRequest
from fedi.services.limiter import LOOKUPS
from fedi.views.accounts import AccountRow
from fedi.views.statuses import StatusRow

STALE_SECONDS = 60
"""How long what a poll said is believed while it goes on."""
ENDED_SECONDS = 7 * 86_400
"""The same once it was asked after its end."""
PROFILE_SECONDS = 86_400
PATIENCE_SECONDS = 5.0
_log = logging.getLogger(__name__)


async def refresh_poll(request: ApiRequest, row: StatusRow) -> bool:
    """Ask another server how its poll stands, if a person wants to know and it was not asked lately."""
    strangers = request.deps.strangers
    if request.reader_id is None or row.local or row.poll_titles is None or strangers is None:
        return False
    key = f"fedi:poll:{row.id}:{'ended' if row.poll_expired else 'open'}"
    life = ENDED_SECONDS if row.poll_expired else STALE_SECONDS
    try:
        if not await request.deps.redis.set(key, 1, nx=True, ex=life):
            return False
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await strangers.by_address(row.uri) is not None
    except TimeoutError:
        _log.info("%s did not tell in time how its poll stands", row.uri)
    except RedisError as error:
        _log.warning("polls are not looked at again: %s", error)
    return False


async def look_again(request: ApiRequest, row: AccountRow) -> None:
    """Let somebody elsewhere be looked at behind the answer, once a day, if a person opens their profile."""
    strangers, limiter = request.deps.strangers, request.deps.limiter
    if request.reader_id is None or row.domain is None or strangers is None:
        return
    try:
        if not await request.deps.redis.set(f"fedi:looked:{row.id}", 1, nx=True, ex=PROFILE_SECONDS):
            return
    except RedisError as error:
        _log.warning("people are not looked at again: %s", error)
        return
    counts = await limiter.count([(LOOKUPS, str(request.reader_id))]) if limiter is not None else ()
    if not any(count.exceeded for count in counts):
        strangers.look_again(row.uri)
