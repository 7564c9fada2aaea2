"""The streams of one process: hears what is announced, and knows which clients to tell and which to send away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from fedi.projections import announcements
from fedi.projections.announcements import Announcement
from fedi.registry import kill, tokens
from fedi.registry.kill import Kill
from fedi.streams import channels, ears, posted, presence
from fedi.streams.crier import Crier
from fedi.streams.outbox import End
from fedi.streams.posted import Handing
from fedi.streams.renderer import Renderer
from fedi.streams.switchboard import Client, Switchboard
from fedi.views.statuses import Status

_ALWAYS = frozenset({announcements.CHANNEL, kill.CHANNEL})
_announcements = msgspec.json.Decoder(list[Announcement])
_kill = msgspec.json.Decoder(Kill)


class Hub:
    """Connects this process's clients with what is announced.

    `asking` is for what is read of each announcement; `ears` is a Redis client that does not try again.
    """

    def __init__(
        self,
        *,
        asking: AsyncConnectionPool[AsyncConnection[Any]],
        redis: Redis,
        ears: Redis,
        renderer: Renderer,
    ) -> None:
        self._asking = asking
        self._redis = redis
        self._ears = ears
        self._switchboard = Switchboard()
        self._crier = Crier(self._switchboard, asking, renderer)
        self._handing = Handing(redis)

    @property
    def clients(self) -> Collection[Client]:
        """Who is here."""
        return self._switchboard.clients

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen until the block is left. Redis need not be there yet."""
        tasks = [
            asyncio.create_task(ears.listen(self._ears, self._heard, self._hear, self._returned), name="streams"),
            asyncio.create_task(self._stay_present(), name="presence"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._handing.end()

    def dismiss(self) -> None:
        """End all streams, because the process ends."""
        for client in self._switchboard.clients:
            client.outbox.close(End.LEAVING)

    async def join(self, client: Client) -> bool:
        """Take a client in; False if its token ended before that, and the message that says so went by."""
        self._switchboard.join(client)
        if await self._is_alive(client):
            return True
        self.leave(client)
        return False

    def leave(self, client: Client) -> None:
        """Forget a client."""
        self._switchboard.leave(client)

    async def connect(self, client: Client, stream: channels.Stream) -> None:
        """Let a client listen to a stream, from now on."""
        if self._switchboard.connect(client, stream) and client.account_id in stream.channels:
            await presence.are_here(self._redis, [client.account_id])

    def disconnect(self, client: Client, stream: channels.Stream) -> None:
        """End a client's listening to a stream."""
        self._switchboard.disconnect(client, stream.channels)

    def posted(self, shown: Status) -> None:
        """Take a new post as its author was shown it: so it is known, here and in other processes, who tell it."""
        wanted = self._handing.is_due or self._switchboard.has_home_readers
        if wanted and posted.is_told_alike(shown):
            found = posted.for_all(shown)
            self._crier.take(found)
            self._handing.hand_over(found, also_here=posted.CHANNEL in self._heard())

    def _heard(self) -> frozenset[str]:
        return _ALWAYS | {posted.CHANNEL} if self._switchboard.has_home_readers else _ALWAYS

    async def _hear(self, channel: str, message: bytes) -> None:
        if channel == kill.CHANNEL:
            self._switchboard.kill(_kill.decode(message))
        elif channel == posted.CHANNEL:
            with contextlib.suppress(msgspec.DecodeError):  # it is read then
                self._crier.take(posted.understood(message))
        else:
            await self._crier.tell(self._understood(message))

    def _understood(self, message: bytes) -> list[Announcement]:
        try:
            return _announcements.decode(message)
        except msgspec.DecodeError:
            self._crier.forget_all()  # it may have said whom somebody blocks: a newer program says more than this one
            raise

    async def _returned(self) -> None:
        """After silence: find the tokens that ended in it, and the readers whom Redis may have forgotten."""
        self._crier.forget_all()
        clients = list(self._switchboard.clients)
        alive = await self._alive(clients)
        for client in clients:
            if client.token_id not in alive:
                client.outbox.close(End.KILLED)
        await presence.are_here(self._redis, self._switchboard.home_readers())

    async def _stay_present(self) -> None:
        while True:
            await asyncio.sleep(presence.REFRESH)
            await presence.are_here(self._redis, self._switchboard.home_readers())

    async def _is_alive(self, client: Client) -> bool:
        return client.token_id in await self._alive([client])

    async def _alive(self, clients: Iterable[Client]) -> set[int]:
        ids = {client.token_id for client in clients}
        if not ids:
            return set()
        async with self._asking.connection() as connection:
            return set(await tokens.alive(connection, ids))
