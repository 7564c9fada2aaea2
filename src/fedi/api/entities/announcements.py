"""Announcements of the staff as clients see them."""

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.encoding import timestamp
from fedi.api.entities.emojis import CustomEmoji, local_emoji
from fedi.api.entities.statuses import ShallowTag, StatusMention
from fedi.site import Site
from fedi.views.staff_announcements import Notice
from fedi.views.staff_announcements import Reaction as Made


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    count: int
    me: bool | UnsetType = UNSET
    url: str | UnsetType = UNSET
    static_url: str | UnsetType = UNSET


class AnnouncementStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    url: str


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool | UnsetType = UNSET
    mentions: list[StatusMention]
    statuses: list[AnnouncementStatus]
    tags: list[ShallowTag]
    emojis: list[CustomEmoji]
    reactions: list[Reaction]


class ReactionChange(msgspec.Struct, frozen=True, kw_only=True):
    """What streams tell of a reaction; 0 of them are none."""

    name: str
    count: int
    announcement_id: str


def announcement(found: Notice, site: Site) -> Announcement:
    """Return an announcement in the eyes of its viewer."""
    row = found.row
    return Announcement(
        id=str(row.id),
        content=row.content,
        starts_at=timestamp(row.starts_at) if row.starts_at else None,
        ends_at=timestamp(row.ends_at) if row.ends_at else None,
        all_day=row.all_day,
        published_at=timestamp(row.published_at),
        updated_at=timestamp(row.updated_at),
        read=UNSET if found.viewer is None else row.read,
        mentions=[
            StatusMention(
                id=str(who.id), username=who.username, url=who.url, acct=site.handle(who.username, who.domain)
            )
            for who in found.mentions
        ],
        statuses=[AnnouncementStatus(id=str(post.id), url=post.url) for post in found.statuses],
        tags=[ShallowTag(name=name, url=site.tag_page(name)) for name in row.tags],
        emojis=[local_emoji(each) for each in found.emojis],
        reactions=[reaction(each) for each in found.reactions],
    )


def reaction(made: Made) -> Reaction:
    """Return a reaction; one of nobody in particular's does not say whether it is the reader's."""
    url = made.url or UNSET
    return Reaction(name=made.name, count=made.count, me=UNSET if made.me is None else made.me, url=url, static_url=url)


def reaction_change(announcement_id: int, name: str, count: int) -> ReactionChange:
    """Return what streams tell of a reaction."""
    return ReactionChange(name=name, count=count, announcement_id=str(announcement_id))
