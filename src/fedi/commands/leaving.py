"""Leaving for good: the network is told first, then the login goes with everything that is nobody else's."""

import contextlib

from fedi.commands import said
from fedi.commands.context import Context, append
from fedi.log.drafts import Conflict
from fedi.registry import media, users
from fedi.views.targets import AccountRef


async def delete_account(context: Context, owner: AccountRef) -> None:
    """Delete an account with its posts, its login and its files. Its name is never given again.

    Whoever is interrupted in it calls it again. The caller tells open streams by `kill.kill_account`. The keys stay:
    the end of the account is still to be signed.
    """
    with contextlib.suppress(Conflict):  # said before, and interrupted then
        await append(context, [said.deleted_account(owner)])
    async with context.pool.connection() as connection:
        await users.erase(connection, owner.id)
        files = await media.discard_all(connection, owner.id)
    for file in files:
        for key in (file.storage_key, file.preview_key):
            if key:
                await context.storage.delete(key)
