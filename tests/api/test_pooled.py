"""The web role behind pgbouncer, which gives each transaction another session."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fedi.api.deps import Deps
from fedi.app import process, streaming, web_app
from fedi.settings.loading import load
from tests.support.phone import Phone
from tests.support.pooler import SESSIONS, pooler
from tests.support.server import bearer, person

OWN = 5
"""What each of them posts."""
pytestmark = pytest.mark.usefixtures("projector")


@pytest.fixture
async def phones(deps: Deps, database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[list[Phone]]:
    """People whose apps ask a web process that has twice as many connections as there are sessions."""
    settings = load({"DATABASE_URL": database_url, "REDIS_URL": redis_url, "FEDI_DATA_DIR": str(tmp_path)})
    with pooler(database_url) as url:
        async with process(settings, connections=2 * SESSIONS, pooled=url) as parts, streaming(parts) as hub:
            transport = httpx.ASGITransport(app=web_app(parts, hub))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
                owners = [await person(deps, "pooled") for _ in range(2 * SESSIONS)]
                yield [Phone(http, owner, await bearer(deps, owner), deps.written) for owner in owners]


async def test_people_write_and_read_at_the_same_time(phones: list[Phone]) -> None:
    async def use(each: Phone, other: Phone) -> None:
        for turn in range(OWN):
            posted = await each.call("POST", "/api/v1/statuses", json={"status": f"seventy {turn} #things"})
            await other.call("POST", f"/api/v1/statuses/{posted['id']}/favourite")
            assert (await each.call("GET", f"/api/v1/statuses/{posted['id']}"))["id"] == posted["id"]
            await each.call("GET", f"/api/v1/statuses/{posted['id']}/context")
            found = await each.call("GET", "/api/v2/search", params={"q": "seventy", "type": "statuses"})
            assert posted["id"] in [status["id"] for status in found["statuses"]]
        await each.call("POST", f"/api/v1/accounts/{other.owner.id}/follow")
        assert (await each.call("GET", f"/api/v1/accounts/{other.owner.id}/statuses")) != []
        assert len(await each.call("GET", "/api/v1/timelines/home")) >= OWN

    await asyncio.gather(*(use(each, other) for each, other in zip(phones, [*phones[1:], phones[0]], strict=True)))
