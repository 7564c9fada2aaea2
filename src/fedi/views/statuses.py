"""Statuses as they are shown: a page of them in three queries, whatever is in it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedi.activitypub.vocabulary import html
from fedi.descriptions import Attachment, Emoji, Visibility
from fedi.facts.quotes import QuotersWord
from fedi.facts.statuses import MentionedAccount
from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views import accounts
from fedi.views import quotes as views
from fedi.views.accounts import AccountRow
from fedi.views.can_see import can_see, visible
from fedi.views.cards import Card
from fedi.views.compose import READER, flat
from fedi.views.filtering import Match, searchable
from fedi.views.quotes import MayQuote, State, may_quote

_SQL = queries(__file__)


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a status, with its numbers, and what the reader did with it (all false where nobody reads).

    `poll_titles` is None where there is no poll; `application` is the name and website of the app it was made with.
    """

    id: int
    account_id: int
    uri: str
    url: str
    kind: str
    content: str
    spoiler_text: str
    sensitive: bool
    visibility: Visibility
    language: str
    created_at: datetime
    edited_at: datetime | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    boost_of_id: int | None
    local: bool
    attachments: tuple[Attachment, ...]
    emojis: tuple[Emoji, ...]
    mentions: tuple[MentionedAccount, ...]
    tags: tuple[str, ...]
    application: tuple[str, str] | None
    replies: int
    boosts: int
    favourites: int
    poll_titles: tuple[str, ...] | None
    poll_votes: tuple[int, ...] | None
    poll_multiple: bool | None
    poll_expires_at: datetime | None
    poll_expired: bool | None
    poll_voters: int | None
    poll_hides_totals: bool | None
    favourited: bool
    boosted: bool
    bookmarked: bool
    pinned: bool
    muted: bool
    own_votes: tuple[int, ...] | None
    filters_version: int | None
    link: str | None
    """The page that it shares."""
    card: Card | None
    quotes: int
    quoting: bool
    """Whether it quotes something itself."""
    quote_automatic: tuple[QuotersWord, ...]
    quote_manual: tuple[QuotersWord, ...]
    quotable: MayQuote


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a status quotes. `status` is there where the reader may see it, but for the quotes of what is quoted."""

    state: State
    quoted_id: int | None
    status: "Status | None" = None


class Mentioned(msgspec.Struct, frozen=True, kw_only=True):
    """What a mention shows of an account."""

    id: int
    username: str
    domain: str | None
    url: str


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A status with all that is shown around it. `viewer` is who reads, or None."""

    row: StatusRow
    account: AccountRow
    mentions: tuple[Mentioned, ...]
    boost_of: "Status | None"
    viewer: int | None
    card_author: AccountRow | None = None
    filtered: tuple[Match, ...] = ()
    """Which of the viewer's filters it is caught by."""
    quote: Quote | None = None

    @property
    def searchable(self) -> str:
        """What the words of filters are looked for in; of a boost, that of its original."""
        row = self.row if self.boost_of is None else self.boost_of.row
        descriptions = (attachment.description for attachment in row.attachments)
        return searchable(row.spoiler_text, html.to_text(row.content), row.poll_titles or (), descriptions)


async def load(connection: Connection, ids: Sequence[int], viewer: int | None) -> list[Status]:
    """Return statuses in the order of `ids`, without those that are gone. It does not ask who may see them.

    Three queries: statuses with what they boost, their authors, whom they mention; two more if an author has moved, and
    four or five more if something is quoted. Of quotes the viewer is shown what they may see.
    """
    return await _load(connection, ids, viewer, quoted=False)


async def _load(connection: Connection, ids: Sequence[int], viewer: int | None, *, quoted: bool) -> list[Status]:
    if not ids:
        return []
    rows = await several(connection, _LOAD, {"ids": list(ids), "viewer": viewer}, StatusRow)
    credited = {row.card.author_id for row in rows if row.card is not None and row.card.author_id is not None}
    authors = await accounts.load(connection, {row.account_id for row in rows} | credited)
    mentioned = await _mentioned(connection, rows)
    quotes = await _quotes(connection, [row.id for row in rows if row.quoting], viewer, shallow=quoted)
    found: dict[int, Status] = {}
    for row in sorted(rows, key=lambda row: row.boost_of_id is not None):
        original = found.get(row.boost_of_id) if row.boost_of_id is not None else None
        if row.account_id not in authors or (row.boost_of_id is not None and original is None):
            continue
        found[row.id] = Status(
            row=row,
            account=authors[row.account_id],
            mentions=tuple(
                mentioned[mention.account_id]
                for mention in row.mentions
                if not mention.silent and mention.account_id in mentioned
            ),
            boost_of=original,
            viewer=viewer,
            card_author=authors.get(row.card.author_id or 0) if row.card is not None else None,
            quote=quotes.get(row.id),
        )
    return [found[each] for each in ids if each in found]


async def _quotes(connection: Connection, ids: Sequence[int], viewer: int | None, *, shallow: bool) -> dict[int, Quote]:
    """Return what statuses quote; what that quotes in turn is only named."""
    if not ids:
        return {}
    links = await views.links(connection, ids, viewer)
    wanted = [] if shallow else list({link.quoted_id for link in links if link.quoted_id is not None})
    found = {each.row.id: each for each in await _load(connection, wanted, viewer, quoted=True)}
    return {
        link.status_id: Quote(
            state=link.state, quoted_id=link.quoted_id, status=found.get(link.quoted_id) if link.quoted_id else None
        )
        for link in links
    }


async def _mentioned(connection: Connection, rows: Sequence[StatusRow]) -> dict[int | None, Mentioned]:
    wanted = {mention.account_id for row in rows for mention in row.mentions if mention.account_id is not None}
    if not wanted:
        return {}
    found = await several(connection, _SQL["mentioned"], {"ids": list(wanted)}, Mentioned)
    return {mention.id: mention for mention in found}


async def load_visible(connection: Connection, ids: Sequence[int], viewer: int | None) -> list[Status]:
    """Return those of some statuses that the viewer may see, in their order."""
    allowed = set(await numbers(connection, _VISIBLE, {"ids": list(ids), "viewer": viewer})) if ids else set()
    return await load(connection, [each for each in ids if each in allowed], viewer)


async def one(connection: Connection, status_id: int, viewer: int | None) -> Status | None:
    """Return a status, or None if there is none or the viewer may not see it."""
    if not await can_see(connection, status_id, viewer):
        return None
    return next(iter(await load(connection, [status_id], viewer)), None)


async def by_uri(connection: Connection, uri: str) -> int | None:
    """Return the id of the status at a URI, if it is known here."""
    return next(iter(await numbers(connection, _SQL["by_uri"], {"key": key_of(uri)})), None)


async def boost_of(connection: Connection, status_id: int, viewer: int) -> int | None:
    """Return the id of the viewer's boost of a status, if there is one."""
    return next(iter(await numbers(connection, _SQL["boost_of"], {"id": status_id, "viewer": viewer})), None)


_LOAD = flat(_SQL["load"].format(may_quote=may_quote(READER)))
_VISIBLE = flat(_SQL["visible"].format(visible=visible()))
