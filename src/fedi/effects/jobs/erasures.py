"""Deletes the keys of accounts that are gone, once nobody is to be told of that any more."""

from datetime import timedelta

from fedi.effects import leftovers
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import every

KEPT = timedelta(days=30)
"""The end of an account is sent for two weeks, and an operator may have it tried again after that."""


@every("31 3 * * *")
async def delete_keys(deps: Deps) -> None:
    """Delete keys with which nothing will be signed."""
    async with deps.pool.connection() as connection:
        await leftovers.spent_keys(connection, deps.means.clock() - KEPT)
