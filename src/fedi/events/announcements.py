"""What the staff announces to everybody here, and what people make of it."""

from datetime import datetime

from fedi.events.catalogue import Event, event


@event("announcement.published")
class AnnouncementPublished(Event, frozen=True, kw_only=True):
    """An announcement, or another form of one.

    `content` is HTML; `mention_ids`, `tags` and `status_ids` are what its text names. From `starts_at` to `ends_at` is
    what it is about; after that nobody sees it any more.
    """

    announcement_id: int
    content: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    mention_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    status_ids: tuple[int, ...] = ()


@event("announcement.removed")
class AnnouncementRemoved(Event, frozen=True, kw_only=True):
    announcement_id: int


@event("announcement.reacted")
class AnnouncementReacted(Event, frozen=True, kw_only=True):
    """`name` is an emoji, or the shortcode of one of ours."""

    account_id: int
    announcement_id: int
    name: str


@event("announcement.unreacted")
class AnnouncementUnreacted(Event, frozen=True, kw_only=True):
    account_id: int
    announcement_id: int
    name: str
