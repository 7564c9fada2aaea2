"""What a new post quotes: looked up, allowed or refused, and asked for."""

import msgspec

from fedi.activitypub.vocabulary import addresses
from fedi.commands import said
from fedi.commands.context import Context
from fedi.commands.drafts import StatusDraft
from fedi.descriptions import Mention, Post, Visibility
from fedi.errors import ClientError, NotFoundError
from fedi.log.drafts import Draft
from fedi.views import quotes, targets
from fedi.views.quotes import Quotable
from fedi.views.targets import AccountRef


async def quoted(context: Context, author: AccountRef, draft: StatusDraft) -> Quotable | None:
    """Return what a draft quotes. Raises NotFoundError if its author may not see or not quote it."""
    if draft.quoted_status_id is None:
        return None
    async with context.pool.connection() as connection:
        found = await quotes.quotable(connection, draft.quoted_status_id, author.id)
    if found is None or found.may_quote == "denied":
        raise NotFoundError("The post you are trying to quote does not appear to exist.")
    return found


def narrowed(visibility: Visibility, found: Quotable | None) -> Visibility:
    """Return the visibility of a post that quotes something: what is for followers is quoted for followers."""
    private = found is not None and found.visibility == "private" and visibility in {"public", "unlisted"}
    return "private" if private else visibility


def check_named(visibility: Visibility, author: AccountRef, mentions: tuple[Mention, ...], found: Quotable) -> None:
    """Refuse to quote somebody to others behind their back. Raises ClientError."""
    named = {author.uri, *(mention.uri for mention in mentions)}
    if visibility == "direct" and found.author_uri not in named:
        raise ClientError("Validation failed: Cannot quote a non-mentioned user in a Private Mention post.")


async def asked(context: Context, author: AccountRef, post: Post, found: Quotable) -> tuple[Post, list[Draft]]:
    """Return a post that quotes something, and what is said along with it.

    Who lives here has said who may quote them, so their stamp is given at once; others are asked.
    """
    if found.account_id == author.id:
        return post, []
    if not found.author_local:
        return post, [said.asked_to_quote(context, author, post, found.author_uri)]
    async with context.pool.connection() as connection:
        other = await targets.account(connection, found.account_id)
    if other is None or found.may_quote != "automatic":
        raise NotFoundError
    stamp = addresses.stamp(other.uri, context.appender.allot(context.clock()))
    post = msgspec.structs.replace(post, quote_authorization=stamp)
    return post, [said.let_quote(context, other, author.uri, post, stamp)]
