"""Which of the streams that anybody may open a status belongs to."""

from collections.abc import Iterator
from datetime import timedelta

from fedi.activitypub.vocabulary import hashtags
from fedi.facts import Entry, Post, StatusEdited, StatusPublished
from fedi.projections.announcements import Announcement

RECENT = timedelta(hours=6)
"""Older posts that arrive (fetched, or late) take their place in the timelines, but nobody is told."""


def announce_published(entry: Entry, fact: StatusPublished) -> Iterator[Announcement]:
    """Yield what to tell of a new post: public ones on public streams, unless they answer somebody else."""
    if fact.visibility != "public" or entry.origin == "fetched" or entry.at - fact.created_at > RECENT:
        return
    answers_other = bool(fact.post.in_reply_to) and fact.in_reply_to_account_id != fact.account_id
    channels = tuple(_tags(fact.post, fact.local))
    if not answers_other:
        channels += tuple(_public(fact.local, bool(fact.post.attachments)))
    yield Announcement(event="update", id=fact.status_id, channels=channels)


def announce_edited(fact: StatusEdited) -> Announcement:
    """Return what to tell of an edit: whoever may have shown the post hears of it."""
    return Announcement(event="status.update", id=fact.status_id, channels=("*",))


def announce_deleted(status_id: int) -> Announcement:
    """Return what to tell of a deletion: whoever may have shown the post hears of it."""
    return Announcement(event="delete", id=status_id, channels=("*",))


def _public(local: bool, media: bool) -> Iterator[str]:
    for name in ("public", "public:local" if local else "public:remote"):
        yield name
        if media:
            yield f"{name}:media"


def _tags(post: Post, local: bool) -> Iterator[str]:
    for name in dict.fromkeys(map(hashtags.normal, post.hashtags)):
        yield f"hashtag:{name}"
        if local:
            yield f"hashtag:local:{name}"
