"""A status that was said, but that the views do not show yet: it is shown from what was said."""

import msgspec

from fedi.activitypub.vocabulary import html, visibility
from fedi.facts import Post
from fedi.registry.rows import Connection
from fedi.views import accounts, statuses, targets
from fedi.views.statuses import Mentioned, Status, StatusRow


async def from_post(
    connection: Connection, post: Post, status_id: int, account_id: int, application: tuple[str, str] | None
) -> Status:
    """Return a local person's post, new or edited, as the views will have it."""
    known = await statuses.one(connection, status_id, account_id)
    author = known.account if known else (await accounts.load(connection, [account_id]))[account_id]
    row = known.row if known else await _new(connection, post, status_id, account_id, application)
    named = await targets.accounts(connection, await _named(connection, post))
    return Status(
        row=_overlaid(row, post),
        account=author,
        mentions=tuple(Mentioned(id=ref.id, username=ref.username, domain=ref.domain, url=ref.url) for ref in named),
        boost_of=None,
        viewer=account_id,
    )


async def _named(connection: Connection, post: Post) -> list[int]:
    found = await accounts.by_uris(connection, [mention.uri for mention in post.mentions])
    return [found[mention.uri] for mention in post.mentions if mention.uri in found]


async def _new(
    connection: Connection, post: Post, status_id: int, account_id: int, application: tuple[str, str] | None
) -> StatusRow:
    parent = await statuses.by_uri(connection, post.in_reply_to) if post.in_reply_to else None
    answered = await targets.status(connection, parent, account_id) if parent else None
    author = await targets.account(connection, account_id)
    followers = author.followers_uri if author else ""
    assert post.published is not None
    return StatusRow(
        id=status_id,
        account_id=account_id,
        uri=post.uri,
        url=post.url,
        kind=post.kind,
        content=post.content,
        spoiler_text=post.summary,
        sensitive=post.sensitive,
        visibility=visibility.of(post.to, post.cc, followers),
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
        favourited=False,
        boosted=False,
        bookmarked=False,
        pinned=False,
        own_votes=None,
    )


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
        tags=post.hashtags,
        poll_titles=tuple(option.title for option in poll.options) if poll else None,
        poll_votes=tuple(option.votes for option in poll.options) if poll else None,
        poll_multiple=poll.multiple if poll else None,
        poll_expires_at=poll.expires_at if poll else None,
        poll_expired=False if poll else None,
        poll_voters=poll.voters_count if poll else None,
    )
