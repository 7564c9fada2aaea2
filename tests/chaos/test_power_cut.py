"""Everything is killed at once under load, Postgres and Valkey with it, and started again.

Other servers deliver and people post meanwhile, each until it is acknowledged, as servers and apps do. Whoever follows
from elsewhere gets what was posted. What the kernel had not yet written to disk is not lost here, as it would be with
the power: that an answer waits for fsync is told by `tests/log/test_appender.py`.
"""

import asyncio
import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import psycopg
import pytest

from fedi.events.activities import ActivityPublished, ActivityReceived
from fedi.log import reader
from fedi.log.integrity import damages
from fedi.projections import generation
from fedi.projections.verify import verify
from fedi.supervisor import postgres, valkey
from fedi.supervisor.home import locate
from tests.support import program
from tests.support.fake_actor import Document, FakeActor
from tests.support.fake_remote import FakeRemote, fake_remote
from tests.support.program import Program
from tests.support.whole import eventually

MANY = 4
LONGEST_LOAD = 0.5
SETTINGS = {"WEB_CONCURRENCY": "1"}
PARKED = "SELECT position FROM read.parked UNION SELECT position FROM effects.parked"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with program.data_directory() as directory:
        yield directory


@contextlib.contextmanager
def serving(data_dir: Path) -> Iterator[Program]:
    """Run the server; when the block is left all of it is killed in the same moment."""
    with program.running("serve", data_dir=data_dir, settings=SETTINGS) as server:
        server.wait_for("fedi is ready")
        yield server
        for pid in [server.process.pid, *program.family(server.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def run(data_dir: Path, *arguments: str) -> str:
    done = program.fedi(*arguments, data_dir=data_dir, settings=SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Load:
    """Says one thing after the other, each until it is acknowledged, at as many places at once as it is told."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.retries = 0
        self._over = False

    async def until_over(self, say: Callable[[], Callable[[], Awaitable[bool]]]) -> None:
        while not self._over:
            said = say()
            while not await said():
                self.retries += 1
                await asyncio.sleep(0.05)
            self.acknowledged += 1

    def end(self) -> None:
        self._over = True


class Deliveries:
    """The notes of somebody elsewhere; `accepted` has their ids."""

    def __init__(self, actor: FakeActor, inbox: str) -> None:
        self.accepted: list[str] = []
        self._actor = actor
        self._inbox = inbox

    def next(self) -> Callable[[], Awaitable[bool]]:
        activity = self._actor.create(self._actor.note())
        return lambda: self._send(activity)

    async def _send(self, activity: Document) -> bool:
        try:
            answer = await self._actor.send_async(activity, self._inbox)
        except OSError:
            return False
        assert answer.status == 202 or answer.status >= 500, answer
        if answer.status == 202:
            self.accepted.append(activity["id"])
        return answer.status == 202


class Posts:
    """What one person posts; `posted` maps texts to the addresses that were answered."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.posted: dict[str, str] = {}
        self._client = client

    def next(self) -> Callable[[], Awaitable[bool]]:
        text = uuid4().hex
        return lambda: self._post(text)

    async def _post(self, text: str) -> bool:
        try:
            answer = await self._client.post(
                "/api/v1/statuses", json={"status": text}, headers={"Idempotency-Key": text}
            )
        except httpx.TransportError:
            return False
        assert answer.status_code == 200 or answer.status_code >= 500, answer.text
        if answer.status_code == 200:
            self.posted[text] = answer.json()["uri"]
        return answer.status_code == 200


async def test_nothing_acknowledged_is_lost_or_twice_and_the_views_are_what_the_log_gives(
    data_dir: Path, kills: int
) -> None:
    with fake_remote() as there:
        with serving(data_dir) as server:
            run(data_dir, "accounts", "create", "ann", "--email", "ann@example.com")
            token = run(data_dir, "tokens", "create", "ann", "--scopes", "read write").split()[-1]
            base = server.base_url.replace("127.0.0.1", "localhost")
            fan = there.actor("fan")
            assert fan.send(fan.follow(f"{base}/users/ann"), f"{base}/inbox").status == 202
            there.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Accept", timeout=20)
        load = Load()
        deliveries = [Deliveries(there.actor(f"sender{number}"), f"{base}/inbox") for number in range(MANY)]
        signed_in = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=base, headers=signed_in, timeout=20) as client:
            posts = [Posts(client) for _ in range(MANY)]
            places = [*(each.next for each in deliveries), *(each.next for each in posts)]
            saying = asyncio.gather(*(load.until_over(place) for place in places))
            for _ in range(max(1, kills // 20)):
                await asyncio.to_thread(_cut, data_dir, load)
            with serving(data_dir):
                load.end()
                await saying
                accepted = sorted(each for some in deliveries for each in some.accepted)
                posted = {text: uri for some in posts for text, uri in some.posted.items()}
                await asyncio.to_thread(_check, data_dir, accepted, posted, there)
        assert load.retries


def _cut(data_dir: Path, load: Load) -> None:
    """Start the server, and cut its power some time after it acknowledged something."""
    with serving(data_dir):
        before = load.acknowledged
        eventually(lambda: load.acknowledged > before + MANY)
        signal.sigtimedwait((), random.uniform(0, LONGEST_LOAD))


def _check(data_dir: Path, accepted: list[str], posted: dict[str, str], there: FakeRemote) -> None:
    home = locate(data_dir)
    database = postgres.url(home)
    with psycopg.connect(database, autocommit=True) as conn:
        events = [each.event for each in reader.read(conn, 0, 10**9)]
        received = [msgspec.json.decode(each.document) for each in events if isinstance(each, ActivityReceived)]
        assert sorted(each["id"] for each in received if each["type"] == "Create") == accepted
        texts = Counter(each.text for each in events if isinstance(each, ActivityPublished) and each.text)
        assert texts == Counter(list(posted))
        addresses = set(posted.values())
        eventually(lambda: addresses <= {each.activity["object"]["id"] for each in there.deliveries("Create")})
        eventually(lambda: generation.position(conn) == reader.last_position(conn))
        verdict = verify(database, valkey.url(home))
        assert verdict.equal, verdict
        assert list(damages(conn)) == []
        assert conn.execute(PARKED).fetchall() == []
