"""Background jobs: done once they are committed, tried again when they fail, and by another when their worker died."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from fedi.effects.deps import Deps
from fedi.effects.jobs import doing, stalled, worker
from fedi.effects.jobs.doing import Chore, Doer
from fedi.services.jobs import Job, job
from fedi.settings import Settings
from tests.support.acting import deps_of
from tests.support.here import Here, until

WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'test.greet'"
STATUSES = "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = 'test.greet'"


@job("test.greet", "default", attempts=2)
class Greet(Job, frozen=True, kw_only=True):
    name: str


@contextlib.asynccontextmanager
async def working(
    here: Here, monkeypatch: pytest.MonkeyPatch, *found: Doer | Chore, settings: Settings | None = None
) -> AsyncIterator[Deps]:
    """Run a worker that knows only what a test declares."""
    monkeypatch.setattr(worker, "collect", lambda: found)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.2)
    deps = await deps_of(here, settings=settings)
    task = asyncio.create_task(worker.run(deps))
    try:
        yield deps
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=5)


async def test_a_job_is_done_when_its_transaction_is_committed(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    greeted = asyncio.Queue[str]()

    @doing.does(Greet)
    async def greet(job: Greet, deps: Deps) -> None:
        await greeted.put(job.name)

    async with working(here, monkeypatch, greet) as deps, here.pool.connection() as connection:
        async with connection.transaction(force_rollback=True):
            await deps.jobs.put(Greet(name="nobody"), connection=connection)
        async with connection.transaction():
            await deps.jobs.put(Greet(name="ann"), connection=connection)
        assert await asyncio.wait_for(greeted.get(), 5) == "ann"
        await deps.jobs.put(Greet(name="bob"))
        assert await asyncio.wait_for(greeted.get(), 5) == "bob"
        await until(here, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.greet'", [(0,)])


async def test_of_jobs_that_are_wanted_once_one_waits(here: Here) -> None:
    deps = await deps_of(here)
    async with here.pool.connection() as connection, connection.transaction():
        assert await deps.jobs.put(Greet(name="ann"), once="ann", connection=connection)
        assert not await deps.jobs.put(Greet(name="ann"), once="ann", connection=connection)
    assert not await deps.jobs.put(Greet(name="ann"), once="ann")
    assert await here.rows(WAITING) == [(1,)]


async def test_a_job_that_fails_is_tried_again_and_kept_in_the_end(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    @doing.does(Greet)
    async def fail(job: Greet, deps: Deps) -> None:
        raise ValueError(job.name)

    async with working(here, monkeypatch, fail) as deps:
        await deps.jobs.put(Greet(name="ann"))
        await until(here, STATUSES, [("todo", 1)])
        await here.rows("UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
        await until(here, STATUSES, [("failed", 2)])


async def test_a_job_whose_worker_died_is_given_to_another(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    deps = await deps_of(here)
    await deps.jobs.put(Greet(name="ann"))
    await here.rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    taken = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
    await here.rows(taken + " RETURNING id")
    await stalled.rescue.do(deps)
    assert await here.rows(WAITING) == [(1,)]


async def test_chores_are_done_by_the_clock(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    done = asyncio.Event()

    @doing.every("* * * * * */1")
    async def tidy(deps: Deps) -> None:
        done.set()

    async with working(here, monkeypatch, tidy):
        await asyncio.wait_for(done.wait(), 10)


def test_what_is_declared_is_found() -> None:
    assert stalled.rescue in list(worker.collect())
    names = [found.name for found in worker.collect() if isinstance(found, Chore)]
    assert len(names) == len(set(names))
    with pytest.raises(ValueError, match=r"two classes of jobs are called test\.greet"):
        job("test.greet", "default")(Greet)
