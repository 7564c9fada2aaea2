"""Statuses as clients see them, with what stands around and behind them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, account
from fedi.api.entities.cards import PreviewCard, preview_card
from fedi.api.entities.emojis import CustomEmoji, emojis
from fedi.api.entities.filters import FilterResult, filter_results
from fedi.api.entities.media import MediaAttachment, media_attachments
from fedi.api.entities.polls import Poll, poll
from fedi.site import Site
from fedi.views import statuses as views
from fedi.views.edits import Edit


class StatusMention(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    username: str
    url: str
    acct: str


class ShallowTag(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str


class StatusApplication(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    website: str | None


class QuoteApproval(msgspec.Struct, frozen=True, kw_only=True):
    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()
    current_user: str = "denied"


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a status quotes; what a quoted status quotes in turn (a ShallowQuote) is only named."""

    state: str
    quoted_status: "Status | UnsetType | None" = UNSET
    quoted_status_id: str | UnsetType | None = UNSET


class Status(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    created_at: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int = 0
    edited_at: str | None
    favourited: bool | UnsetType = UNSET
    reblogged: bool | UnsetType = UNSET
    muted: bool | UnsetType = UNSET
    bookmarked: bool | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    filtered: list[FilterResult] | UnsetType = UNSET
    content: str | UnsetType
    text: str | UnsetType = UNSET
    reblog: "Status | None"
    application: StatusApplication | None
    account: Account
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[ShallowTag]
    emojis: tuple[CustomEmoji, ...]
    tagged_collections: tuple[()] = ()
    quote: Quote | None = None
    card: PreviewCard | None = None
    poll: Poll | None
    quote_approval: QuoteApproval = QuoteApproval()


class Context(msgspec.Struct, frozen=True, kw_only=True):
    ancestors: list[Status]
    descendants: list[Status]


class StatusEdit(msgspec.Struct, frozen=True, kw_only=True):
    account: Account
    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    media_attachments: list[MediaAttachment]
    emojis: tuple[CustomEmoji, ...]
    quote: Quote | UnsetType = UNSET
    poll: dict[str, Any] | UnsetType = UNSET


class StatusSource(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    text: str
    spoiler_text: str


def status(found: views.Status, site: Site, *, quoted: bool = False) -> Status:
    """Return a status as its reader sees it; a boost has nothing but its original inside.

    A status that is `quoted` names what it quotes in turn, and shows no more of it.
    """
    row = found.row
    reader = found.viewer is not None
    boosted = None if found.boost_of is None else status(found.boost_of, site)
    did = row if found.boost_of is None else found.boost_of.row
    return Status(
        id=str(row.id),
        created_at=timestamp(row.created_at),
        in_reply_to_id=None if row.in_reply_to_id is None else str(row.in_reply_to_id),
        in_reply_to_account_id=None if row.in_reply_to_account_id is None else str(row.in_reply_to_account_id),
        sensitive=row.sensitive or found.account.sensitized,
        spoiler_text=row.spoiler_text,
        visibility=row.visibility,
        language=row.language or None,
        uri=row.uri,
        url=row.url or row.uri,
        replies_count=row.replies,
        reblogs_count=row.boosts,
        favourites_count=row.favourites,
        quotes_count=did.quotes,
        edited_at=None if row.edited_at is None else timestamp(row.edited_at),
        favourited=did.favourited if reader else UNSET,
        reblogged=did.boosted if reader else UNSET,
        muted=did.muted if reader else UNSET,
        bookmarked=did.bookmarked if reader else UNSET,
        pinned=row.pinned if _can_pin(row, found.viewer) else UNSET,
        filtered=filter_results(found.filtered) if reader else UNSET,
        content=row.content,
        reblog=boosted,
        application=_application(row),
        account=account(found.account, site),
        media_attachments=media_attachments(row.attachments, site, row.id, rejected=found.account.media_rejected),
        mentions=[_mention(mention, site) for mention in found.mentions],
        tags=[ShallowTag(name=name, url=site.tag_page(name)) for name in row.tags],
        emojis=emojis(() if found.account.media_rejected else row.emojis, site, "status_emojis", row.id),
        quote=_quote(found.quote, site, shallow=quoted),
        card=None if row.card is None else preview_card(row.card, found.card_author, site),
        poll=poll(found, site),
        quote_approval=QuoteApproval(automatic=did.quote_automatic, manual=did.quote_manual, current_user=did.quotable),
    )


def _quote(found: views.Quote | None, site: Site, *, shallow: bool) -> Quote | None:
    if found is None:
        return None
    if shallow:
        return Quote(state=found.state, quoted_status_id=None if found.quoted_id is None else str(found.quoted_id))
    return Quote(
        state=found.state, quoted_status=None if found.status is None else status(found.status, site, quoted=True)
    )


def statuses(found: Sequence[views.Status], site: Site) -> list[Status]:
    """Return statuses in their order."""
    return [status(each, site) for each in found]


def deleted_status(found: views.Status, text: str, site: Site) -> Status:
    """Return a status as it is answered when its author deletes it: with its source, to be written anew."""
    return msgspec.structs.replace(status(found, site), content=UNSET, text=text)


def edit(found: Edit, of: views.Status, site: Site) -> StatusEdit:
    """Return one version of a status; what it quotes stays the same through its edits."""
    options, status_id = found.poll_options, of.row.id
    quote = _quote(of.quote, site, shallow=False)
    return StatusEdit(
        account=account(of.account, site),
        content=found.content,
        spoiler_text=found.spoiler_text,
        sensitive=found.sensitive or of.account.sensitized,
        created_at=timestamp(found.edited_at),
        media_attachments=media_attachments(found.attachments, site, status_id, rejected=of.account.media_rejected),
        emojis=emojis(() if of.account.media_rejected else found.emojis, site, "status_emojis", status_id),
        quote=UNSET if quote is None else quote,
        poll=UNSET if options is None else {"options": [{"title": title} for title in options]},
    )


def _can_pin(row: views.StatusRow, viewer: int | None) -> bool:
    return row.account_id == viewer and row.boost_of_id is None and row.visibility != "direct"


def _application(row: views.StatusRow) -> StatusApplication | None:
    if row.application is None:
        return None
    name, website = row.application
    return StatusApplication(name=name, website=website or None)


def _mention(found: views.Mentioned, site: Site) -> StatusMention:
    return StatusMention(
        id=str(found.id), username=found.username, url=found.url, acct=site.handle(found.username, found.domain)
    )
