"""Does the jobs that wait: every process of the effects role takes some, and no job is taken by two."""

import asyncio
import logging
from functools import cache
from typing import Any

import msgspec
import psycopg
from procrastinate import App, RetryStrategy
from procrastinate.exceptions import ConnectorException

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import Chore, Doer
from fedi.services.jobs import kind_of
from fedi.walking import modules_of

AT_ONCE = 8
"""Jobs of a process that may be under way together: most of them wait for another server."""
POLL_SECONDS = 5.0
GRACE_SECONDS = 3.0
"""How long a worker that is told to stop lets jobs end; what is left is done by the next."""
RETRY_SECONDS = 1.0
_log = logging.getLogger(__name__)


async def run(deps: Deps) -> None:
    """Do jobs until cancelled; while the database is away, wait for it."""
    register(deps)
    while True:
        try:
            await deps.jobs.app.run_worker_async(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
                delete_jobs="successful",
            )
        except (ConnectorException, psycopg.OperationalError) as error:
            _log.warning("jobs wait: %s", error)
            await asyncio.sleep(RETRY_SECONDS)


def register(deps: Deps) -> None:
    """Tell procrastinate what does which jobs."""
    for found in collect():
        if isinstance(found, Doer):
            _register_doer(deps.jobs.app, deps, found)
        else:
            _register_chore(deps.jobs.app, deps, found)


@cache
def collect() -> tuple[Doer | Chore, ...]:
    """Return everything declared in the modules of this package; it is looked for once, before processes are forked."""
    return tuple(
        value
        for module in modules_of("fedi.effects.jobs")
        for value in vars(module).values()
        if isinstance(value, Doer | Chore) and value.do.__module__ == module.__name__
    )


def _register_doer(app: App, deps: Deps, doer: Doer) -> None:
    kind = kind_of(doer.kind)

    async def do(job: dict[str, Any]) -> None:
        await doer.do(msgspec.convert(job, doer.kind), deps)

    app.task(name=kind.name, queue=kind.queue, retry=RetryStrategy(max_attempts=kind.attempts - 1, exponential_wait=4))(
        do
    )


def _register_chore(app: App, deps: Deps, chore: Chore) -> None:
    async def do(timestamp: int) -> None:
        await chore.do(deps)

    task = app.task(name=chore.name, queue="scheduler", queueing_lock=chore.name)(do)
    app.periodic(cron=chore.cron)(task)
