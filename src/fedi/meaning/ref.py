"""What a key stands for: a reference, or a claim that waits for one.

Of a stamp, and of a request to quote, `author_uri` is the post that quotes and `target_uri` the one that is quoted. Of
an account, `target_uri` is a handle of another domain that WebFinger confirmed, as an `acct:` URI, and `stamp` tells
when it said that it is gone. Of a follow, `stamp` tells since when it is accepted.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.descriptions import Visibility
from fedi.facts import Origin
from fedi.meaning.names import Name

RefKind = Literal[
    "account",
    "status",
    "boost",
    "like",
    "follow",
    "addressed",
    "block",
    "quote",
    "quote_request",
    "like_request",
    "reply_request",
    "boost_request",
    "stamp",
    "collection",
    "feature_request",
    "feature_stamp",
    "tombstone",
    "followers",
    "following",
    "outbox",
    "featured",
    "featured_tags",
    "awaited",
    "taken",
]
"""The last two never stand in the table: so loading tells of claims that wait for a key, and of ids that are taken."""


class Ref(msgspec.Struct, kw_only=True, gc=False):
    """What one key stands for. `id` is ours; `ended` is the position at which it ceased to be so.

    `returned` is the position at which it was so again: whatever stood to it before went with it.
    """

    name: Name
    uri: str
    kind: RefKind
    id: int | None = None
    author_id: int | None = None
    author_uri: str = ""
    target_id: int | None = None
    target_uri: str = ""
    visibility: Visibility | Literal[""] = ""
    domain: str | None = None
    followers: str = ""
    featured: str = ""
    local: bool = False
    locked: bool = False
    position: int = 0
    ended: int | None = None
    returned: int | None = None
    stamp: datetime | None = None
    stamped: int | None = None


class Waiting(msgspec.Struct, kw_only=True):
    """A claim about something that nobody here knows yet; `claim` is its JSON."""

    name: Name
    position: int
    ordinal: int
    at: datetime
    origin: Origin
    actor: str
    claim: str
    resolved: int | None = None


def known_id(value: int | None) -> int:
    """Return an id that a reference of its kind always has."""
    assert value is not None
    return value
