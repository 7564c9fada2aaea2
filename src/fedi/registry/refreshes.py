"""Threads that are being completed from where they were written, and what clients are told of that.

A thread goes by the number of the status it began with: whichever of its posts is opened, it is looked at once.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from fedi.registry.rows import Connection, change, one
from fedi.sql import queries

_SQL = queries(__file__)
AGAIN = timedelta(minutes=15)
"""A thread is not looked at again before that."""
LONGEST = timedelta(minutes=5)
"""What has not ended by then never will: its process is gone."""
KEPT = timedelta(days=1)


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """`token` is what clients know it by; `result_count` how many posts it has found so far."""

    token: UUID
    result_count: int
    running: bool


async def begin(connection: Connection, thread_id: int, now: datetime) -> Refresh | None:
    """Begin to complete a thread; None if that was done a short time ago, or is being done."""
    values = {"thread_id": thread_id, "now": now, "before": now - AGAIN}
    return await one(connection, _SQL["begin"], values, Refresh)


async def lately(connection: Connection, thread_id: int, now: datetime) -> Refresh | None:
    """Return the completion of a thread that goes on, or that was so lately that there is none again yet."""
    values = {"thread_id": thread_id, "since": now - LONGEST, "again": now - AGAIN}
    return await one(connection, _SQL["lately"], values, Refresh)


async def by_token(connection: Connection, token: UUID, now: datetime) -> Refresh | None:
    """Return a completion by what clients know it by."""
    return await one(connection, _SQL["by_token"], {"token": token, "since": now - LONGEST}, Refresh)


async def found(connection: Connection, thread_id: int, number: int) -> None:
    """Say how many posts have been found."""
    await change(connection, _SQL["found"], {"thread_id": thread_id, "number": number})


async def finish(connection: Connection, thread_id: int, now: datetime) -> None:
    """Say that a thread is as complete as it gets, and forget what is long over."""
    await change(connection, _SQL["finish"], {"thread_id": thread_id, "now": now})
    await change(connection, _SQL["forget"], {"before": now - KEPT})
