"""Uploads are written anew by a worker, also one that takes over from another that died."""

import asyncio

import pytest

from fedi.clock import now
from fedi.effects.jobs import stalled, uploads
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.uploads import ProcessUpload, lane
from tests.effects.jobs.test_worker import working
from tests.support.acting import deps_of
from tests.support.films import film
from tests.support.here import Here, until


async def waiting(here: Here) -> int:
    """Keep an upload that waits, with its job, as one transaction."""
    number = here.appender.allot(now())
    row = Media(
        id=number,
        account_id=1,
        purpose="attachment",
        kind="video",
        state="processing",
        mime="application/octet-stream",
        size=1,
        storage_key=f"incoming/{number}/abc",
        created_at=now(),
    )
    await here.storage.put(row.storage_key or "", film())
    deps = await deps_of(here)
    async with here.pool.connection() as connection, connection.transaction():
        await media.add(connection, row)
        await deps.jobs.put(ProcessUpload(media_id=number, container="mp4"), connection=connection, lane=lane(number))
    return number


async def done(here: Here, number: int) -> None:
    query = f"SELECT state, kind, mime FROM registry.media WHERE id = {number}"
    await until(here, query, [("ready", "video", "video/mp4")], seconds=20)


async def test_a_worker_writes_an_upload_anew(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await waiting(here)
    async with working(here, monkeypatch, uploads.process):
        await done(here, number)
    assert await here.storage.get(f"incoming/{number}/abc") is None


async def test_what_a_dead_worker_left_is_done_by_the_next(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await waiting(here)
    await here.rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    await here.rows(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        " RETURNING id"
    )
    await stalled.rescue.do(await deps_of(here))
    async with working(here, monkeypatch, uploads.process):
        await done(here, number)


async def test_an_upload_is_written_anew_once(here: Here) -> None:
    number = await waiting(here)
    deps = await deps_of(here)
    job = ProcessUpload(media_id=number, container="mp4")
    await asyncio.gather(*(uploads.process.do(job, deps) for _ in range(2)))
    async with here.pool.connection() as connection:
        row = await media.by_id(connection, number)
    assert row is not None
    assert await here.storage.get(row.storage_key or "")
    assert await here.storage.get(row.preview_key or "")
    assert row.state == "ready"
    await uploads.process.do(job, deps)
