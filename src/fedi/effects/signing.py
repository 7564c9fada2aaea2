"""Threads that sign, which lets go of the interpreter. What waits while they are busy is signed in one go.

To go to a thread and back costs a third of the Python that sends something on a connection that is open already. A
thread does not come back to hear what is next: the event loop may be at other work, and a core would be idle.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

Headers = dict[str, str]
Sign = Callable[[], Headers]
"""Returns the headers that sign a request."""
_Asked = tuple[Sign, asyncio.Future[Headers]]

THREADS = 2
"""As many as there are cores on a small machine."""
AT_ONCE = 8
"""Signatures that a thread makes before the first of them is used: that takes 3 ms."""


class SigningThreads:
    """Signs in the order in which it is asked to."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="signer")
        self._waiting: deque[_Asked] = deque()
        self._working = set[asyncio.Task[None] | None]()

    async def sign(self, sign: Sign) -> Headers:
        """Return what `sign` returns, which is called in a thread; raises what it raises."""
        signed: asyncio.Future[Headers] = asyncio.get_running_loop().create_future()
        self._waiting.append((sign, signed))
        if len(self._working) < THREADS:
            self._working.add(asyncio.create_task(self._work()))
        return await signed

    def close(self) -> None:
        """Let go of the threads, and of what nobody waits for any more."""
        self._waiting.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._have_signed()
        finally:  # and no later: whoever asked in between would count on this task
            self._working.discard(asyncio.current_task())

    async def _have_signed(self) -> None:
        """Let a thread sign until nothing waits."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._sign_all, loop)
        except RuntimeError as error:  # no thread can be started now; who waits must hear of it
            taken = self._take()
            _hand_out(taken, [error] * len(taken))

    def _sign_all(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: sign what waits, and what comes meanwhile; the loop hands it out."""
        while taken := self._take():
            loop.call_soon_threadsafe(_hand_out, taken, [_one(sign) for sign, _ in taken])

    def _take(self) -> list[_Asked]:
        taken = list[_Asked]()
        with contextlib.suppress(IndexError):  # another thread took the last
            while len(taken) < AT_ONCE:
                taken.append(self._waiting.popleft())
        return taken


def _hand_out(taken: Sequence[_Asked], made: Sequence[Headers | Exception]) -> None:
    for (_, signed), headers in zip(taken, made, strict=True):
        if signed.done():  # who asked was cancelled
            continue
        if isinstance(headers, Exception):
            signed.set_exception(headers)
        else:
            signed.set_result(headers)


def _one(sign: Sign) -> Headers | Exception:
    try:
        return sign()
    except Exception as error:
        return error  # it is for who waits for this one alone
