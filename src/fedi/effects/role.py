"""The effects role: one process answers, queues and fetches; all of them send what is queued, and do jobs."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine

from fedi.effects.answer import Answer
from fedi.effects.deliver import Deliver
from fedi.effects.delivering import deliver
from fedi.effects.deps import Deps
from fedi.effects.erase import Erase
from fedi.effects.erasing import Erasing
from fedi.effects.facts_reader import FactsReader
from fedi.effects.fence import Fence
from fedi.effects.fetch import Fetch
from fedi.effects.fetching import Fetching
from fedi.effects.jobs import worker
from fedi.effects.move import Move
from fedi.effects.notices import Notices
from fedi.effects.preview import Preview
from fedi.effects.push import Push
from fedi.effects.relaying import Relaying
from fedi.effects.release import Release
from fedi.effects.reports import Reports
from fedi.effects.runner import Runner
from fedi.effects.schedule import Schedule
from fedi.effects.severing import Severing
from fedi.effects.tallies import Tallies
from fedi.effects.verify import Verify
from fedi.events import UnknownEventError

WAIT = 5.0
"""Seconds for which the right to act is left to others, as a newer program may wait for it."""
_log = logging.getLogger(__name__)


async def run(deps: Deps, stop: asyncio.Event) -> None:
    """Do this process's part until `stop` is set; what only one may do at a time, once no other process does it."""
    stopped = asyncio.create_task(stop.wait())
    jobs = asyncio.create_task(worker.run(deps))
    sending = asyncio.create_task(deliver(deps))
    sending.add_done_callback(lambda _: stop.set())
    try:
        while not stop.is_set():
            fence, pause = Fence(deps.database_url), 0.0
            try:
                await _first(fence.take(), stopped)
                if not stop.is_set():
                    await _first(_act(deps, fence), stopped)
            except* UnknownEventError as unknown:
                _log.error("the effects wait for a newer program: %s", unknown.exceptions[0])
                pause = WAIT
            finally:
                await fence.release()
            await asyncio.wait({stopped}, timeout=pause)
    finally:
        stopped.cancel()
        for task in (jobs, sending):
            task.cancel()
        await asyncio.wait({jobs, sending})
    if not sending.cancelled():
        sending.result()


async def _act(deps: Deps, fence: Fence) -> None:
    """Act until the right to do so is lost."""
    fetching = Fetching(deps.pool, deps.means)
    schedule = Schedule(deps.pool, deps.means.appender, deps.means.clock, deps.publish)
    erasing = Erasing(
        database_url=deps.database_url,
        pool=deps.pool,
        storage=deps.storage,
        list_file=deps.settings.erasure_file,
        forget=deps.forget,
    )
    facts = FactsReader(deps.database_url)
    effects = (
        Answer(deps.means.appender, deps.means.site),
        Deliver(deps.means.borders, deps.means.clock),
        Fetch(deps.means.site, deps.means.clock, fetching.wake),
        Push(deps.jobs),
        Notices(deps.jobs, deps.means.clock, sending=deps.settings.smtp_delivery_method == "smtp"),
        Preview(deps.means.site, deps.means.clock, deps.jobs),
        Tallies(deps.means.clock, deps.jobs),
        Move(deps.jobs),
        Relaying(deps.jobs, deps.means.site),
        Verify(deps.jobs),
        Release(),
        Reports(deps.means.appender, deps.jobs),
        Severing(deps.jobs),
        Erase(erasing.wake),
    )
    runner = Runner(deps.pool, facts, deps.progress, effects)
    watching = asyncio.create_task(fence.watch())
    try:
        async with asyncio.TaskGroup() as tasks:
            workers = (runner.run(), fetching.run(), schedule.run(), erasing.run())
            working = [tasks.create_task(each) for each in workers]
            await watching
            for task in working:
                task.cancel()
    finally:
        watching.cancel()
        facts.close()


async def _first(work: Coroutine[None, None, None], stopped: asyncio.Task[bool]) -> None:
    """Do a piece of work until it is done or the role is told to stop; raises what the work raises."""
    task = asyncio.create_task(work)
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
