"""Posts that wait for their time: planned, moved, taken back, and published once."""

import logging
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from fedi.commands import attachments, drafts, quoting
from fedi.commands.context import Context, append, note
from fedi.commands.drafts import PollDraft, StatusDraft
from fedi.commands.idempotency import once
from fedi.commands.statuses import publish
from fedi.errors import ClientError, FediError, NotFoundError
from fedi.events import Recorded, identity
from fedi.events.scheduled import (
    PlannedPoll,
    PlannedStatus,
    StatusRescheduled,
    StatusScheduled,
    StatusUnscheduled,
)
from fedi.log.drafts import Conflict, Draft
from fedi.registry import users
from fedi.views import scheduled_statuses, targets
from fedi.views.scheduled_statuses import Scheduled
from fedi.views.targets import AccountRef

SOONEST = timedelta(minutes=5)
MAX_TOTAL = 300
MAX_A_DAY = 25
_log = logging.getLogger(__name__)


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A post that waits, and where its event stands."""

    position: int
    scheduled: Scheduled


async def schedule(context: Context, author: AccountRef, draft: StatusDraft, at: datetime) -> Planned:
    """Plan a post. With a key, a repetition within an hour answers with the first.

    Raises:
        ClientError: the draft breaks a limit, the time is too near, or there are too many.
        NotFoundError: what it answers is not there.
    """
    draft = drafts.normal(draft)
    if draft.key is None:
        return await _schedule(context, author, draft, at, identity.fresh(context.clock()))

    async def act(wanted: UUID) -> Planned:
        return await _schedule(context, author, draft, at, wanted)

    return await once(context, author.id, draft.key, act, _again)


async def reschedule(context: Context, author: AccountRef, scheduled_id: int, at: datetime) -> Planned:
    """Publish a planned post at another time. Raises NotFoundError, or ClientError for a time that cannot be."""
    found = await own(context, author, scheduled_id)
    await _check_time(context, author, at, moved=found)
    event = StatusRescheduled(scheduled_id=found.id, account_id=author.id, scheduled_at=at)
    position = await note(context, event)
    return Planned(position=position, scheduled=msgspec.structs.replace(found, scheduled_at=at))


async def unschedule(context: Context, author: AccountRef, scheduled_id: int) -> int:
    """Take a planned post back; its media may be used again. Raises NotFoundError, also if it is published already."""
    found = await own(context, author, scheduled_id)
    try:
        position = await append(context, [_done(found)])
    except Conflict:
        raise NotFoundError from None
    await attachments.release(context, found.id)
    return position


async def own(context: Context, author: AccountRef, scheduled_id: int) -> Scheduled:
    """Return one of somebody's planned posts. Raises NotFoundError."""
    async with context.pool.connection() as connection:
        found = await scheduled_statuses.one(connection, scheduled_id, author.id)
    if found is None:
        raise NotFoundError
    return found


async def publish_due(context: Context, scheduled_id: int) -> int | None:
    """Publish a planned post whose time has come; return the position, None if it was not published now.

    It is published once, however often this is called.

    What can no longer be published (what it answers is gone, say) stays planned: its author sees it there. So does what
    was planned by somebody who may not post at the moment.
    """
    async with context.pool.connection() as connection:
        found = await scheduled_statuses.by_id(connection, scheduled_id)
        author = await targets.account(connection, found.account_id) if found is not None else None
        login = await users.by_account(connection, author.id) if author is not None else None
    if found is None or author is None or author.suspended or login is None or not login.functional:
        return None
    key = identity.of_due("scheduled", found.id)
    try:
        published = await publish(context, author, _draft(found.status), key, held_by=found.id, also=[_done(found)])
    except Conflict:
        # Published or taken back already; the views have not folded it yet.
        await attachments.release(context, found.id)
        return None
    except ClientError as error:
        _log.warning("planned post %d cannot be published: %s", found.id, error)
        return None
    return published.position


def _done(found: Scheduled) -> Draft:
    """It waits no longer. Of publishing it and taking it back only one can be said."""
    event = StatusUnscheduled(scheduled_id=found.id, account_id=found.account_id)
    return Draft(identity=identity.of_due("unscheduled", found.id), event=event)


async def _schedule(context: Context, author: AccountRef, draft: StatusDraft, at: datetime, wanted: UUID) -> Planned:
    drafts.check(draft)
    await _check_time(context, author, at, moved=None)
    if draft.in_reply_to_id is not None:
        async with context.pool.connection() as connection:
            if await targets.status(connection, draft.in_reply_to_id, author.id) is None:
                raise NotFoundError
    await quoting.quoted(context, author, draft)
    await attachments.uploads(context, author.id, draft.media_ids, None)
    new = Scheduled(
        id=context.appender.allot(context.clock()), account_id=author.id, scheduled_at=at, status=_planned(draft)
    )
    await attachments.bind(context, author.id, draft.media_ids, new.id)
    event = StatusScheduled(scheduled_id=new.id, account_id=author.id, scheduled_at=at, status=new.status)
    try:
        position = await append(context, [Draft(identity=wanted, event=event)])
    except FediError:
        await attachments.release(context, new.id)
        raise
    return Planned(position=position, scheduled=new)


async def _check_time(context: Context, author: AccountRef, at: datetime, *, moved: Scheduled | None) -> None:
    if at <= context.clock() + SOONEST:
        raise ClientError("Validation failed: Scheduled at The scheduled date must be in the future")
    async with context.pool.connection() as connection:
        total, that_day = await scheduled_statuses.count(connection, author.id, at)
    if moved is None and total >= MAX_TOTAL:
        raise ClientError(f"Validation failed: You have exceeded the limit of {MAX_TOTAL} scheduled posts")
    same_day = moved is not None and _day(moved.scheduled_at) == _day(at)
    if not same_day and that_day >= MAX_A_DAY:
        raise ClientError(f"Validation failed: You have exceeded the limit of {MAX_A_DAY} scheduled posts for that day")


def _again(recorded: Recorded) -> Planned:
    event = recorded.event
    if not isinstance(event, StatusScheduled):
        raise ClientError("Validation failed: Idempotency-Key was used for something else")
    known = Scheduled(
        id=event.scheduled_id, account_id=event.account_id, scheduled_at=event.scheduled_at, status=event.status
    )
    return Planned(position=recorded.position, scheduled=known)


_SAME = (
    *("text", "spoiler_text", "sensitive", "visibility", "language", "in_reply_to_id", "media_ids", "application"),
    *("quoted_status_id", "quote_policy"),
)


def _planned(draft: StatusDraft) -> PlannedStatus:
    poll = None if draft.poll is None else PlannedPoll(**msgspec.structs.asdict(draft.poll))
    return PlannedStatus(poll=poll, **{name: getattr(draft, name) for name in _SAME})


def _draft(planned: PlannedStatus) -> StatusDraft:
    poll = None if planned.poll is None else PollDraft(**msgspec.structs.asdict(planned.poll))
    return StatusDraft(poll=poll, **{name: getattr(planned, name) for name in _SAME})


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
