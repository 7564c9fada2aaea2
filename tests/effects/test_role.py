"""The whole role: what is said leaves the server, once one process has the right to act, whatever dies."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from fedi.effects import fence, role
from fedi.effects.role import run
from fedi.views.progress import Progress
from tests.support.acting import deps_of
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here, folding, until
from tests.support.whole import eventually

SOURCE = Path(__file__).parents[2] / "src"
KILLS = 8
PENDING = "SELECT count(*) FROM effects.deliveries WHERE outcome IS NULL"


@contextlib.asynccontextmanager
async def acting(here: Here) -> AsyncIterator[asyncio.Task[None]]:
    progress, stop = Progress(here.url), asyncio.Event()
    await progress.start()
    deps = await deps_of(here, progress=progress)
    task = asyncio.create_task(run(deps, stop))
    try:
        async with folding(here):
            yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)
        await progress.stop()


async def test_a_follow_is_answered_a_post_delivered_and_the_role_ends_when_told(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    await here.hear(bob.follow(alice.id))
    here.fold()
    async with acting(here):
        (accept,) = await asyncio.to_thread(there.wait_for, lambda seen: seen.path == bob.path + "/inbox")
        assert accept.activity["type"] == "Accept"
        note = await here.post(alice)
        (delivery,) = await asyncio.to_thread(there.wait_for, lambda seen: seen.path == "/inbox")
        assert delivery.activity["object"]["id"] == note["id"]
        await until(here, PENDING, [(0,)])


async def test_a_second_process_idles_until_the_first_is_gone(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    here.fold()
    with psycopg.connect(here.url, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [fence.LOCK])
        async with acting(here):
            await here.hear(bob.follow(alice.id))
            await asyncio.sleep(0.3)
            assert there.deliveries() == []
            first.close()
            await asyncio.to_thread(there.wait_for, lambda seen: seen.method == "POST")


async def test_a_process_that_loses_its_right_stops_and_asks_for_it_again(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    here.fold()
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s::bigint & 4294967295"
    async with acting(here) as task:
        await until(here, held % fence.LOCK, [(1,)])
        await here.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            f" WHERE locktype = 'advisory' AND objid = {fence.LOCK}::bigint & 4294967295"
        )
        await here.hear(bob.follow(alice.id))
        await asyncio.to_thread(there.wait_for, lambda seen: seen.method == "POST", timeout=8)
        assert not task.done()


def started(here: Here) -> subprocess.Popen[bytes]:
    """Start the role as a process of its own."""
    own = {"PYTHONPATH": str(SOURCE), "DATABASE_URL": here.url, "REDIS_URL": "redis://127.0.0.1:1"}
    role = (
        "import os; from fedi import app; from fedi.settings.loading import load; app.serve_effects(load(os.environ))"
    )
    command = [sys.executable, "-c", role]
    return subprocess.Popen(command, env={**os.environ, **own, "LOCAL_DOMAIN": SITE.domain})


async def test_it_leaves_the_right_to_act_to_others_while_it_waits_for_a_newer_program(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(role, "WAIT", 0.2)
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    await here.hear(bob.follow(alice.id))
    here.fold()
    async with here.pool.connection() as connection:
        await connection.execute("ALTER TABLE log.events DISABLE TRIGGER USER")
        await connection.execute("UPDATE log.events SET version = version + 98 WHERE topic = 'activity.received'")
        async with acting(here) as working:
            waits = "the effects wait for a newer program: the event at"
            await asyncio.to_thread(eventually, lambda: waits in caplog.text)
            await connection.execute("SELECT pg_advisory_lock(%s)", [fence.LOCK])
            await connection.execute("SELECT pg_advisory_unlock_all()")
            await connection.execute("UPDATE log.events SET version = version - 98 WHERE version > 98")
            (accept,) = await asyncio.to_thread(there.wait_for, lambda seen: seen.path == bob.path + "/inbox")
            assert accept.activity["type"] == "Accept"
            assert not working.done()


async def test_killed_again_and_again_it_delivers_everything_with_the_same_bytes(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    follow = bob.follow(alice.id)
    await here.hear(follow)
    await here.say(alice, "Accept", follow)
    here.fold()
    notes = [await here.post(alice) for _ in range(40)]
    here.fold()
    there.answer("/inbox", Answer(status=202, delay=0.1))  # results are written down together, some 50 ms of them
    for _ in range(KILLS):
        process = await asyncio.to_thread(started, here)
        seen = len(there.deliveries())
        await asyncio.to_thread(there.wait_for, lambda each: each.method == "POST", count=seen + 3, timeout=20)
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
    process = await asyncio.to_thread(started, here)
    try:
        everything = "SELECT count(*), count(outcome) FROM effects.deliveries"
        await until(here, everything, [(41, 41)], seconds=30)
    finally:
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0
    bodies: dict[str, set[bytes]] = {}
    for each in there.deliveries("Create"):
        bodies.setdefault(each.activity["object"]["id"], set()).add(each.body)
    assert set(bodies) == {note["id"] for note in notes}
    assert all(len(each) == 1 for each in bodies.values())
    # What was under way, and what was not written down yet.
    assert len(there.deliveries("Create")) <= len(notes) + 2 * KILLS
