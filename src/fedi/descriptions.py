"""What documents describe: an actor, a post and what hangs on them, in words that no dialect has.

Texts are as their author wrote them: cleaning HTML is the business of the view that keeps it.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

Visibility = Literal["public", "unlisted", "private", "direct"]
Interaction = Literal["like", "reply", "boost"]
"""What servers that know GoToSocial's interaction policies ask leave for."""


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a fact. Nothing that is frozen can hold itself, so the garbage collector need not walk over it."""


class Emoji(Value, frozen=True, kw_only=True):
    """A custom emoji: `shortcode` without colons."""

    shortcode: str
    url: str


class Image(Value, frozen=True, kw_only=True):
    url: str
    description: str = ""


class Field(Value, frozen=True, kw_only=True):
    """A row of a profile's table; `value` is HTML."""

    name: str
    value: str


class PublicKey(Value, frozen=True, kw_only=True):
    """A key that an actor says is its own: `pem` for RSA and Ed25519 alike."""

    key_id: str
    pem: str


class QuoteRule(Value, frozen=True, kw_only=True):
    """Who may quote a post, or put an actor into a collection, in the words of its document: actors and collections,
    by URI (FEP-044f, FEP-7aa9)."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


class Profile(Value, frozen=True, kw_only=True):
    """What an actor says of itself. URIs are as in its document; `note` is HTML.

    `show_…` tell which parts of its profile it wants shown; pages of `attribution_domains` may name it as their author.
    """

    uri: str
    kind: Literal["Person", "Service", "Group", "Application", "Organization"]
    username: str
    display_name: str = ""
    note: str = ""
    url: str = ""
    inbox: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers: str = ""
    following: str = ""
    featured: str = ""
    featured_tags: str = ""
    avatar: Image | None = None
    header: Image | None = None
    fields: tuple[Field, ...] = ()
    emojis: tuple[Emoji, ...] = ()
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    memorial: bool = False
    suspended: bool = False
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    attribution_domains: tuple[str, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    moved_to: str = ""
    also_known_as: tuple[str, ...] = ()
    can_feature: QuoteRule | None = None
    published: datetime | None = None
    updated: datetime | None = None


class Attachment(Value, frozen=True, kw_only=True):
    """Media of a post. `kind` is Mastodon's; sizes are pixels, `duration` seconds, focus -1 to 1."""

    kind: Literal["image", "gifv", "video", "audio", "unknown"]
    url: str
    media_type: str = ""
    description: str = ""
    blurhash: str = ""
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    focus: tuple[float, float] | None = None
    preview_url: str = ""
    media_id: int | None = None
    meta: dict[str, Any] | None = None
    """Of an upload of our own: all that apps are told of its sizes and rates, which no document carries."""


class Mention(Value, frozen=True, kw_only=True):
    """Somebody addressed by name in a post. `name` is as written, often `@user@host`."""

    uri: str
    name: str = ""


class PollOption(Value, frozen=True, kw_only=True):
    title: str
    votes: int = 0


class Poll(Value, frozen=True, kw_only=True):
    options: tuple[PollOption, ...]
    multiple: bool = False
    expires_at: datetime | None = None
    closed_at: datetime | None = None
    voters_count: int | None = None


class Post(Value, frozen=True, kw_only=True):
    """What the document of a post says. `content` is HTML, not yet clean; of an Article, a Video and the like it is
    title, summary and link. `title` is their name. `hashtags` are as written, without #. `quote` is what it quotes,
    `quote_authorization` the stamp by which the quoted author allows that, `can_quote` who may quote the post itself.
    """

    uri: str
    author: str
    kind: str = "Note"
    url: str = ""
    title: str = ""
    content: str = ""
    summary: str = ""
    sensitive: bool = False
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    in_reply_to: str = ""
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[str, ...] = ()
    emojis: tuple[Emoji, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    quote: str = ""
    quote_authorization: str = ""
    can_quote: QuoteRule | None = None
    conversation: str = ""
    likes: int | None = None
    shares: int | None = None
