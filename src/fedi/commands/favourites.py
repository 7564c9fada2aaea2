"""Favourites, which the author hears of, and bookmarks, which nobody hears of."""

from fedi.commands import said
from fedi.commands.boosts import original
from fedi.commands.context import Context, append, append_new, note
from fedi.events.statuses import StatusBookmarked, StatusUnbookmarked
from fedi.views import targets
from fedi.views.targets import AccountRef


async def favourite_status(context: Context, author: AccountRef, status_id: int) -> int | None:
    """Favourite a post; None if it was one already. Raises NotFoundError for one that the author may not see."""
    status = await original(context, author, status_id)
    async with context.pool.connection() as connection:
        if await targets.activity(connection, "like", author.uri, status.uri):
            return None
    return await append(context, [said.favourited(context, author, status)])


async def unfavourite_status(context: Context, author: AccountRef, status_id: int) -> int | None:
    """Take a favourite back; None if there was none. Raises as `favourite_status` does."""
    status = await original(context, author, status_id)
    async with context.pool.connection() as connection:
        like = await targets.activity(connection, "like", author.uri, status.uri)
    if not like:
        return None
    return await append_new(context, [said.unfavourited(author, status, like)])


async def bookmark_status(context: Context, reader: AccountRef, status_id: int) -> int | None:
    """Put a post aside; None if it lay there already. Raises NotFoundError for one that the reader may not see."""
    status = await original(context, reader, status_id)
    async with context.pool.connection() as connection:
        if await targets.bookmarked(connection, reader.id, status.id):
            return None
    return await note(context, StatusBookmarked(account_id=reader.id, status_id=status.id))


async def unbookmark_status(context: Context, reader: AccountRef, status_id: int) -> int | None:
    """Forget a post that was put aside; None if it was not. Raises as `bookmark_status` does."""
    status = await original(context, reader, status_id)
    async with context.pool.connection() as connection:
        if not await targets.bookmarked(connection, reader.id, status.id):
            return None
    return await note(context, StatusUnbookmarked(account_id=reader.id, status_id=status.id))
