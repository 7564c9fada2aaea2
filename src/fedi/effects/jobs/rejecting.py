"""Deletes copies of a domain's files once the operator rejects them: what may be illegal to keep must not wait."""

import logging

from fedi.effects.deps import Deps
from fedi.effects.drop_copies import drop_copies
from fedi.effects.jobs.doing import does
from fedi.effects.severing import RejectFiles
from fedi.views import rejected_files

ACCOUNTS = 100
FILES = 500
"""At a time: accounts whose files are looked for, and files that are deleted."""
_log = logging.getLogger(__name__)


@does(RejectFiles)
async def reject(job: RejectFiles, deps: Deps) -> None:
    """Delete the copies of what a domain's people show of themselves and in posts; none if that was taken back."""
    after, count = 0, 0
    while True:
        async with deps.pool.connection() as connection:
            people = await rejected_files.owners(connection, job.domain, after, ACCOUNTS)
            urls = await rejected_files.of_owners(connection, people) if people else []
        for start in range(0, len(urls), FILES):
            count += await drop_copies(deps.pool, deps.storage, urls[start : start + FILES])
        if len(people) < ACCOUNTS:
            break
        after = people[-1]
    _log.info("deleted %d copies of files of %s", count, job.domain)
