"""One open connection: reading and writing at once, until either end has had enough."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fedi.streams.outbox import End, Outbox

Write = Callable[[Outbox], Coroutine[Any, Any, None]]


async def converse(outbox: Outbox, write: Write, read: Coroutine[Any, Any, None]) -> End | None:
    """Write what is put into the outbox while reading; return why we ended it, None where the client did.

    A client that takes nothing holds `write` up for ever, so whoever ends a stream does not wait for it.
    """
    tasks = [asyncio.create_task(read), asyncio.create_task(write(outbox))]
    waited: list[Awaitable[Any]] = [*tasks, outbox.end]
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return outbox.end.result() if outbox.end.done() else None
