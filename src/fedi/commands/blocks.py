"""Keeping away from somebody: blocks, which they hear of, and mutes, which they do not."""

from datetime import timedelta

from fedi.commands import said
from fedi.commands.context import Context, append_new, note
from fedi.errors import NotAllowedError, NotFoundError
from fedi.events.accounts import AccountMuted, AccountUnmuted
from fedi.views import targets
from fedi.views.targets import AccountRef, Between

LONGEST_MUTE = timedelta(days=36_500)
"""Whoever asks for more than a century means for ever."""


async def block(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Block somebody; None if they were blocked. What stood between the two ends in the same unit.

    The follows are also ended by name: some servers do not look at a Block.

    Raises:
        NotFoundError: there is no such account.
        NotAllowedError: it is one's own.
    """
    target, between = await _two(context, author, target_id)
    if between.blocking:
        return None
    events = [said.blocked(context, author, target)]
    if between.followed_by or between.requested_by:
        events.insert(0, said.rejected(context, author, target, between.follower_uri))
    if between.following or between.requested:
        events.insert(0, said.unfollowed(author, target, between.follow_uri))
    return await append_new(context, events)


async def unblock(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Take a block back; None if there was none. Raises as `block` does."""
    target, _ = await _two(context, author, target_id)
    async with context.pool.connection() as connection:
        uri = await targets.activity(connection, "block", author.uri, target.uri)
    if not uri:
        return None
    return await append_new(context, [said.unblocked(author, target, uri)])


async def mute(context: Context, author: AccountRef, target_id: int, *, notifications: bool, seconds: int) -> int:
    """Mute somebody, for ever if `seconds` is 0; a second mute replaces the first. Raises as `block` does."""
    target, _ = await _two(context, author, target_id)
    ends = 0 < seconds <= LONGEST_MUTE.total_seconds()
    until = context.clock() + timedelta(seconds=seconds) if ends else None
    event = AccountMuted(account_id=author.id, target_id=target.id, notifications=notifications, expires_at=until)
    return await note(context, event)


async def unmute(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Hear somebody again; None if they were not muted. Raises as `block` does."""
    target, between = await _two(context, author, target_id)
    if not between.muting:
        return None
    return await note(context, AccountUnmuted(account_id=author.id, target_id=target.id))


async def _two(context: Context, author: AccountRef, target_id: int) -> tuple[AccountRef, Between]:
    if target_id == author.id:
        raise NotAllowedError
    async with context.pool.connection() as connection:
        target = await targets.account(connection, target_id)
        if target is None:
            raise NotFoundError
        return target, await targets.between(connection, author.id, target_id)
