"""Following: asking to, answering, and ending it from either side."""

import msgspec

from fedi.commands import said
from fedi.commands.context import Context, append, append_new, note
from fedi.errors import NotAllowedError, NotFoundError
from fedi.events.accounts import FollowOptionsChanged
from fedi.views import targets
from fedi.views.targets import AccountRef, Between


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a follower wants to see of somebody; None leaves it as it is, or as it is by default."""

    boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


async def follow(context: Context, author: AccountRef, target_id: int, wishes: Wishes) -> int | None:
    """Follow somebody, or ask to; if that stands already, change what is wanted of them. None if nothing changes.

    A local account that approves nobody by hand accepts in the same unit, unless the author is limited.

    Raises:
        NotFoundError: there is no such account, or it is one's own.
        NotAllowedError: one of the two blocks the other, or the author its server, or the account has moved away.
    """
    target, between = await _two(context, author, target_id)
    if target.id == author.id or target.suspended:
        raise NotFoundError
    if between.blocking or between.blocked_by or between.domain_blocking or target.moved_to_uri:
        raise NotAllowedError
    boosts = between.boosts if wishes.boosts is None else wishes.boosts
    notify = between.notify if wishes.notify is None else wishes.notify
    languages = between.languages if wishes.languages is None else wishes.languages
    if between.following or between.requested:
        if (boosts, notify, languages) == (between.boosts, between.notify, between.languages):
            return None
        changed = FollowOptionsChanged(
            account_id=author.id, target_id=target.id, boosts=boosts, notify=notify, languages=languages
        )
        return await note(context, changed)
    asked, follow_uri = said.followed(context, author, target, boosts=boosts, notify=notify, languages=languages)
    events = [asked]
    if target.local and not target.locked and not author.limited:
        events.append(said.accepted(context, target, author, follow_uri))
    return await append(context, events)


async def unfollow(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Stop following, or asking to follow, somebody; None if one did not. Raises NotFoundError."""
    target, between = await _two(context, author, target_id)
    if not between.following and not between.requested:
        return None
    return await append_new(context, [said.unfollowed(author, target, between.follow_uri)])


async def remove_follower(context: Context, author: AccountRef, follower_id: int) -> int | None:
    """End somebody's follow of oneself; None if there was none. Raises NotFoundError."""
    follower, between = await _two(context, author, follower_id)
    if not between.followed_by:
        return None
    return await append(context, [said.rejected(context, author, follower, between.follower_uri)])


async def authorize_request(context: Context, author: AccountRef, asker_id: int) -> int:
    """Let somebody follow who asks to. Raises NotFoundError if nobody does."""
    asker, between = await _two(context, author, asker_id)
    if not between.requested_by:
        raise NotFoundError
    return await append(context, [said.accepted(context, author, asker, between.follower_uri)])


async def reject_request(context: Context, author: AccountRef, asker_id: int) -> int:
    """Refuse somebody who asks to follow. Raises NotFoundError if nobody does."""
    asker, between = await _two(context, author, asker_id)
    if not between.requested_by:
        raise NotFoundError
    return await append(context, [said.rejected(context, author, asker, between.follower_uri)])


async def _two(context: Context, author: AccountRef, target_id: int) -> tuple[AccountRef, Between]:
    async with context.pool.connection() as connection:
        target = await targets.account(connection, target_id)
        if target is None:
            raise NotFoundError
        return target, await targets.between(connection, author.id, target_id)
