"""Blocking whole servers: for oneself alone, unlike what moderators do."""

from collections.abc import Iterator, Sequence

from fedi.activitypub.vocabulary import uris
from fedi.commands import said
from fedi.commands.context import Context, append, note
from fedi.errors import ClientError
from fedi.events.domains import DomainBlocked, DomainUnblocked, RelationshipsSevered
from fedi.log.drafts import Draft
from fedi.views import domain_blocks, targets
from fedi.views.domain_blocks import Tie
from fedi.views.targets import AccountRef

AT_ONCE = 100
"""Follows that end in one unit: whoever is well known elsewhere may have thousands of followers there."""


def normal_domain(written: str) -> str:
    """Return a domain as handles have it. Raises ClientError for what can be none."""
    try:
        return uris.normal_host(written.strip())
    except uris.InvalidUriError:
        raise ClientError("Validation failed: Domain is not a valid domain name") from None


async def block_domain(context: Context, author: AccountRef, written: str) -> int | None:
    """Block a server: follows in both directions end, by name, and nobody there can follow again. None if it stood.

    The block is said first, so that no follow gets in between. If this is interrupted, doing it again ends the rest.
    Raises ClientError for what is no domain.
    """
    domain = normal_domain(written)
    async with context.pool.connection() as connection:
        blocked = await domain_blocks.is_blocked(connection, author.id, domain)
        ties = await domain_blocks.ties(connection, author.id, domain)
        people = {each.id: each for each in await targets.accounts(connection, {tie.other_id for tie in ties})}
    if blocked and not ties:
        return None
    position = await note(context, DomainBlocked(account_id=author.id, domain=domain))
    ends = [each for tie in ties for each in _end(context, author, people[tie.other_id], tie)]
    for start in range(0, len(ends), AT_ONCE):
        position = await append(context, ends[start : start + AT_ONCE])
    lost = _severed(author, domain, ties)
    return await note(context, lost) if lost.followers or lost.following else position


async def unblock_domain(context: Context, author: AccountRef, written: str) -> int | None:
    """Take the block of a server back; None if there was none. Follows do not come back. Raises ClientError."""
    domain = normal_domain(written)
    async with context.pool.connection() as connection:
        if not await domain_blocks.is_blocked(connection, author.id, domain):
            return None
    return await note(context, DomainUnblocked(account_id=author.id, domain=domain))


def _end(context: Context, author: AccountRef, other: AccountRef, tie: Tie) -> Iterator[Draft]:
    if tie.ours:
        yield said.unfollowed(author, other, tie.uri)
    else:
        yield said.rejected(context, author, other, tie.uri)


def _severed(author: AccountRef, domain: str, ties: Sequence[Tie]) -> RelationshipsSevered:
    return RelationshipsSevered(
        account_id=author.id,
        kind="user_domain_block",
        target_name=domain,
        followers=sum(tie.accepted and not tie.ours for tie in ties),
        following=sum(tie.accepted and tie.ours for tie in ties),
    )
