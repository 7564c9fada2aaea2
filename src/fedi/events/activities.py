"""What the network said, and what was said to it. The document is kept as it stood, so that it can be read anew."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from fedi.events.catalogue import Event, event


class MediaShown(msgspec.Struct, frozen=True, kw_only=True):
    """What apps are told of an upload. A document calls a silent film that plays by itself a video like any other."""

    kind: Literal["image", "gifv", "video", "audio", "unknown"]
    meta: dict[str, Any] = {}


@event("activity.received")
class ActivityReceived(Event, frozen=True, kw_only=True):
    """A verified activity came in.

    `document` is the activity as received, `actor` the verified actor's URI, `key` the key that signed, `signed_at` the
    instant the signature names, `digest` the SHA-256 of the body in hex.
    """

    document: msgspec.Raw
    actor: str
    key: str
    signed_at: datetime
    digest: str


@event("activity.published")
class ActivityPublished(Event, frozen=True, kw_only=True):
    """A local actor acted towards the network, or the server answered in an actor's name.

    `document` is the activity as it will be delivered, `account_id` the local actor's account. The other fields are
    what the document does not carry: the id allotted to a new status, its source text and media, the app it was made
    with, and whether its poll shows numbers only at its end.
    `media_shown` has, for each of its media, what it is to apps: `kind`, and `meta` as the API shows it.
    `boosts`, `notify` and `languages` are what a follower wants to see of the followed.
    """

    document: msgspec.Raw
    account_id: int
    status_id: int | None = None
    text: str | None = None
    media_ids: tuple[int, ...] = ()
    media_shown: tuple[MediaShown, ...] = ()
    application: tuple[str, str] | None = None
    hide_totals: bool = False
    boosts: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()


@event("document.fetched")
class DocumentFetched(Event, frozen=True, kw_only=True):
    """An actor, object or collection was dereferenced.

    `url` is where it was found after redirects. `handle` is `user@domain` as WebFinger confirmed it both ways, for an
    actor whose handle has another domain than its id.
    """

    document: msgspec.Raw
    url: str
    handle: str = ""


@event("document.vanished")
class DocumentVanished(Event, frozen=True, kw_only=True):
    """What is known here by the id `url` was asked for, and its own server answered that it is gone (410)."""

    url: str
