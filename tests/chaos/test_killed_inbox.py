"""kill -9 of the web process at random moments, while another server delivers: what it accepted is there, and once.

Whoever gets no answer signs and sends again, as servers do.
"""

import asyncio
import functools
import itertools
import random
import time
from pathlib import Path

import msgspec
import psycopg

from fedi.events.activities import ActivityReceived
from fedi.log import reader
from fedi.settings.loading import load
from fedi.supervisor.door import listening
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import fake_remote
from tests.support.here import Document
from tests.support.program import PATIENCE_SECONDS, free_port
from tests.support.projector import projecting
from tests.support.web_process import web_process

ACTORS = 8
LONGEST_LOAD = 0.3


class Sender:
    """Delivers one note after the other, each until it is accepted; `accepted` has their activities."""

    def __init__(self, actor: FakeActor, inbox: str, heard: asyncio.Queue[str]) -> None:
        self.accepted: list[Document] = []
        self.retries = 0
        self._actor = actor
        self._inbox = inbox
        self._heard = heard

    async def send_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            activity = self._actor.create(self._actor.note())
            while not await self._send(activity):
                self.retries += 1
                await asyncio.sleep(0.02)
            self.accepted.append(activity)
            self._heard.put_nowait(activity["id"])

    async def _send(self, activity: Document) -> bool:
        try:
            answer = await self._actor.send_async(activity, self._inbox)
        except OSError:
            return False
        assert answer.status == 202 or answer.status >= 500, answer
        return answer.status == 202


async def test_no_accepted_activity_is_lost_and_none_is_stored_twice(
    durable_database_url: str, redis_url: str, tmp_path: Path, kills: int
) -> None:
    port, stop, heard = free_port(), asyncio.Event(), asyncio.Queue[str]()
    site = load({"PORT": str(port)}).site
    with (
        fake_remote() as there,
        projecting(durable_database_url, redis_url, site),
        listening("127.0.0.1", port) as door,
    ):
        running = functools.partial(web_process, door, durable_database_url, redis_url, tmp_path, port)
        senders = [Sender(there.actor(f"sender{number}"), site.shared_inbox, heard) for number in range(ACTORS)]
        sending = asyncio.gather(*(sender.send_until(stop) for sender in senders))
        for killed in itertools.count():
            interrupted = sum(sender.retries for sender in senders)
            if killed >= kills and interrupted >= kills:
                break
            assert killed < 5 * kills, f"{interrupted} were interrupted, which tries nothing"
            while not heard.empty():
                heard.get_nowait()
            with running():
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await heard.get()
                await asyncio.sleep(random.uniform(0, LONGEST_LOAD))
        stop.set()
        with running():
            await sending
        accepted = [activity for sender in senders for activity in sender.accepted]
        with psycopg.connect(durable_database_url, autocommit=True) as conn:
            events = [recorded.event for recorded in reader.read(conn, 0, 10**9)]
            stored = [
                msgspec.json.decode(event.document)["id"] for event in events if isinstance(event, ActivityReceived)
            ]
            assert sorted(stored) == sorted(activity["id"] for activity in accepted)
            await asyncio.to_thread(_wait_until_folded, conn, len(events))
            uris = {uri for (uri,) in conn.execute("SELECT uri FROM read.statuses").fetchall()}
            assert uris == {activity["object"]["id"] for activity in accepted}


def _wait_until_folded(conn: psycopg.Connection[tuple[object, ...]], position: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while conn.execute("SELECT position FROM read.cursor").fetchone() != (position,):
        assert time.monotonic() < deadline
        time.sleep(0.05)
