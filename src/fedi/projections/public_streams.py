"""Which of the streams that anybody may open a status belongs to."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec

from fedi.facts import Entry
from fedi.facts.statuses import StatusPublished
from fedi.projections import status_rows
from fedi.projections.announcements import Announcement, StreamEvent

RECENT = timedelta(hours=6)
"""Older posts that arrive (fetched, or late) take their place in the timelines, but nobody is told."""


class Streamed(msgspec.Struct, frozen=True, kw_only=True):
    """What decides where a status is streamed; `answers_other` tells a reply to somebody else."""

    id: int
    account_id: int
    visibility: str
    local: bool
    boost: bool
    answers_other: bool
    media: bool
    tags: Sequence[str]


def announce_published(entry: Entry, fact: StatusPublished) -> Iterator[Announcement]:
    """Yield what to tell of a new post: public ones on public streams, unless they answer somebody else."""
    if fact.visibility != "public" or entry.origin == "fetched" or entry.at - fact.created_at > RECENT:
        return
    post = Streamed(
        id=fact.status_id,
        account_id=fact.account_id,
        visibility=fact.visibility,
        local=fact.local,
        boost=False,
        answers_other=bool(fact.post.in_reply_to) and fact.in_reply_to_account_id != fact.account_id,
        media=bool(fact.post.attachments),
        tags=status_rows.tag_names(fact.post),
    )
    yield Announcement(event="update", id=post.id, channels=channels(post))


def announce_changed(event: StreamEvent, status: Streamed) -> Announcement:
    """Return what to tell of an edit or a deletion: the streams on which a new post like this would be told."""
    author = status.account_id if status.visibility != "direct" else None
    return Announcement(event=event, id=status.id, channels=channels(status), account=author)


def channels(status: Streamed) -> tuple[str, ...]:
    """Return the public streams that a status belongs to."""
    if status.visibility != "public" or status.boost:
        return ()
    return (*_tags(status.tags, status.local), *([] if status.answers_other else _public(status.local, status.media)))


def _public(local: bool, media: bool) -> Iterator[str]:
    for name in ("public", "public:local" if local else "public:remote"):
        yield name
        if media:
            yield f"{name}:media"


def _tags(names: Sequence[str], local: bool) -> Iterator[str]:
    for name in names:
        yield f"hashtag:{name}"
        if local:
            yield f"hashtag:local:{name}"
