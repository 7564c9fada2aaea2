"""A local post shown from what was said: at once when it is new, and when the views lag behind an edit.

The views hold nothing of a new post that its author did not just say, so the two queries that would read it back are
saved. Both ways must give the same entity; a test holds them side by side.
"""

import msgspec

from fedi.activitypub.vocabulary import hashtags, html, visibility
from fedi.descriptions import Post
from fedi.facts import QuotersWord
from fedi.registry.rows import Connection
from fedi.views import accounts, conversations, statuses, targets
from fedi.views.statuses import Mentioned, Status, StatusRow
from fedi.views.targets import AccountRef


async def new_post(
    connection: Connection, author: AccountRef, post: Post, status_id: int, application: tuple[str, str] | None
) -> Status:
    """Return a new post in its author's eyes."""
    row = await _new(connection, author, post, status_id, application)
    known = await accounts.load(connection, [author.id])
    return await _around(
        connection, Status(row=row, account=known[author.id], mentions=(), boost_of=None, viewer=author.id), post
    )


async def edited_post(connection: Connection, known: Status, post: Post) -> Status:
    """Return an edited post, of which the views know the former version, in its author's eyes."""
    return await _around(connection, known, post)


async def _around(connection: Connection, shown: Status, post: Post) -> Status:
    named = await targets.accounts(connection, await _named(connection, post)) if post.mentions else []
    return msgspec.structs.replace(
        shown,
        row=_overlaid(shown.row, post),
        mentions=tuple(Mentioned(id=ref.id, username=ref.username, domain=ref.domain, url=ref.url) for ref in named),
    )


async def _named(connection: Connection, post: Post) -> list[int]:
    found = await accounts.by_uris(connection, [mention.uri for mention in post.mentions])
    return [found[mention.uri] for mention in post.mentions if mention.uri in found]


async def _new(
    connection: Connection, author: AccountRef, post: Post, status_id: int, application: tuple[str, str] | None
) -> StatusRow:
    parent = await statuses.by_uri(connection, post.in_reply_to) if post.in_reply_to else None
    answered = await targets.status(connection, parent, author.id) if parent else None
    assert post.published is not None
    return StatusRow(
        id=status_id,
        account_id=author.id,
        filters_version=None,
        link=None,
        card=None,
        quotes=0,
        quoting=bool(post.quote),
        quote_automatic=_quoters(author, post),
        quote_manual=(),
        quotable="denied" if visibility.of(post.to, post.cc, author.followers_uri) == "direct" else "automatic",
        uri=post.uri,
        url=post.url,
        kind=post.kind,
        content=post.content,
        spoiler_text=post.summary,
        sensitive=post.sensitive,
        visibility=visibility.of(post.to, post.cc, author.followers_uri),
        language=post.language,
        created_at=post.published,
        edited_at=None,
        in_reply_to_id=answered.id if answered else None,
        in_reply_to_account_id=answered.account_id if answered else None,
        boost_of_id=None,
        local=True,
        attachments=(),
        emojis=post.emojis,
        mentions=(),
        tags=(),
        application=application,
        replies=0,
        boosts=0,
        favourites=0,
        poll_titles=None,
        poll_votes=None,
        poll_multiple=None,
        poll_expires_at=None,
        poll_expired=None,
        poll_voters=None,
        poll_hides_totals=None,
        favourited=False,
        boosted=False,
        bookmarked=False,
        pinned=False,
        muted=answered is not None and await conversations.is_muted(connection, answered.id, author.id),
        own_votes=None,
    )


def _quoters(author: AccountRef, post: Post) -> tuple[QuotersWord, ...]:
    if post.can_quote is None:
        return ()
    words: dict[str, QuotersWord] = {visibility.PUBLIC: "public", author.followers_uri: "followers"}
    return tuple(words[uri] for uri in post.can_quote.automatic if uri in words)


def _overlaid(row: StatusRow, post: Post) -> StatusRow:
    poll = post.poll
    return msgspec.structs.replace(
        row,
        content=html.clean(post.content),
        spoiler_text=post.summary,
        sensitive=post.sensitive,
        language=post.language,
        edited_at=post.updated,
        attachments=post.attachments,
        tags=tuple(dict.fromkeys(map(hashtags.normal, post.hashtags))),
        poll_titles=tuple(option.title for option in poll.options) if poll else None,
        poll_votes=tuple(option.votes for option in poll.options) if poll else None,
        poll_multiple=poll.multiple if poll else None,
        poll_expires_at=poll.expires_at if poll else None,
        poll_expired=False if poll else None,
        poll_voters=poll.voters_count if poll else None,
        poll_hides_totals=bool(row.poll_hides_totals) if poll else None,
    )
