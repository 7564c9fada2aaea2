"""How many signed deliveries a second leave the server for 500 inboxes on 500 hosts.

Counted from the moment the effects role reads the posts in the log until every result is written down: facts, queue,
signature, POST, answer, commit. The hosts are 500 ports of one other process, whose share of CPU stands beside.
"""

import asyncio
import contextlib
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import uvloop
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve import open_means
from fedi.activitypub.vocabulary.rendering import accept, create
from fedi.app import create_tables
from fedi.clock import now
from fedi.effects.role import Deps, run
from fedi.events import Event, identity
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.events.server import ServerFounded
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.runner import prepare
from fedi.registry import key_pairs, keys
from fedi.services.http import open_client
from fedi.settings import LOOPBACK
from fedi.site import Site
from fedi.supervisor.embedded import Embedded
from fedi.views.progress import Progress
from ops.bench.marks import Mark

HOSTS = 500
POSTS = 12
RUNS = 3
GOAL = 600.0
LONGEST_SECONDS = 60.0
SITE = Site(domain="bench.example", web_domain="bench.example", https=True)
AUTHOR = SITE.actor("author")
CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class _Host(asyncio.Protocol):
    """Answers every POST with 202, as fast as can be; bodies are not read, only counted off."""

    def __init__(self) -> None:
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            start = head.index(b"content-length:") + 15
            length = int(head[start:].split(b"\r\n", 1)[0])
            if len(self._data) < end + 4 + length:
                return
            self._data = self._data[end + 4 + length :]
            self._transport.write(ACCEPTED)


def _hosts(pipe: Connection) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        ports = []
        for _ in range(HOSTS):
            server = await loop.create_server(_Host, "127.0.0.1", 0)
            ports.append(server.sockets[0].getsockname()[1])
        pipe.send(ports)
        await loop.run_in_executor(None, pipe.recv)
        pipe.send(time.process_time())

    uvloop.run(serve())


@contextlib.contextmanager
def hosts() -> Iterator[tuple[list[int], Connection]]:
    """Run the hosts in another process; yields their ports, and a pipe that tells their CPU time when asked to end."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hosts, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


async def _append(appender: Appender, events: Sequence[Event]) -> None:
    for start in range(0, len(events), 100):
        drafts = [Draft(identity=identity.fresh(now()), event=event) for event in events[start : start + 100]]
        await appender.append(drafts)


def _raw(document: dict[str, Any]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(document))


def _followers(ports: Sequence[int], account_id: int) -> Iterator[Event]:
    for number, port in enumerate(ports):
        actor = f"http://127.0.0.1:{port}/users/follower"
        document: dict[str, Any] = {"@context": CONTEXT, "id": actor, "type": "Person", "preferredUsername": "follower"}
        document |= {"inbox": f"{actor}/inbox", "endpoints": {"sharedInbox": f"http://127.0.0.1:{port}/inbox"}}
        yield DocumentFetched(document=_raw(document), url=actor)
        follow = {"@context": CONTEXT, "id": f"{actor}#f", "type": "Follow", "actor": actor, "object": AUTHOR}
        yield ActivityReceived(document=_raw(follow), actor=actor, key="", signed_at=now(), digest=str(number))
        answer = accept(AUTHOR, actor, f"{actor}#f", number)
        yield ActivityPublished(document=_raw(answer), account_id=account_id)


def _posts(appender: Appender, account_id: int) -> Iterator[Event]:
    for _ in range(POSTS):
        status_id = appender.allot(now())
        uri = SITE.status("author", status_id)
        text = "<p>" + "a post of ordinary length, which says nothing much. " * 8 + "</p>"
        note: dict[str, Any] = {
            "id": uri,
            "type": "Note",
            "attributedTo": AUTHOR,
            "content": text,
            "published": now().isoformat(),
        }
        note = {**note, "to": [PUBLIC], "cc": [f"{AUTHOR}/followers"]}
        yield ActivityPublished(document=_raw(create(note)), account_id=account_id, status_id=status_id)


def _fold(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection)
        generation.look_at(connection, generation.LIVE)
        while fold(connection, projections(), live=True) is not None:
            pass


async def _count(pool: AsyncConnectionPool[Any], query: str) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute(query)).fetchone()
    return int(row[0])


async def _until(pool: AsyncConnectionPool[Any], query: str, wanted: int) -> None:
    for _ in range(int(LONGEST_SECONDS / 0.05)):
        if await _count(pool, query) >= wanted:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the deliveries do not end")


@contextlib.asynccontextmanager
async def _role(url: str, pool: AsyncConnectionPool[Any], appender: Appender) -> AsyncIterator[None]:
    http, progress, stop = open_client(private=LOOPBACK, user_agent="fedi-bench"), Progress(url), asyncio.Event()
    await progress.start()
    means = await open_means(site=SITE, pool=pool, appender=appender, http=http)
    role = asyncio.create_task(run(Deps(database_url=url, pool=pool, http=http, means=means, progress=progress), stop))
    try:
        yield
    finally:
        stop.set()
        await role
        await progress.stop()
        await http.close()


async def _prepare(url: str, pool: AsyncConnectionPool[Any], appender: Appender, ports: Sequence[int]) -> int:
    account_id = appender.allot(now())
    key = key_pairs.new_rsa(account_id)
    async with pool.connection() as connection:
        await keys.add(connection, key)
    public = {"id": f"{AUTHOR}#main-key", "owner": AUTHOR, "publicKeyPem": key.public_pem}
    document: dict[str, Any] = {"@context": CONTEXT, "id": AUTHOR, "type": "Person", "preferredUsername": "author"}
    document |= {"inbox": f"{AUTHOR}/inbox", "followers": f"{AUTHOR}/followers", "publicKey": public}
    founded = ServerFounded(domain=SITE.domain, web_domain=SITE.web_domain, https=SITE.https, server_id="bench")
    created = AccountCreated(account_id=account_id, username="author", document=_raw(document))
    await _append(appender, [founded, created, *_followers(ports, account_id)])
    await asyncio.to_thread(_fold, url)
    async with pool.connection() as connection:
        await connection.execute("UPDATE effects.cursors SET position = (SELECT position FROM read.cursor)")
    return account_id


async def _measure(url: str, ports: Sequence[int]) -> list[float]:
    rates = []
    async with AsyncConnectionPool(url, min_size=2, max_size=8, open=False) as pool, Appender(url) as appender:
        account_id = await _prepare(url, pool, appender, ports)
        for _ in range(RUNS + 1):
            position = await _count(pool, "SELECT max(notification_id) FROM log.events")
            await _append(appender, list(_posts(appender, account_id)))
            await asyncio.to_thread(_fold, url)
            wanted = POSTS * len(ports)
            done = f"SELECT count(outcome) FROM effects.deliveries WHERE position > {position}"
            started = time.perf_counter()
            async with _role(url, pool, appender):
                await _until(pool, done, wanted)
                rates.append(wanted / (time.perf_counter() - started))
    return rates[1:]  # the first opens every connection and fills every cache


def measure() -> list[Mark]:
    """Measure on an embedded server in a temporary directory."""
    directory = Path(tempfile.mkdtemp(prefix="fedi-bench-"))
    directory.chmod(0o711)
    try:
        parts = Embedded(directory, want_valkey=False)
        try:
            assert parts.postgres is not None
            create_tables(parts.postgres.url)
            with hosts() as (ports, pipe):
                started = time.perf_counter()
                rates = uvloop.run(_measure(parts.postgres.url, ports))
                elapsed = time.perf_counter() - started
                pipe.send("end")
                loader = pipe.recv() / elapsed
        finally:
            parts.stop()
    finally:
        shutil.rmtree(directory)
    return [
        Mark(
            name=f"deliveries to {HOSTS} inboxes on {HOSTS} hosts",
            unit="deliveries/s",
            runs=rates,
            goal=GOAL,
            loader=loader,
        )
    ]
