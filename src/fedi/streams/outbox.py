"""What waits to be sent to one client, and why its stream has to end.

Nobody waits for a slow client: frames are put without waiting, and a client that lets more than `LIMIT` bytes pile up
is cut off. It comes again and reads by REST what it missed; the others notice nothing.

Where the connection itself can be written to, all that is put at once goes out in one write, and the task that sends
sleeps on: to wake it costs as much as the write. It sends what a client that is behind does not take at once.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum

from fedi.streams.frames import Frame

LIMIT = 256 * 1024
"""Bytes that may wait for one client."""


WriteNow = Callable[[bytes], bool]
"""Writes frames to a connection that waits for nothing; False if it does, and nothing was written."""


class End(Enum):
    """Why a stream ends from our side: the code and the reason with which a WebSocket closes (RFC 6455 §7.4.1)."""

    KILLED = (1000, "")
    LEAVING = (1001, "")
    BINARY = (1003, "This server does not understand binary messages")
    TOO_SLOW = (1008, "too slow")


class Outbox:
    """Frames on their way to one client."""

    __slots__ = ("_frames", "_leaving", "_something", "_waiting", "_write_now", "end")

    def __init__(self, write_now: WriteNow | None = None) -> None:
        self._frames: deque[Frame] = deque()
        self._waiting = 0
        self._leaving = 0
        self._something = asyncio.Event()
        self._write_now = write_now
        self.end: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    def put(self, frames: Sequence[Frame]) -> None:
        """Have frames sent, unless the stream has ended. It ends if too much would wait."""
        if self.end.done():
            return
        waiting = self._waiting + sum(frame.size for frame in frames)
        if waiting > LIMIT:
            self.close(End.TOO_SLOW)
        elif not self._is_written(frames):
            self._frames += frames
            self._waiting = waiting
            self._something.set()

    def close(self, reason: End) -> None:
        """End the stream; what has not been sent is dropped."""
        if not self.end.done():
            self._frames.clear()
            self.end.set_result(reason)

    async def take(self) -> Frame:
        """Return the next frame; wait for one. A frame counts as waiting until the next one is asked for."""
        self._waiting -= self._leaving
        self._leaving = 0
        while not self._frames:
            self._something.clear()
            await self._something.wait()
        frame = self._frames.popleft()
        self._leaving = frame.size
        return frame

    def _is_written(self, frames: Sequence[Frame]) -> bool:
        """Write frames that nothing waits before. While one is being sent, no other may overtake it."""
        if self._write_now is None or self._waiting:
            return False
        return self._write_now(frames[0].wire if len(frames) == 1 else b"".join(each.wire for each in frames))
