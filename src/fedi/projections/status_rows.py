"""How facts about statuses become rows of the statuses view. Here the HTML of strangers is cleaned."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import hashtags, html
from fedi.copying import array, as_json
from fedi.descriptions import Attachment, Emoji, Post
from fedi.facts import Entry
from fedi.facts.interactions import PollVoted, StatusBoosted
from fedi.facts.statuses import MentionedAccount, StatusEdited, StatusPublished
from fedi.projections.projection import entry_id


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `statuses`."""

    id: int
    account_id: int
    uri: str
    url: str
    kind: str
    content: str
    spoiler_text: str
    sensitive: bool
    visibility: str
    language: str
    created_at: datetime
    edited_at: datetime | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    in_reply_to_uri: str
    boost_of_id: int | None
    boost_of_account_id: int | None
    local: bool
    conversation: str
    quote_uri: str
    quote_automatic: tuple[str, ...]
    quote_manual: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    emojis: tuple[Emoji, ...]
    mentions: tuple[MentionedAccount, ...]
    tags: tuple[str, ...]
    application: tuple[str, str] | None
    text: str | None
    document: str | None
    position: int
    entry: int


COLUMNS = StatusRow.__struct_fields__
BOOST_COLUMNS = (
    "id",
    "account_id",
    "uri",
    "url",
    "kind",
    "visibility",
    "created_at",
    "boost_of_id",
    "boost_of_account_id",
    "local",
    "document",
    "position",
    "entry",
)
"""What the row of a boost tells; the others are as the table has them by default."""
boost_copied: Callable[[StatusRow], tuple[object, ...]] = attrgetter(*BOOST_COLUMNS)
"""Returns the values of those columns as they are copied into the table."""
_PLACES = {name: place for place, name in enumerate(COLUMNS)}
_ARRAYS = [_PLACES[name] for name in ("quote_automatic", "quote_manual", "tags")]
_DOCUMENTS = [_PLACES[name] for name in ("attachments", "emojis", "mentions")]
_APPLICATION = _PLACES["application"]


class AuthorCount(msgspec.Struct, frozen=True):
    """What new statuses add to a row of `account_statuses`."""

    account_id: int
    statuses: int
    last_status_at: datetime


class StatusCount(msgspec.Struct, frozen=True):
    """What new statuses add to a row of `status_counts`."""

    status_id: int
    replies: int
    boosts: int


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """What changes about a status without being an edit: what it quotes, who may quote it, and its document."""

    status_id: int
    quote_uri: str
    quote_automatic: tuple[str, ...]
    quote_manual: tuple[str, ...]
    document: str | None


class EditRow(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a status: a row of `status_edits`, and what it changes in `statuses`."""

    status_id: int
    edited_at: datetime
    ordinal: int
    content: str
    spoiler_text: str
    sensitive: bool
    language: str
    attachments: tuple[Attachment, ...]
    emojis: tuple[Emoji, ...]
    mentions: tuple[MentionedAccount, ...]
    tags: tuple[str, ...]
    text: str | None
    document: str | None
    poll_options: tuple[str, ...] | None


class MentionRow(msgspec.Struct, frozen=True):
    """A row of `status_mentions`."""

    status_id: int
    account_id: int
    silent: bool


class TagRow(msgspec.Struct, frozen=True):
    """A row of `status_tags`."""

    name: str
    status_id: int


class PollRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `polls`."""

    status_id: int
    account_id: int
    titles: tuple[str, ...]
    votes: tuple[int, ...]
    multiple: bool
    expires_at: datetime | None
    voters_count: int | None
    hide_totals: bool


class VoteRow(msgspec.Struct, frozen=True):
    """A vote that has not found its option yet."""

    id: int
    status_id: int
    account_id: int
    option: str
    at: datetime


def of_post(entry: Entry, fact: StatusPublished) -> StatusRow:
    """Return the row of a new post."""
    post = fact.post
    return StatusRow(
        id=fact.status_id,
        account_id=fact.account_id,
        uri=post.uri,
        url=post.url or post.uri,
        kind=post.kind,
        content=content_of(post),
        spoiler_text=post.summary,
        sensitive=post.sensitive or bool(post.summary),
        visibility=fact.visibility,
        language=post.language,
        created_at=fact.created_at,
        edited_at=None,
        in_reply_to_id=fact.in_reply_to_id,
        in_reply_to_account_id=fact.in_reply_to_account_id,
        in_reply_to_uri=post.in_reply_to,
        boost_of_id=None,
        boost_of_account_id=None,
        local=fact.local,
        conversation=post.conversation,
        quote_uri=post.quote,
        quote_automatic=fact.quote_policy.automatic,
        quote_manual=fact.quote_policy.manual,
        attachments=post.attachments,
        emojis=post.emojis,
        mentions=fact.mentions,
        tags=tag_names(post),
        application=fact.application,
        text=fact.text,
        document=_bytea(fact.document),
        position=entry.position,
        entry=entry_id(entry),
    )


def of_boost(entry: Entry, fact: StatusBoosted) -> StatusRow:
    """Return the row of a boost: it has an author, a time and an audience, and says nothing itself."""
    return StatusRow(
        id=fact.boost_id,
        account_id=fact.account_id,
        uri=fact.uri,
        url=fact.uri,
        kind="Announce",
        content="",
        spoiler_text="",
        sensitive=False,
        visibility=fact.visibility,
        language="",
        created_at=fact.created_at,
        edited_at=None,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        in_reply_to_uri="",
        boost_of_id=fact.status_id,
        boost_of_account_id=fact.status_account_id,
        local=fact.local,
        conversation="",
        quote_uri="",
        quote_automatic=(),
        quote_manual=(),
        attachments=(),
        emojis=(),
        mentions=(),
        tags=(),
        application=None,
        text=None,
        document=_bytea(fact.document),
        position=entry.position,
        entry=entry_id(entry),
    )


def copied(row: StatusRow) -> Sequence[object]:
    """Return the values of a row as they are copied into its table."""
    values: list[Any] = [*msgspec.structs.astuple(row)]
    for place in _ARRAYS:
        values[place] = array(values[place]) if values[place] else "{}"
    for place in _DOCUMENTS:
        values[place] = as_json(values[place]) if values[place] else "[]"
    values[_APPLICATION] = None if row.application is None else as_json(row.application)
    return values


def counts(new: Iterable[StatusRow]) -> tuple[list[AuthorCount], list[StatusCount]]:
    """Return what new statuses count for others: their authors, their parents, what they boost."""
    numbers: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    replies: Counter[int] = Counter()
    boosts: Counter[int] = Counter()
    for row in new:
        if row.visibility != "direct":
            numbers[row.account_id] += 1
            last[row.account_id] = max(row.created_at, last.get(row.account_id, row.created_at))
        if row.in_reply_to_id is not None and row.visibility in {"public", "unlisted"}:
            replies[row.in_reply_to_id] += 1
        if row.boost_of_id is not None:
            boosts[row.boost_of_id] += 1
    authors = [AuthorCount(account, number, last[account]) for account, number in numbers.items()]
    return authors, [StatusCount(each, replies[each], boosts[each]) for each in {**replies, **boosts}]


def edit(entry: Entry, fact: StatusEdited) -> EditRow:
    """Return the version of a status that an edit made."""
    post = fact.post
    return EditRow(
        status_id=fact.status_id,
        edited_at=fact.edited_at,
        ordinal=entry_id(entry),
        content=content_of(post),
        spoiler_text=post.summary,
        sensitive=post.sensitive or bool(post.summary),
        language=post.language,
        attachments=post.attachments,
        emojis=post.emojis,
        mentions=fact.mentions,
        tags=tag_names(post),
        text=fact.text,
        document=_bytea(fact.document),
        poll_options=tuple(option.title for option in post.poll.options) if post.poll else None,
    )


def rules(facts: Iterable[StatusEdited]) -> Iterator[RuleRow]:
    """Yield who may quote the latest versions of posts."""
    for fact in facts:
        if fact.quote_policy is not None:
            yield RuleRow(
                status_id=fact.status_id,
                quote_uri=fact.post.quote,
                quote_automatic=fact.quote_policy.automatic,
                quote_manual=fact.quote_policy.manual,
                document=_bytea(fact.document),
            )


def mentions(facts: Iterable[StatusPublished | StatusEdited]) -> Iterator[MentionRow]:
    """Yield whom posts are for by name, or silently, as far as they are known."""
    for fact in facts:
        for mention in fact.mentions:
            if mention.account_id is not None and mention.addressed:
                yield MentionRow(fact.status_id, mention.account_id, mention.silent)


def tags(facts: Iterable[StatusPublished | StatusEdited]) -> Iterator[TagRow]:
    """Yield the hashtags of posts."""
    for fact in facts:
        for name in tag_names(fact.post):
            yield TagRow(name, fact.status_id)


def polls(facts: Iterable[StatusPublished | StatusEdited]) -> Iterator[PollRow]:
    """Yield the polls of posts."""
    for fact in facts:
        poll = fact.post.poll
        if poll is not None:
            yield PollRow(
                status_id=fact.status_id,
                account_id=fact.account_id,
                titles=tuple(option.title for option in poll.options),
                votes=tuple(option.votes for option in poll.options),
                multiple=poll.multiple,
                expires_at=poll.closed_at or poll.expires_at,
                voters_count=poll.voters_count,
                hide_totals=fact.hide_totals,
            )


def vote(entry: Entry, fact: PollVoted) -> VoteRow:
    """Return a vote, with the time that decides whether the poll was still open."""
    return VoteRow(entry_id(entry), fact.status_id, fact.account_id, fact.option, entry.at)


def content_of(post: Post) -> str:
    """Return the clean HTML of a post; of what is no note the vocabulary has made title, summary and link."""
    return html.clean(post.content)


def tag_names(post: Post) -> tuple[str, ...]:
    """Return the hashtags of a post in the form in which they are looked up."""
    return tuple(dict.fromkeys(map(hashtags.normal, post.hashtags)))


def _bytea(document: bytes) -> str | None:
    return "\\x" + document.hex() if document else None
