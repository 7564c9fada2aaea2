"""Jobs whose worker died in the midst of them are given to another."""

import logging

from fedi import clock
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import every

_log = logging.getLogger(__name__)


@every("* * * * *")
async def rescue(deps: Deps) -> None:
    """Put back what a worker took and did not finish; it is known to be dead when it has not stirred for a while."""
    manager = deps.jobs.app.job_manager
    for job in await manager.get_stalled_jobs():
        _log.warning("job %s (%s) lost its worker and is tried again", job.id, job.task_name)
        await manager.retry_job(job, retry_at=clock.now())
