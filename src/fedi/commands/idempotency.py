"""Requests with an Idempotency-Key: the same key of the same person means the same act, for an hour."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from fedi.commands.attachments import TakenError
from fedi.commands.context import Context
from fedi.events import Recorded, identity
from fedi.log import lookup
from fedi.log.drafts import Conflict

T = TypeVar("T")
LIFE = timedelta(hours=1)
TRIES, PAUSE = 10, 0.03
"""How often, and after how many seconds each, one looks for what a twin of the request is about to append."""


async def once(
    context: Context,
    account_id: int,
    key: str,
    act: Callable[[UUID], Awaitable[T]],
    answer: Callable[[Recorded], T],
) -> T:
    """Act under the identity of a key, or answer with what was done under it within the last hour.

    `act` appends an event of the identity it is given and lets a Conflict through. The media of a twin that is being
    answered at this moment are bound already: then its event is waited for.
    """
    previous = 0
    while True:
        wanted = identity.of_keyed_request(account_id, key, previous)
        done = await _find(context, wanted)
        if done is None:
            try:
                return await act(wanted)
            except Conflict as conflict:
                if conflict.identity != wanted:
                    raise
            except TakenError:
                if not await _appears(context, wanted):
                    raise
        elif context.clock() - done.recorded_at < LIFE:
            return answer(done)
        else:
            previous = done.position


async def _find(context: Context, wanted: UUID) -> Recorded | None:
    async with context.pool.connection() as connection:
        return await lookup.by_identity(connection, wanted)


async def _appears(context: Context, wanted: UUID) -> bool:
    for _ in range(TRIES):
        if await _find(context, wanted) is not None:
            return True
        await asyncio.sleep(PAUSE)
    return False
