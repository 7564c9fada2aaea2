"""Posts that a person shows first on their profile."""

from fedi.commands import said
from fedi.commands.context import Context, append
from fedi.errors import ClientError, NotFoundError
from fedi.views import targets
from fedi.views.targets import AccountRef, StatusRef

MAX_PINS = 5


async def pin_status(context: Context, author: AccountRef, status_id: int) -> int | None:
    """Pin a post of one's own; None if it was pinned.

    Raises:
        NotFoundError: there is no such post, or the author may not see it.
        ClientError: it is somebody else's, a boost, for named people only, or one too many.
    """
    status = await _status(context, author, status_id)
    if status.account_id != author.id:
        raise ClientError("Validation failed: Someone else's post cannot be pinned")
    if status.boost_of_id is not None:
        raise ClientError("Validation failed: A boost cannot be pinned")
    if status.visibility == "direct":
        raise ClientError("Validation failed: Posts that are only visible to mentioned users cannot be pinned")
    async with context.pool.connection() as connection:
        pinned = await targets.pinned(connection, author.id)
    if status.id in pinned:
        return None
    if len(pinned) >= MAX_PINS:
        raise ClientError("Validation failed: You have already pinned the maximum number of posts")
    return await append(context, [said.pinned(context, author, status)])


async def unpin_status(context: Context, author: AccountRef, status_id: int) -> int | None:
    """Take a post off the profile's top; None if it was not there. Raises NotFoundError as `pin_status` does."""
    status = await _status(context, author, status_id)
    async with context.pool.connection() as connection:
        pinned = await targets.pinned(connection, author.id)
    if status.id not in pinned:
        return None
    return await append(context, [said.unpinned(context, author, status)])


async def _status(context: Context, author: AccountRef, status_id: int) -> StatusRef:
    async with context.pool.connection() as connection:
        status = await targets.status(connection, status_id, author.id)
    if status is None:
        raise NotFoundError
    return status
