"""What tests of pages share: the parts on real stores, and a browser."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from fedi import clock
from fedi.api.deps import Deps
from fedi.registry import apps, users
from fedi.registry.passwords import hash_password
from fedi.settings import Settings
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support.people import somebody
from tests.support.projector import projecting
from tests.support.server import running
from tests.support.web import client

PASSWORD = "a good password"


class Browser:
    """Follows links and sends forms as a browser without scripts does."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, address: str) -> httpx.Response:
        return await self.http.get(address)

    async def send(self, page: httpx.Response, number: int = 0, **filled: str) -> httpx.Response:
        """Send the form of that number on a page, with some fields filled in."""
        form = re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL)[number]
        fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form[1]))
        fields = {name: html.unescape(value) for name, value in fields.items()}
        return await self.http.post(filled.pop("_to", form[0]), data={**fields, **filled})

    async def sign_in(
        self, user: users.User, address: str = "/auth/sign_in", password: str = PASSWORD
    ) -> httpx.Response:
        return await self.send(await self.get(address), login=user.email, password=password)


@pytest.fixture
async def server(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Deps]:
    async with running(database_url, redis_url, tmp_path) as deps:
        yield deps


@pytest.fixture
def parts(server: Deps) -> Parts:
    settings = Settings()
    return Parts(
        site=settings.site,
        settings=settings,
        pool=server.pool,
        redis=server.redis,
        clock=clock.now,
        commands=server.commands,
        written=server.written,
    )


@pytest.fixture(scope="module")
def projector(database_url: str, redis_url: str) -> Iterator[None]:
    """A projector that folds what the module's tests write."""
    with projecting(database_url, redis_url, Settings().site):
        yield


@pytest.fixture
async def browser(parts: Parts) -> AsyncIterator[Browser]:
    async with client(routes(parts)) as http:
        yield Browser(http)


@pytest.fixture(scope="session")
def password_hash() -> str:
    return asyncio.run(hash_password(PASSWORD))


@pytest.fixture
async def user(parts: Parts, password_hash: str) -> users.User:
    async with parts.pool.connection() as connection:
        return await somebody(connection, password_hash=password_hash)


@pytest.fixture
async def app(parts: Parts) -> apps.App:
    async with parts.pool.connection() as connection:
        registered, _ = await apps.register(
            connection,
            name="<b>App</b>",
            website=None,
            redirect_uris=["app://cb?x=1", "urn:ietf:wg:oauth:2.0:oob"],
            scopes=["read", "write"],
        )
    return registered
