"""kill -9 of the web process at random moments, while people post: what was acknowledged is there, and there once.

Each post has an Idempotency-Key, and whoever gets no answer asks again, as apps do.
"""

import asyncio
import contextlib
import functools
import random
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from fedi.events.activities import ActivityPublished
from fedi.log import reader
from fedi.settings import Settings
from fedi.supervisor.door import listening
from tests.support import server
from tests.support.program import PATIENCE_SECONDS, free_port
from tests.support.projector import projecting
from tests.support.web_process import web_process

PEOPLE = 8
LONGEST_LOAD = 0.3
SITE = Settings().site


class Person:
    """Posts one status after the other, each until it is acknowledged; `posted` maps their texts to their ids."""

    def __init__(self, client: httpx.AsyncClient, acknowledged: asyncio.Queue[str]) -> None:
        self.posted: dict[str, str] = {}
        self.retries = 0
        self._client = client
        self._acknowledged = acknowledged

    async def post_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            text = uuid4().hex
            while (answer := await self._post(text)) is None:
                self.retries += 1
                await asyncio.sleep(0.02)
            self.posted[text] = answer
            self._acknowledged.put_nowait(answer)

    async def _post(self, text: str) -> str | None:
        with contextlib.suppress(httpx.TransportError):
            answer = await self._client.post(
                "/api/v1/statuses", json={"status": text}, headers={"Idempotency-Key": text}, timeout=20
            )
            if answer.status_code == 200:
                return str(answer.json()["id"])
            assert answer.status_code >= 500, answer.text
        return None


@pytest.fixture
async def headers(durable_database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """What a signed-in app sends, with a projector running beside."""
    with projecting(durable_database_url, redis_url, SITE):
        async with server.running(durable_database_url, redis_url, tmp_path) as deps:
            person = await server.person(deps)
            authorization = await server.bearer(deps, person)
        yield {**authorization, "Host": SITE.web_domain}


async def test_no_acknowledged_post_is_lost_and_none_is_stored_twice(
    durable_database_url: str, redis_url: str, headers: dict[str, str], tmp_path: Path, kills: int
) -> None:
    port, stop = free_port(), asyncio.Event()
    with listening("127.0.0.1", port) as door:
        running = functools.partial(web_process, door, durable_database_url, redis_url, tmp_path)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            acknowledged: asyncio.Queue[str] = asyncio.Queue()
            people = [Person(client, acknowledged) for _ in range(PEOPLE)]
            posting = asyncio.gather(*(person.post_until(stop) for person in people))
            killed = 0
            # A kill meets nobody if the process has not taken the others' connections yet: then there are more of them.
            while killed < kills or sum(person.retries for person in people) < kills:
                killed += 1
                while not acknowledged.empty():
                    acknowledged.get_nowait()
                with running():
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await acknowledged.get()
                    await asyncio.sleep(random.uniform(0, LONGEST_LOAD))
            stop.set()
            with running():
                await posting
    posted = {text: status_id for person in people for text, status_id in person.posted.items()}
    assert sum(person.retries for person in people) >= kills
    with psycopg.connect(durable_database_url) as conn:
        events = [recorded.event for recorded in reader.read(conn, 0, 10**9)]
    stored = [(event.text, str(event.status_id)) for event in events if isinstance(event, ActivityPublished)]
    assert len(dict(stored)) == len(stored)
    assert dict(stored) == posted
