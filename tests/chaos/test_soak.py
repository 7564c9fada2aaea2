"""A server under steady load: what its processes hold stays what it was once they were warm.

Other servers deliver, people post, read, listen and leave, all the time. `make soak` goes on for ten minutes.
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest

from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import fake_remote
from tests.support.listening import websocket
from tests.support.program import family
from tests.support.whole import Server, server

PEOPLE = ("ann", "bob", "cat")
FILES = 12
"""Files that a process may have open more than when it was warm: what is under way in the moment of counting."""
CONNECTIONS = 8
GROWTH = 24 << 20
"""Bytes that a process may hold more: a leak of a kilobyte a request would be ten times as much after ten minutes."""
PAUSE = 0.01
_log = logging.getLogger(__name__)


class Held(msgspec.Struct, frozen=True):
    """What a process holds: open files, and bytes of memory that are its own."""

    files: int
    memory: int


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, PEOPLE) as started:
        for name in PEOPLE[1:]:
            started.people[name].account_follow(started.people[name].account_lookup("ann"))
        yield started


def held(here: Server) -> dict[str, Held]:
    """Return what each role holds."""
    roles = {name: pid for pid, name in family(here.pid).items() if name.startswith("fedi")}
    return {f"{name} ({pid})": _held(Path(f"/proc/{pid}")) for name, pid in sorted(roles.items())}


def _held(process: Path) -> Held:
    rows = (row.split() for row in (process / "smaps_rollup").read_text().splitlines())
    own = sum(int(row[1]) << 10 for row in rows if row[0] in {"Private_Clean:", "Private_Dirty:"})
    return Held(len(list((process / "fd").iterdir())), own)


def connections(here: Server) -> int:
    with psycopg.connect(here.database) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


async def again(stop: asyncio.Event, do: Callable[[], Awaitable[None]]) -> int:
    """Do something until told to stop; return how often."""
    times = 0
    while not stop.is_set():
        await do()
        times += 1
        await asyncio.sleep(PAUSE)
    return times


async def post(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/statuses", json={"status": "and so on #soak"})
    assert answer.status_code == 200, answer.text


async def read(client: httpx.AsyncClient) -> None:
    for path in ("timelines/home", "timelines/public", "notifications", "timelines/tag/soak"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 200


async def listen(port: int, token: str) -> None:
    async with websocket(port, token, stream="user") as stream:
        await stream.told()


async def deliver(actor: FakeActor, here: Server) -> None:
    note = actor.note(f"hello {here.handle('ann')}", tag=[{"type": "Mention", "href": here.actor("ann")}])
    for activity in (actor.create(note), actor.like(note["id"]), actor.delete(note["id"])):
        assert (await actor.send_async(activity, here.inbox)).status == 202


async def test_what_the_processes_hold_stays_what_it_was_when_they_were_warm(here: Server, soak: float) -> None:
    port, heard, stop = int(here.domain.rpartition(":")[2]), asyncio.Event(), asyncio.Event()
    tokens = [str(here.people[name].access_token) for name in PEOPLE]
    with fake_remote() as there:
        fan = there.actor("fan")
        assert fan.send(fan.follow(here.actor("ann")), here.inbox).status == 202
        async with httpx.AsyncClient(base_url=f"http://{here.domain}", timeout=20) as client:
            client.headers["Authorization"] = f"Bearer {tokens[0]}"
            work: list[Callable[[], Awaitable[None]]] = [
                functools.partial(post, client),
                functools.partial(read, client),
                functools.partial(deliver, there.actor("sender"), here),
            ]
            working = asyncio.gather(*(again(stop, each) for each in work))
            listening = asyncio.gather(*(again(heard, functools.partial(listen, port, token)) for token in tokens))
            await _wait(working, listening, seconds=soak / 2)
            warm, connected = held(here), connections(here)
            await _wait(working, listening, seconds=soak / 2)
            now, still = held(here), connections(here)
            heard.set()
            done = await listening  # who listens when all else has stopped hears nothing more
            stop.set()
            done += await working
    _log.info(
        "rounds of each work: %s in %.0f s; connections to the database: %d, then %d", done, soak, connected, still
    )
    for name, was in warm.items():
        _log.info("%s: %s, then %s", name, was, now.get(name))
    assert now.keys() == warm.keys(), "no process was started anew"
    assert still <= connected + CONNECTIONS
    for name, was in warm.items():
        assert now[name].files <= was.files + FILES, name
        assert now[name].memory <= was.memory + GROWTH, name


async def _wait(*doing: asyncio.Future[list[int]], seconds: float) -> None:
    """Let time pass, unless something fails before."""
    finished, _ = await asyncio.wait(doing, timeout=seconds)
    assert not finished, [each.exception() for each in finished]
