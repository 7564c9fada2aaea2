"""Posts of local people: publish and delete. Editing has a file of its own."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from fedi.activitypub.vocabulary import quotes, rendering
from fedi.activitypub.vocabulary.visibility import audience
from fedi.commands import attachments, composing, drafts, emojis, media, preferences, quoting, said
from fedi.commands.context import Context, append
from fedi.commands.drafts import PollDraft, StatusDraft
from fedi.commands.idempotency import once
from fedi.descriptions import Poll, PollOption, Post
from fedi.errors import ClientError, FediError, NotFoundError
from fedi.events import Recorded
from fedi.events.activities import ActivityPublished
from fedi.ids import moment_of
from fedi.log.drafts import Conflict, Draft, Premise
from fedi.registry.users import Preferences
from fedi.views import targets
from fedi.views.targets import AccountRef, StatusRef


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is said, or about to be. `post` is None when the request was a repetition.

    `named` are whom a new post mentions, in their order; `parent` is what it answers.
    """

    status_id: int
    post: Post | None = None
    named: tuple[AccountRef, ...] = ()
    parent: StatusRef | None = None


class Published(Said, frozen=True, kw_only=True):
    """A post that was said: where it stands in the log."""

    position: int


class How(msgspec.Struct, frozen=True, kw_only=True):
    """How a new post is written to the log.

    `premise` is what it stands on (`Appender.append`); `meanwhile` is called in the moment in which it is being
    written, with what may yet fail.
    """

    premise: Premise | None = None
    meanwhile: Callable[[Said], None] | None = None


ON_NOTHING = How()


async def publish_status(
    context: Context,
    author: AccountRef,
    draft: StatusDraft,
    preferred: Preferences | None = None,
    how: How = ON_NOTHING,
) -> Published:
    """Publish a post. With a key, a repetition within an hour answers with the first.

    `preferred` is what the author prefers, where the caller knows it.

    Raises:
        Fallen: its premise is not so any more; nothing was said.
        ClientError: the draft breaks a limit, or its media cannot be attached.
        NotFoundError: what it answers does not exist, or its author may not see it.
    """
    draft = drafts.normal(draft)
    if draft.key is None:
        return await publish(context, author, draft, None, preferred=preferred, how=how)

    async def act(wanted: UUID) -> Published:
        return await publish(context, author, draft, wanted, preferred=preferred, how=how)

    return await once(context, author.id, draft.key, act, _again)


async def delete_status(context: Context, author: AccountRef, status_id: int, *, media_too: bool) -> int:
    """Delete a post of one's own, and its media if `media_too`, or else they may be posted again.

    Returns the position.

    Raises NotFoundError: there is no such post, or it is somebody else's.
    """
    status = await own_status(context, author, status_id)
    event = said.deleted_post(author, status.uri)
    try:
        position = await append(context, [event])
    except Conflict:
        raise NotFoundError from None
    await attachments.release(context, status_id)
    if media_too:
        for media_id in status.media_ids:
            await media.discard(context, author, media_id)
    return position


async def own_status(context: Context, author: AccountRef, status_id: int) -> StatusRef:
    """Return a post of somebody's own. Raises NotFoundError."""
    async with context.pool.connection() as connection:
        status = await targets.status(connection, status_id, author.id)
    if status is None or status.account_id != author.id or status.boost_of_id is not None:
        raise NotFoundError
    return status


async def publish(
    context: Context,
    author: AccountRef,
    draft: StatusDraft,
    key: UUID | None,
    *,
    preferred: Preferences | None = None,
    held_by: int | None = None,
    also: Sequence[Draft] = (),
    how: How = ON_NOTHING,
) -> Published:
    """Publish a draft in its normal form, under the identity `key` if there is one.

    Its media may be bound to `held_by` until now; `also` is said as one unit with it. Raises as `publish_status` does,
    and Conflict if something of that identity was said before.
    """
    drafts.check(draft)
    parent = await _parent(context, author, draft.in_reply_to_id)
    uploads = await attachments.uploads(context, author.id, draft.media_ids, held_by)
    quoted = await quoting.quoted(context, author, draft)
    chosen = preferences.choices(preferred or await preferences.of_account(context, author.id), draft)
    visibility = quoting.narrowed(chosen.visibility, quoted)
    body = await composing.body(context, draft.text)
    if quoted is not None:
        quoting.check_named(visibility, author, body.mentions, quoted)
    status_id = context.appender.allot(context.clock())
    published = moment_of(status_id)
    to, cc = audience(visibility, author.followers_uri, [mention.uri for mention in body.mentions])
    post = rendering.local_post(
        context.site,
        author.username,
        status_id,
        content=composing.with_link(body.content, quoted.url or quoted.uri) if quoted else body.content,
        published=published,
        to=to,
        cc=cc,
        summary=draft.spoiler_text,
        sensitive=chosen.sensitive,
        language=chosen.language,
        in_reply_to=parent.uri if parent else "",
        conversation=parent.conversation if parent else "",
        mentions=body.mentions,
        hashtags=body.hashtags,
        emojis=await emojis.used(context, draft.text, draft.spoiler_text, *(draft.poll.options if draft.poll else ())),
        attachments=tuple(attachments.attachment(upload, context.storage) for upload in uploads),
        poll=new_poll(draft.poll, published) if draft.poll else None,
        quote=quoted.uri if quoted else "",
        can_quote=quotes.rule_of(
            chosen.quote_policy if visibility in {"public", "unlisted"} else "nobody", author.uri, author.followers_uri
        ),
    )
    post, answers = await quoting.asked(context, author, post, quoted) if quoted else (post, [])
    event = said.created_post(
        context,
        author,
        post,
        key=key,
        status_id=status_id,
        text=draft.text,
        media_ids=draft.media_ids,
        application=draft.application,
        hide_totals=draft.poll is not None and draft.poll.hide_totals,
    )
    await attachments.bind(context, author.id, draft.media_ids, status_id, held_by)
    new = Said(status_id=status_id, post=post, named=body.named, parent=parent)
    begun = functools.partial(how.meanwhile, new) if how.meanwhile is not None else None
    try:
        position = await append(context, [event, *answers, *also], begun, how.premise)
    except FediError:
        if held_by is None:
            await attachments.release(context, status_id)
        else:
            await attachments.bind(context, author.id, draft.media_ids, held_by, status_id)
        raise
    return Published(position=position, **msgspec.structs.asdict(new))


def _again(recorded: Recorded) -> Published:
    event = recorded.event
    if not isinstance(event, ActivityPublished) or event.status_id is None:
        raise ClientError("Validation failed: Idempotency-Key was used for something else")
    return Published(position=recorded.position, status_id=event.status_id)


async def _parent(context: Context, author: AccountRef, status_id: int | None) -> StatusRef | None:
    if status_id is None:
        return None
    async with context.pool.connection() as connection:
        parent = await targets.status(connection, status_id, author.id)
        if parent is not None and parent.boost_of_id is not None:
            parent = await targets.status(connection, parent.boost_of_id, author.id)
    if parent is None:
        raise NotFoundError
    return parent


def new_poll(draft: PollDraft, now: datetime) -> Poll:
    """Return a poll that nobody has voted in."""
    return Poll(
        options=tuple(PollOption(title=title) for title in draft.options),
        multiple=draft.multiple,
        expires_at=now + timedelta(seconds=draft.expires_in),
        voters_count=0,
    )
