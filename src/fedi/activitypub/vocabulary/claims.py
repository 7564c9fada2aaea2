"""What a document claims, in URIs, before anybody asked whether it is known here.

`read` in each file of `activities/` turns an activity into claims; `actors.py`, `posts.py` and `collections.py` do so
for fetched documents. A claim is only ever as good as its `actor`: who said it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.descriptions import Interaction, Post, Profile


class Claim(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """Something that somebody said."""


class ActorDescribed(Claim, frozen=True, kw_only=True):
    """An actor's document. Said by the actor itself, or found at its id."""

    profile: Profile


class Posted(Claim, frozen=True, kw_only=True):
    """A post exists (Create, or found at its id). The post's author must be who says so."""

    post: Post


class Edited(Claim, frozen=True, kw_only=True):
    """A post is another one now (Update)."""

    post: Post


class Deleted(Claim, frozen=True, kw_only=True):
    """The object at `uri` is gone; it may be a post, an actor, or something we never met."""

    uri: str


class Voted(Claim, frozen=True, kw_only=True):
    """A Note with a name that answers a Question."""

    poll: str
    option: str


class Boosted(Claim, frozen=True, kw_only=True):
    """An Announce of `object`; `uri` is the Announce's own id."""

    uri: str
    object: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    published: datetime | None


class Favourited(Claim, frozen=True, kw_only=True):
    uri: str
    object: str
    emoji: str = ""


class FollowAsked(Claim, frozen=True, kw_only=True):
    uri: str
    object: str


class Blocked(Claim, frozen=True, kw_only=True):
    uri: str
    object: str


class Moved(Claim, frozen=True, kw_only=True):
    """The actor itself says that it is now at `target`."""

    target: str


class Answered(Claim, frozen=True, kw_only=True):
    """An Accept or a Reject of `object`; `asker` and `asked` are read from a Follow that is embedded."""

    accepted: bool
    object: str
    asker: str = ""
    asked: str = ""
    result: str = ""
    """The stamp, if what is only named turns out to be a request to quote."""


class InteractionAsked(Claim, frozen=True, kw_only=True):
    """May the actor's `instrument`, a Like, a reply or a boost, be done to the post `object`? (GoToSocial)"""

    kind: Interaction
    uri: str
    object: str
    instrument: str


class QuoteAsked(Claim, frozen=True, kw_only=True):
    """A QuoteRequest: may the actor's post `quote` quote the post `object`?"""

    uri: str
    object: str
    quote: str


class QuoteAnswered(Claim, frozen=True, kw_only=True):
    """An Accept, with the stamp as its result, or a Reject of the QuoteRequest `request`."""

    accepted: bool
    request: str
    quoted: str
    quote: str
    stamp: str = ""


class FeatureAsked(Claim, frozen=True, kw_only=True):
    """A FeatureRequest: may `member` stand in the actor's `collection`?"""

    uri: str
    member: str
    collection: str


class FeatureAnswered(Claim, frozen=True, kw_only=True):
    """An Accept, with the stamp as its result, or a Reject of the FeatureRequest `request`."""

    accepted: bool
    request: str
    member: str
    collection: str
    asker: str = ""
    stamp: str = ""


class CollectionTold(Claim, frozen=True, kw_only=True):
    """The actor says that the collection of accounts at `uri`, its own, is there, is another one, or is `gone`."""

    uri: str
    gone: bool = False


class CollectionShown(Claim, frozen=True, kw_only=True):
    """A collection of accounts, as its owner describes it; `tag` is a hashtag in its normal form, or ""."""

    uri: str
    owner: str
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    tag: str


class Stamped(Claim, frozen=True, kw_only=True):
    """A QuoteAuthorization, found at its id: `author` lets the post `quote` quote the post `quoted`."""

    uri: str
    author: str
    quote: str
    quoted: str


class Undone(Claim, frozen=True, kw_only=True):
    """An Undo: `object` is the id of the undone activity; `kind` and `target` are read from it where it is embedded."""

    object: str
    kind: Literal["", "Follow", "Like", "EmojiReact", "Announce", "Block", "Accept"] = ""
    target: str = ""
    emoji: str = ""


class Pinned(Claim, frozen=True, kw_only=True):
    """An Add to (`pinned`), or Remove from, the collection `target`."""

    object: str
    target: str
    pinned: bool


class TagShown(Claim, frozen=True, kw_only=True):
    """An Add to (`shown`), or Remove from, the collection `target`, of a hashtag as it is written, without its #."""

    name: str
    target: str
    shown: bool


class CollectionDescribed(Claim, frozen=True, kw_only=True):
    """A fetched collection: `items` holds the ids of what its first page lists, `total` is None where it does not say.

    Of a Create in an outbox the id of the post stands among the items. `first` and `next` are pages yet to be fetched.
    `hashtags` are those among the items.
    """

    uri: str
    total: int | None
    items: tuple[str, ...]
    first: str = ""
    next: str = ""
    hashtags: tuple[str, ...] = ()


class Hinted(Claim, frozen=True, kw_only=True):
    """Something is said to be at `uri`, by somebody whose word does not count for it: it is looked at where it lives.

    `changed`: it may be known, and is another one now, or gone. `about` is the post that a Like at `uri` is of.
    """

    uri: str
    changed: bool = False
    about: str = ""


class Reported(Claim, frozen=True, kw_only=True):
    """A Flag: `objects` are accounts, and posts of theirs."""

    uri: str
    objects: tuple[str, ...]
    comment: str
