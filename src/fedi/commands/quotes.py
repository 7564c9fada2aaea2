"""Quoting: what a new post may quote, who may quote what one wrote, and taking that back."""

import msgspec

from fedi.activitypub.vocabulary import posts, quotes
from fedi.commands import said
from fedi.commands.context import Context, append
from fedi.commands.drafts import QuoteChoice
from fedi.commands.statuses import own_status
from fedi.errors import NotAllowedError, NotFoundError
from fedi.views import quotes as views
from fedi.views import statuses, targets
from fedi.views.targets import AccountRef


async def set_policy(context: Context, author: AccountRef, status_id: int, policy: QuoteChoice) -> int | None:
    """Say who may quote a post from now on; nobody may quote what is not for everybody, whatever its author says.

    Returns the position, None if it is so already. Raises NotFoundError: there is no such post, or it is another's.
    """
    status = await own_status(context, author, status_id)
    before = posts.read_post(msgspec.json.decode(status.document or b""))
    chosen = policy if status.visibility in {"public", "unlisted"} else "nobody"
    rule = quotes.rule_of(chosen, author.uri, author.followers_uri)
    if rule == before.can_quote:
        return None
    after = msgspec.structs.replace(before, can_quote=rule)
    async with context.pool.connection() as connection:
        hides_totals = await targets.hides_totals(connection, status_id)
    return await append(
        context, [said.adjusted_post(context, author, after, context.clock(), hide_totals=hides_totals)]
    )


async def revoke(context: Context, author: AccountRef, quoted_id: int, quoting_id: int) -> int:
    """Take back that a post quotes one of the author's; returns the position.

    Raises:
        NotFoundError: there is no such quote that the author may see.
        NotAllowedError: the quoted post is somebody else's, or the author quotes themselves.
    """
    async with context.pool.connection() as connection:
        seen = await statuses.one(connection, quoting_id, author.id)
        quote = await views.standing(connection, quoting_id, quoted_id) if seen is not None else None
    if quote is None or quote.state != "accepted":
        raise NotFoundError
    if quote.quoted_account_id != author.id or not quote.stamp:
        raise NotAllowedError
    return await append(context, [said.revoked_stamp(author, quote.stamp)])
