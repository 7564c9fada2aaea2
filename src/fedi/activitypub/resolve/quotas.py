"""How much may be asked of others: so many requests at once to a host, and a key once a minute whatever comes of it.

Ten thousand requests that name a key on a dead host must cost that host, and us, one request (S-035).
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import copy
from time import monotonic
from typing import Generic, TypeVar

from fedi.errors import PeerError

T = TypeVar("T")

PER_HOST = 5
REMEMBERED_SECONDS = 60.0
REMEMBERED = 10_000


class HostQuota:
    """At most five requests at once to one host; who comes later waits."""

    def __init__(self, per_host: int = PER_HOST) -> None:
        self._per_host = per_host
        self._gates: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @contextlib.asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Hold one of a host's places."""
        gate, users = self._gates.get(host, (asyncio.Semaphore(self._per_host), 0))
        self._gates[host] = gate, users + 1
        try:
            async with gate:
                yield
        finally:
            gate, users = self._gates[host]
            if users == 1:
                del self._gates[host]
            else:
                self._gates[host] = gate, users - 1


class Once(Generic[T]):
    """Does a thing once for all who ask for it at once or within a minute after, and remembers failures as well.

    Of the last so many things, that is: `remembered`.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, *, remembered: int = REMEMBERED) -> None:
        self._clock = clock
        self._remembered = remembered
        self._running: dict[str, asyncio.Task[T | PeerError]] = {}
        self._done: OrderedDict[str, tuple[float, T | PeerError]] = OrderedDict()

    async def get(self, name: str, do: Callable[[], Awaitable[T]]) -> T:
        """Return what `do` returns, or did return lately; raises what it raised as `PeerError`."""
        known = self._recent(name)
        return _told(known) if known is not None else await self.anew(name, do)

    async def anew(self, name: str, do: Callable[[], Awaitable[T]]) -> T:
        """As `get`, but what was done before does not count, only what is being done."""
        task = self._running.get(name)
        if task is None:
            task = asyncio.ensure_future(self._run(name, do))
            self._running[name] = task
            task.add_done_callback(lambda _: self._running.pop(name, None))
        return _told(await asyncio.shield(task))

    def lately(self, name: str) -> bool:
        """Tell whether it was done, or begun, before now, so that what `get` returns may not be so any more."""
        return name in self._running or self._recent(name) is not None

    def _recent(self, name: str) -> T | PeerError | None:
        at, known = self._done.get(name, (float("-inf"), None))
        return known if self._clock() - at < REMEMBERED_SECONDS else None

    async def _run(self, name: str, do: Callable[[], Awaitable[T]]) -> T | PeerError:
        """Do it. That it failed is returned and not raised: all who asked may be gone, and nobody would hear of it."""
        result: T | PeerError
        try:
            result = await do()
        except PeerError as error:
            # A copy: the error itself holds on to all frames it went through, with the documents they looked at.
            result = copy(error)
        self._remember(name, result)
        return result

    def _remember(self, name: str, result: T | PeerError) -> None:
        self._done[name] = self._clock(), result
        self._done.move_to_end(name)
        while len(self._done) > self._remembered:
            self._done.popitem(last=False)


def _told(known: T | PeerError) -> T:
    """Return what was found out, or raise it, for one who asked."""
    if isinstance(known, PeerError):
        raise copy(known)
    return known
