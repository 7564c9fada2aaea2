"""A local post shown from what was said: at once when it is new, and when the views lag behind an edit.

The views hold nothing of a new post that its author did not just say, so nobody waits until they hold it, nor reads it
back. Both ways must give the same entity; a test holds them side by side for every kind of post.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Self

import msgspec

from fedi.activitypub.vocabulary import hashtags, html, visibility
from fedi.activitypub.vocabulary.shared_links import link_of
from fedi.api.deps import Deps
from fedi.api.entities import statuses as entities
from fedi.commands.drafts import StatusDraft
from fedi.commands.statuses import Said
from fedi.descriptions import Post
from fedi.facts.quotes import QuotersWord
from fedi.ids import EPOCH
from fedi.registry.rows import Connection
from fedi.views import accounts, cards, conversations, filters, targets
from fedi.views.authors import Author
from fedi.views.statuses import Mentioned, Status, StatusRow
from fedi.views.targets import AccountRef


class Making:
    """Makes the answer to a new post while it is committed, as long as the block lasts: the database waits for the disk
    then, and who posts would afterwards wait for this. `settled` tells who writes, as they are shown, if that is known.
    """

    def __init__(self, deps: Deps, settled: Callable[[], Awaitable[Author | None]], draft: StatusDraft) -> None:
        self._deps, self._settled, self._draft = deps, settled, draft
        self._over = False
        self._made: asyncio.Task[tuple[Status, entities.Status] | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Break it off if it is not made yet. If it failed already, asyncio no longer complains that nobody heard."""
        self._over = True
        if self._made is not None:
            self._made.cancel()

    def begin(self, said: Said) -> None:
        """Begin to make the answer to what is about to be said, unless who said it has gone."""
        if not self._over:
            self._made = asyncio.ensure_future(self._make(said))

    async def answer(self, said: Said) -> tuple[Status, entities.Status] | None:
        """Return what was said as its author sees it, and as they are answered; None as of `new_post`.

        That it is a repetition may be known to the log alone: then what was begun is of a post that nobody said.
        """
        return await (self._made or self._make(said)) if said.post else None

    async def _make(self, said: Said) -> tuple[Status, entities.Status] | None:
        author = await self._settled()
        shown = None if author is None else await new_post(self._deps, author, self._draft, said)
        return None if shown is None else (shown, entities.status(shown, self._deps.site))


async def new_post(deps: Deps, author: Author, draft: StatusDraft, said: Said) -> Status | None:
    """Return a new post in its author's eyes; None where the views know more of it than what was said.

    That is so of quotes, of pages that are known here already, of accounts that have moved, and of repetitions.
    """
    post = said.post
    if post is None or post.quote or author.moved_to_uri:
        return None
    link, muted = link_of(post), False
    if link or said.parent is not None:
        async with deps.pool.connection() as connection:
            if link and await cards.seen_since(connection, [link], EPOCH):
                return None
            if said.parent is not None:
                muted = await conversations.is_muted(connection, said.parent.id, author.id)
    row = _new(author, draft, said, post, muted=muted)
    shown = Status(
        row=_overlaid(row, post),
        account=author.after(row.visibility, row.created_at),
        mentions=_mentioned(said.named),
        boost_of=None,
        viewer=author.id,
    )
    if author.filters_version is None:
        return shown
    async with deps.pool.connection() as connection:
        return (await filters.mark(connection, deps.sieves, [shown], deps.clock()))[0]


async def edited_post(connection: Connection, known: Status, post: Post) -> Status:
    """Return an edited post, of which the views know the former version, in its author's eyes."""
    named = await targets.accounts(connection, await _named(connection, post)) if post.mentions else []
    return msgspec.structs.replace(known, row=_overlaid(known.row, post), mentions=_mentioned(named))


async def _named(connection: Connection, post: Post) -> list[int]:
    found = await accounts.by_uris(connection, [mention.uri for mention in post.mentions])
    return [found[mention.uri] for mention in post.mentions if mention.uri in found]


def _mentioned(named: Iterable[AccountRef]) -> tuple[Mentioned, ...]:
    return tuple(Mentioned(id=ref.id, username=ref.username, domain=ref.domain, url=ref.url) for ref in named)


def _new(author: Author, draft: StatusDraft, said: Said, post: Post, *, muted: bool) -> StatusRow:
    parent, shown_to = said.parent, visibility.of(post.to, post.cc, author.followers_uri)
    assert post.published is not None
    return StatusRow(
        id=said.status_id,
        account_id=author.id,
        filters_version=author.filters_version,
        link=None,
        card=None,
        quotes=0,
        quoting=False,
        quote_automatic=_quoters(author, post),
        quote_manual=(),
        quotable="denied" if shown_to == "direct" else "automatic",
        uri=post.uri,
        url=post.url,
        kind=post.kind,
        content=post.content,
        spoiler_text=post.summary,
        sensitive=post.sensitive,
        visibility=shown_to,
        language=post.language,
        created_at=post.published,
        edited_at=None,
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_account_id=parent.account_id if parent else None,
        boost_of_id=None,
        local=True,
        attachments=(),
        emojis=post.emojis,
        mentions=(),
        tags=(),
        application=draft.application,
        replies=0,
        boosts=0,
        favourites=0,
        poll_titles=None,
        poll_votes=None,
        poll_multiple=None,
        poll_expires_at=None,
        poll_expired=None,
        poll_voters=None,
        poll_hides_totals=draft.poll is not None and draft.poll.hide_totals,
        favourited=False,
        boosted=False,
        bookmarked=False,
        pinned=False,
        muted=muted,
        own_votes=None,
    )


def _quoters(author: Author, post: Post) -> tuple[QuotersWord, ...]:
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
