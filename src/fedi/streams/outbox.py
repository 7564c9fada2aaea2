"""What waits to be sent to one client, and why its stream has to end.

Nobody waits for a slow client: frames are put without waiting, and a client that lets more than `LIMIT` bytes pile up
is cut off. It comes again and reads by REST what it missed; the others notice nothing.
"""

import asyncio
from collections import deque
from enum import Enum

from fedi.streams.frames import Frame

LIMIT = 256 * 1024
"""Bytes that may wait for one client."""


class End(Enum):
    """Why a stream ends from our side: the code and the reason with which a WebSocket closes (RFC 6455 §7.4.1)."""

    KILLED = (1000, "")
    LEAVING = (1001, "")
    BINARY = (1003, "This server does not understand binary messages")
    TOO_SLOW = (1008, "too slow")


class Outbox:
    """Frames on their way to one client."""

    __slots__ = ("_frames", "_leaving", "_something", "_waiting", "end")

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._waiting = 0
        self._leaving = 0
        self._something = asyncio.Event()
        self.end: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    def put(self, frame: Frame) -> None:
        """Have a frame sent, unless the stream has ended. It ends if too much waits already."""
        if self.end.done():
            return
        if self._waiting + frame.size > LIMIT:
            self.close(End.TOO_SLOW)
            return
        self._frames.append(frame)
        self._waiting += frame.size
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
