"""What tests of streams share: a server on a socket, over views in which three people stand."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest
from psycopg import AsyncConnection

from fedi.projections.announcements import CHANNEL, Announcement
from fedi.registry import tokens
from fedi.settings import Settings
from fedi.streams import server_sent_events
from tests.support import views
from tests.support.listening import Server, serving, until
from tests.support.people import somebody

if TYPE_CHECKING:
    from fedi.registry.users import User


class Place:
    """Ann and Ben live here, Zoe does not; Ann follows both."""

    def __init__(self, server: Server, read: AsyncConnection[Any]) -> None:
        self.server = server
        self.port = server.port
        self.read = read
        self.ann = self.ben = self.zoe = 0
        self.users: dict[int, User] = {}

    async def settle(self) -> None:
        """Let the people come."""
        await self.read.execute("DELETE FROM registry.users")
        await views.create_views(self.read)
        self.ann = await views.account(self.read, "ann")
        self.ben = await views.account(self.read, "ben")
        self.zoe = await views.account(self.read, "zoe", "zoe.example")
        for account, name in ((self.ann, "ann"), (self.ben, "ben")):
            self.users[account] = await somebody(self.read, account_id=account, username=name)
        for target in (self.ben, self.zoe):
            await views.follow(self.read, self.ann, target)

        await until(self.is_heard)

    async def is_heard(self) -> bool:
        """Tell whether the server listens to what is announced."""
        (_, listeners), *_ = await self.server.parts.redis.pubsub_numsub(CHANNEL)
        return bool(listeners)

    async def token(self, account: int, *scopes: str) -> str:
        """Return a token of somebody's, which may read everything, or what `scopes` say."""
        user = self.users[account].id
        issued = await tokens.issue(self.read, "key", app_id=None, user_id=user, scopes=scopes or ("read",))
        return issued.secret

    async def announce(self, *announcements: Announcement) -> None:
        """Say what the projector would say."""
        await self.server.parts.redis.publish(CHANNEL, msgspec.json.encode(announcements))

    async def get(self, path: str, token: str | None = None, **query: str) -> httpx.Response:
        headers: Mapping[str, str] = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as http:
            return await http.get(f"/api/v1/streaming{path}", params=query, headers=headers)


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, redis_url=redis_url, data_dir=tmp_path)


@pytest.fixture
async def place(settings: Settings, pg: AsyncConnection[Any]) -> AsyncIterator[Place]:
    async with serving(settings) as server:
        place = Place(server, pg)
        await place.settle()
        yield place


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let heartbeats follow each other quickly."""
    monkeypatch.setattr(server_sent_events, "HEARTBEAT", 0.05)
