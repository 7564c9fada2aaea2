"""Boosting: showing somebody's post to one's own followers."""

import msgspec

from fedi.commands import said
from fedi.commands.context import Context, append, append_new
from fedi.descriptions import Visibility
from fedi.errors import NotAllowedError, NotFoundError
from fedi.ids import moment_of
from fedi.views import targets
from fedi.views.targets import AccountRef, StatusRef


class Boosted(msgspec.Struct, frozen=True, kw_only=True):
    """A boost that stands, of the post `status_id`. `position` is None if it stood before."""

    boost_id: int
    status_id: int
    position: int | None


async def boost_status(
    context: Context, author: AccountRef, status_id: int, shown_to: Visibility | None = None
) -> Boosted:
    """Boost a post; a boost of a boost boosts its original. Once is enough: again changes nothing.

    Raises:
        NotFoundError: there is no such post, or the author may not see it.
        NotAllowedError: it is not open to everybody, and not the author's own.
    """
    status = await original(context, author, status_id)
    own = status.account_id == author.id
    if status.visibility == "direct" or (status.visibility == "private" and not own):
        raise NotAllowedError
    async with context.pool.connection() as connection:
        stands = await targets.boost(connection, author.id, status.id)
    if stands is not None:
        return Boosted(boost_id=stands.id, status_id=status.id, position=None)
    if status.visibility == "private" or shown_to == "direct":
        shown_to = status.visibility
    boost_id = context.appender.allot(context.clock())
    event = said.boosted(context, author, status, boost_id, shown_to or "public", moment_of(boost_id))
    return Boosted(boost_id=boost_id, status_id=status.id, position=await append(context, [event]))


async def unboost_status(context: Context, author: AccountRef, status_id: int) -> int | None:
    """Take a boost back; None if there was none. Raises NotFoundError for a post that the author may not see."""
    status = await original(context, author, status_id)
    async with context.pool.connection() as connection:
        stands = await targets.boost(connection, author.id, status.id)
    if stands is None:
        return None
    return await append_new(context, [said.unboosted(context, author, stands, status)])


async def original(context: Context, reader: AccountRef, status_id: int) -> StatusRef:
    """Return a post that somebody may see, or what it boosts. Raises NotFoundError."""
    async with context.pool.connection() as connection:
        status = await targets.status(connection, status_id, reader.id)
        if status is not None and status.boost_of_id is not None:
            status = await targets.status(connection, status.boost_of_id, reader.id)
    if status is None:
        raise NotFoundError
    return status
