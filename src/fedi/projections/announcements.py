"""What handlers tell the streams: which thing changed, and on which channels people may be listening.

Announcements are published to Redis after the views are committed, and only live: a rebuild tells nobody. They name
things by id; whoever holds the sockets reads the views and decides who may see what.
"""

from typing import Literal

import msgspec

CHANNEL = "fedi:stream"
"""The Redis channel on which each batch's announcements are published, as one JSON array."""

StreamEvent = Literal[
    "update",
    "status.update",
    "delete",
    "notification",
    "notifications_merged",
    "conversation",
    "filters_changed",
    "aversions_changed",
    "missed",
    "announcement",
    "announcement.reaction",
    "announcement.delete",
    "accounts_masked",
]


class Announcement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to tell.

    `id` is a status's or, for `notification` and `conversation`, that of such a one; `filters_changed` and
    `notifications_merged` have none. `channels` are streams that anybody may open, by the names that clients use
    (`public`, `public:local`, `public:remote`, each also with `:media`; `hashtag:NAME`, `hashtag:local:NAME`;
    `list:ID`); `homes` are accounts whose home timeline is concerned; `account` is whom a notification is for, whose
    conversation it is, whose filters or requests changed, or whose status changed or went, unless it was a direct one.
    `accounts_masked` is for the home timelines and for nobody who listens: the account, or many if that is 0, was
    suspended, or is no longer. `aversions_changed` and `missed` are for those who remember: whom the account, or
    everybody where there is none, mutes and blocks is another now, or anything may have changed without being told.
    `announcement…` are about what the staff announces, and are for everybody; `name` is the
    reaction that changed.
    """

    event: StreamEvent
    id: int
    channels: tuple[str, ...] = ()
    homes: tuple[int, ...] = ()
    account: int | None = None
    name: str = ""
