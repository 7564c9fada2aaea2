"""Editing: a post becomes another one, with the same id, audience and place in its conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from fedi.activitypub.vocabulary import posts
from fedi.activitypub.vocabulary.visibility import audience
from fedi.commands import attachments, composing, drafts, emojis, preferences, said
from fedi.commands import media as uploading
from fedi.commands.context import Context, append
from fedi.commands.drafts import PollDraft, StatusDraft
from fedi.commands.statuses import Published, new_poll, own_status
from fedi.descriptions import Poll, PollOption, Post
from fedi.registry import media
from fedi.registry.media import Media
from fedi.views import quotes, targets
from fedi.views.targets import AccountRef, StatusRef


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What an edit changes about a picture; None leaves it as it is. `thumbnail` holds the bytes of a picture."""

    description: str | None = None
    focus: tuple[float, float] | None = None
    thumbnail: bytes | None = None


async def edit_status(
    context: Context,
    author: AccountRef,
    status_id: int,
    draft: StatusDraft,
    descriptions: Mapping[int, Description] = {},
) -> Published | None:
    """Change a post of one's own; None when nothing is different. Raises as `publish_status` does."""
    status = await own_status(context, author, status_id)
    draft = drafts.normal(draft)
    before = posts.read_post(msgspec.json.decode(status.document or b""))
    drafts.check(draft, quotes=bool(before.quote))
    for change in descriptions.values():
        uploading.check_description(change.description)
    uploads = await attachments.uploads(context, author.id, draft.media_ids, status_id)
    body = await composing.body(context, draft.text)
    uploads = [await _illustrated(context, upload, descriptions.get(upload.id)) for upload in uploads]
    described = [_described(upload, descriptions.get(upload.id, Description())) for upload in uploads]
    now = _milliseconds(context.clock())
    poll = await _poll_after_edit(context, author, status, draft.poll, now)
    language = preferences.language(draft.language) or status.language
    sensitive = bool(draft.spoiler_text) or (status.sensitive if draft.sensitive is None else draft.sensitive)
    to, cc = audience(status.visibility, author.followers_uri, [mention.uri for mention in body.mentions])
    async with context.pool.connection() as connection:
        quoted_url = await quotes.url_of(connection, before.quote) if before.quote else ""
    after = msgspec.structs.replace(
        before,
        kind="Question" if poll else "Note",
        content=composing.with_link(body.content, quoted_url or before.quote) if before.quote else body.content,
        summary=draft.spoiler_text,
        sensitive=sensitive,
        language=language,
        to=to,
        cc=cc,
        mentions=body.mentions,
        hashtags=body.hashtags,
        emojis=await emojis.used(context, draft.text, draft.spoiler_text, *(draft.poll.options if draft.poll else ())),
        attachments=tuple(attachments.attachment(upload, context.storage) for upload in described),
        poll=poll,
        updated=now,
    )
    illustrated = any(change.thumbnail is not None for change in descriptions.values())
    if not illustrated and _looks_like(after, before, status, draft):
        return None
    await _describe(context, described, uploads)
    await attachments.bind(context, author.id, draft.media_ids, status_id)
    hide_totals = draft.poll is not None and draft.poll.hide_totals
    event = said.updated_post(
        context, author, after, now, text=draft.text, media_ids=draft.media_ids, hide_totals=hide_totals
    )
    position = await append(context, [event])
    await attachments.release(context, status_id, draft.media_ids)
    return Published(position=position, status_id=status_id, post=after)


async def _poll_after_edit(
    context: Context, author: AccountRef, status: StatusRef, draft: PollDraft | None, now: datetime
) -> Poll | None:
    """A poll with the same options goes on with its votes; another one begins anew (as Mastodon does)."""
    if draft is None:
        return None
    async with context.pool.connection() as connection:
        before = await targets.poll(connection, status.id, author.id)
    if before is None or before.titles != draft.options or before.multiple != draft.multiple:
        return new_poll(draft, now)
    return Poll(
        options=tuple(PollOption(title=t, votes=v) for t, v in zip(before.titles, before.votes, strict=True)),
        multiple=before.multiple,
        expires_at=before.expires_at,
        voters_count=before.voters_count,
    )


def _described(upload: Media, change: Description) -> Media:
    x, y = change.focus or (upload.focus_x, upload.focus_y)
    text = upload.description if change.description is None else change.description
    return msgspec.structs.replace(upload, description=text, focus_x=x, focus_y=y)


async def _illustrated(context: Context, upload: Media, change: Description | None) -> Media:
    if change is None or change.thumbnail is None:
        return upload
    return await uploading.illustrate(context, upload, change.thumbnail)


async def _describe(context: Context, after: Sequence[Media], before: Sequence[Media]) -> None:
    async with context.pool.connection() as connection:
        for upload, known in zip(after, before, strict=True):
            if upload != known:
                focus = (upload.focus_x, upload.focus_y)
                await media.describe(connection, upload.id, description=upload.description, focus=focus)


def _looks_like(after: Post, before: Post, status: StatusRef, draft: StatusDraft) -> bool:
    """Whether an edit changes nothing; the source counts too, since two sources can have one HTML."""
    same = ("summary", "sensitive", "language", "mentions", "hashtags")
    media_before = [(each.url, each.description, each.focus) for each in before.attachments]
    media_after = [(each.url, each.description, each.focus) for each in after.attachments]
    titles_before = [option.title for option in before.poll.options] if before.poll else None
    titles_after = [option.title for option in after.poll.options] if after.poll else None
    return (
        draft.text == status.text
        and media_before == media_after
        and titles_before == titles_after
        and all(getattr(after, name) == getattr(before, name) for name in same)
    )


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
