"""Voting. A vote is a Note to the poll's author, for local polls too: the fold counts it as any other server's."""

from collections.abc import Sequence

from fedi.commands import said
from fedi.commands.context import Context, append
from fedi.errors import ClientError, NotFoundError
from fedi.views import targets
from fedi.views.can_see import can_see
from fedi.views.targets import AccountRef, PollRef


async def vote(context: Context, voter: AccountRef, poll_id: int, choices: Sequence[int]) -> int:
    """Choose options of a poll, by their places from 0; return the position.

    Raises:
        NotFoundError: there is no such poll, or the voter may not see it.
        ClientError: it is the voter's own, has ended, has no such option, or was voted in before; where one may choose
            several, other options may be added.
    """
    async with context.pool.connection() as connection:
        visible = await can_see(connection, poll_id, voter.id)
        poll = await targets.poll(connection, poll_id, voter.id) if visible else None
    if poll is None:
        raise NotFoundError
    chosen = list(dict.fromkeys(choices))
    _check(context, voter, poll, chosen)
    return await append(context, [said.voted(context, voter, poll, poll.titles[choice]) for choice in chosen])


def _check(context: Context, voter: AccountRef, poll: PollRef, chosen: Sequence[int]) -> None:
    if poll.account_id == voter.id:
        raise ClientError("Validation failed: You cannot vote in your own polls")
    if poll.expires_at is not None and poll.expires_at <= context.clock():
        raise ClientError("Validation failed: The poll has already ended")
    if not chosen or any(not 0 <= choice < len(poll.titles) for choice in chosen):
        raise ClientError("Validation failed: The chosen vote option does not exist")
    again = any(choice in poll.chosen for choice in chosen) if poll.multiple else bool(poll.chosen) or len(chosen) > 1
    if again:  # two at once in a poll of one choice are a second vote, as Mastodon counts
        raise ClientError("Validation failed: You have already voted on this poll")
