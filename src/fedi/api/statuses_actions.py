"""Publishing, editing and deleting statuses."""

import base64

import msgspec

from fedi.api.acting import acting, caught_up, status_after, writer, writing
from fedi.api.entities.scheduled import ScheduledStatus
from fedi.api.entities.statuses import Status, deleted_status, status
from fedi.api.pending import Making, edited_post
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.scheduled_statuses import moment_of, planned_status
from fedi.commands import boosts, edits, quotes, scheduled, statuses
from fedi.commands.drafts import PollDraft, QuoteChoice, StatusDraft
from fedi.commands.edits import Description
from fedi.descriptions import Visibility
from fedi.errors import ClientError, NotFoundError
from fedi.views import statuses as views

MAX_KEY = 256


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class MediaAttribute(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    description: str | None = None
    focus: str | None = None
    thumbnail: str | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing and editing have in common."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool | None = None
    language: str | None = None
    media_ids: list[int] = []
    poll: Poll | None = None
    quote_approval_policy: QuoteChoice | None = None


class NewStatus(Written, frozen=True, kw_only=True):
    visibility: Visibility | None = None
    in_reply_to_id: int | None = None
    quoted_status_id: int | None = None
    scheduled_at: str | None = None


class ChangedStatus(Written, frozen=True, kw_only=True):
    id: int
    media_attributes: list[MediaAttribute] = []


class DeletedStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    delete_media: bool = False


@route("POST", "/api/v1/statuses", scope="write:statuses", auth="user", ahead=writer)
async def publish(request: ApiRequest, params: NewStatus) -> Status | ScheduledStatus:
    """Publish a status, now or later; with an Idempotency-Key, a repetition within an hour answers with the first."""
    # Uploads are taken, and strangers looked for, before it is appended; a warning before no text becomes the text.
    if params.media_ids or "@" in params.status or "@" in params.spoiler_text:
        await request.prove()
    async with request.deps.written.writing(request.account_id) as mark:
        author, settled = await writing(request, mark)
        draft = msgspec.structs.replace(
            _draft(params),
            visibility=params.visibility,
            in_reply_to_id=params.in_reply_to_id,
            quoted_status_id=params.quoted_status_id,
            application=author.application,
            key=request.headers.get("idempotency-key", "")[:MAX_KEY] or None,
        )
        at = moment_of(params.scheduled_at)
        if at is not None and at > request.deps.clock():
            await request.prove()
            planned = await scheduled.schedule(request.deps.commands, author.ref, draft, at)
            await caught_up(request, planned.position)
            return await planned_status(request, planned.scheduled)
        with Making(request.deps, settled, draft) as making:
            premise = request.unproven.premise if request.unproven else None
            how = statuses.How(premise=premise, meanwhile=making.begin)
            published = await statuses.publish_status(request.deps.commands, author.ref, draft, author.preferences, how)
            if published.post is not None:
                request.unproven = None
            made = await making.answer(published)
        if made is None:
            return await status_after(request, published.status_id, published.position)
        shown, answer = made
        mark.stands(published.position, shown.account.statuses)
        if request.deps.posted is not None:
            request.deps.posted(shown)
        return answer


@route(("PUT", "PATCH"), "/api/v1/statuses/:id", scope="write:statuses", auth="user")
async def change(request: ApiRequest, params: ChangedStatus) -> Status:
    """Change a status of one's own. Media that are not named again are taken off."""
    author = await acting(request)
    descriptions = {
        each.id: Description(description=each.description, focus=focus(each.focus), thumbnail=thumbnail(each.thumbnail))
        for each in params.media_attributes
    }
    edited = await edits.edit_status(request.deps.commands, author, params.id, _draft(params), descriptions)
    reached = await caught_up(request, edited.position if edited else None)
    if params.quote_approval_policy is not None:
        policy = params.quote_approval_policy
        await caught_up(request, await quotes.set_policy(request.deps.commands, author, params.id, policy))
    async with request.deps.pool.connection() as connection:
        found = await views.one(connection, params.id, request.account_id)
        if found is None:
            raise NotFoundError
        if edited and edited.post and not reached:
            found = await edited_post(connection, found, edited.post)
    return status(found, request.deps.site)


@route("DELETE", "/api/v1/statuses/:id", scope="write:statuses", auth="user")
async def delete(request: ApiRequest, params: DeletedStatus) -> Status:
    """Delete a status of one's own; it is answered with its source, to be written anew with the same media.

    A boost of one's own is taken back.
    """
    author = await acting(request)
    async with request.deps.pool.connection() as connection:
        found = await views.one(connection, params.id, request.account_id)
    if found is None or found.row.account_id != author.id:
        raise NotFoundError
    if found.row.boost_of_id is not None:
        await caught_up(request, await boosts.unboost_status(request.deps.commands, author, params.id))
        return deleted_status(found, "", request.deps.site)
    source = await statuses.own_status(request.deps.commands, author, params.id)
    position = await statuses.delete_status(request.deps.commands, author, params.id, media_too=params.delete_media)
    await caught_up(request, position)
    return deleted_status(found, source.text or "", request.deps.site)


def focus(given: str | None) -> tuple[float, float] | None:
    """Return a focal point written as `x,y`, each -1 to 1. Raises ClientError for anything else."""
    if not given:
        return None
    try:
        x, y = (float(part) for part in given.split(","))
    except ValueError:
        raise ClientError("Validation failed: Focus is invalid") from None
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise ClientError("Validation failed: Focus is invalid")
    return x, y


def thumbnail(given: str | None) -> bytes | None:
    """Return the picture in a `data:` URI (RFC 2397), as apps send one in an edit. Raises ClientError."""
    if not given:
        return None
    head, _, encoded = given.partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        raise ClientError("Validation failed: Thumbnail is invalid")
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ClientError("Validation failed: Thumbnail is invalid") from None


def _draft(params: Written) -> StatusDraft:
    given = params.poll
    poll = None
    if given is not None and given.options:
        options = tuple(option.strip() for option in given.options)
        poll = PollDraft(
            options=options, expires_in=given.expires_in, multiple=given.multiple, hide_totals=given.hide_totals
        )
    return StatusDraft(
        text=params.status,
        spoiler_text=params.spoiler_text,
        sensitive=params.sensitive,
        language=params.language,
        media_ids=tuple(params.media_ids),
        quote_policy=params.quote_approval_policy,
        poll=poll,
    )
