"""The bounded queue before the writer, for use in one event loop."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from fedi.errors import Unavailable
from fedi.log.drafts import Appended, Unit
from fedi.log.insert import Call, call_of

if TYPE_CHECKING:
    from uuid import UUID

QUEUE_UNITS = 20_000
QUEUE_BYTES = 64 << 20
BATCH_UNITS = 128
"""Where more wait, the rest gathers and is made ready while these are written, or the database would wait for it."""
BATCH_BYTES = 4 << 20


class Waiting(msgspec.Struct, frozen=True):
    """A unit, and who waits for its answer; `begun` is called while it is being written."""

    unit: Unit
    future: asyncio.Future[Appended]
    begun: Callable[[], object] | None = None


class Batch(msgspec.Struct, frozen=True):
    """Units that are written together, and who waits for each; `size` is their bytes of payload.

    `call` is how they are sent, if that was made ready.
    """

    waiting: Sequence[Waiting] = ()
    size: int = 0
    call: Call | None = None

    @property
    def units(self) -> list[Unit]:
        return [waiting.unit for waiting in self.waiting]


class Queue:
    """Units that wait to be written, first come, first served."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._held = 0
        """How many of those were held back when the last batch was drawn."""
        self._full: deque[Batch] = deque()
        """Batches that are made ready while the database is at work."""
        self._units = 0
        self._bytes = 0
        self._closed = False
        self._changed = asyncio.Event()

    def put(self, waiting: Waiting) -> None:
        """Add a unit.

        Raises:
            Unavailable: too much waits already, or the queue was closed.
        """
        size = waiting.unit.size
        if self._closed:
            raise Unavailable("the log is closed")
        if self._units >= QUEUE_UNITS or self._bytes + size > QUEUE_BYTES:
            raise Unavailable("too many events wait to be written")
        self._waiting.append(waiting)
        self._units += 1
        self._bytes += size
        if len(self._waiting) - self._held >= BATCH_UNITS:
            self._full.append(_ready(self._draw()))
        self._changed.set()

    def close(self) -> None:
        """Take no more; what waits is still handed out."""
        self._closed = True
        self._changed.set()

    async def take(self, within: float) -> Batch | None:
        """Return the next batch, which is empty when nothing came `within` so many seconds; None when it is over.

        Of units that share an identity only the first is handed out, and the rest with the next batch: then the log
        itself tells them that they came too late.
        """
        if not self._units and not self._closed:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._changed.wait()
            await asyncio.sleep(0)  # what has reached this process by now shares the batch
        if not self._units:
            return None if self._closed else Batch()
        batch = self._full.popleft() if self._full else self._draw()
        self._units -= len(batch.waiting)
        self._bytes -= batch.size
        return batch

    def _draw(self) -> Batch:
        batch: list[Waiting] = []
        held: list[Waiting] = []
        seen: set[UUID] = set()
        size = 0
        while self._waiting and len(batch) < BATCH_UNITS and size < BATCH_BYTES:
            waiting = self._waiting.popleft()
            identities = waiting.unit.identities
            if seen.isdisjoint(identities):
                batch.append(waiting)
                size += waiting.unit.size
            else:
                held.append(waiting)
            seen.update(identities)
        self._waiting.extendleft(reversed(held))
        self._held = len(held)
        return Batch(batch, size)


def _ready(batch: Batch) -> Batch:
    """Return a batch with its call; without, if none can be made: the writer tells those who wait for it."""
    with contextlib.suppress(Exception):
        return Batch(batch.waiting, batch.size, call_of(batch.units))
    return batch
