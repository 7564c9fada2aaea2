"""Activities in the shapes in which nearly all of them come, for a decoder that makes nothing else of them.

A document that has any other property, or a value of another kind, is none of these: whoever looks into it with the
readers of any document may find in it what these would have passed by. That is why no shape has a property by which a
reader here and one there could come to different ends, and why what is passed by is named as well.
"""

from typing import Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType, field

Context = str | list[Raw]
"""Not an object alone: erasure would look for posts in it."""
Addressed = str | tuple[str, ...]


class _Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Of what has come as JSON nothing is part of itself, so the garbage collector need not look."""


class _Typed(_Shape, frozen=True, kw_only=True, tag_field="type"):
    pass


class Page(_Shape, frozen=True, kw_only=True):
    """The first page of a collection, which is not read."""

    type: str
    id: str | None = None
    next: str | None = None
    part_of: str | None = field(default=None, name="partOf")
    items: tuple[str, ...] = ()


class Collection(_Shape, frozen=True, kw_only=True):
    """The answers to a post, who likes it or who boosts it: how many they are is all that is read."""

    type: str
    id: str | None = None
    total: int | None = field(default=None, name="totalItems")
    first: Page | str | None = None


class Mention(_Typed, frozen=True, kw_only=True, tag="Mention"):
    href: str
    name: str | None = None


class Hashtag(_Typed, frozen=True, kw_only=True, tag="Hashtag"):
    name: str
    href: str | None = None


class Icon(_Shape, frozen=True, kw_only=True):
    type: str
    url: str
    media_type: str | None = field(default=None, name="mediaType")


class Emoji(_Typed, frozen=True, kw_only=True, tag="Emoji"):
    name: str
    icon: Icon
    id: str | None = None
    updated: str | None = None


class Approval(_Shape, frozen=True, kw_only=True):
    """Whom one part of a policy lets in, at once or after they asked."""

    automatic: Addressed = field(default=(), name="automaticApproval")
    manual: Addressed = field(default=(), name="manualApproval")


class Policy(_Shape, frozen=True, kw_only=True):
    can_quote: Approval = field(name="canQuote")


class File(_Shape, frozen=True, kw_only=True):
    """A picture, a sound or a film."""

    type: Literal["Document", "Image", "Audio", "Video"]
    url: str
    media_type: str = field(name="mediaType")
    name: str | None = None
    summary: str | None = None
    blurhash: str | None = None
    width: int | None = None
    height: int | None = None
    focal_point: list[float | int] | None = field(default=None, name="focalPoint")


class Note(_Shape, frozen=True, kw_only=True):
    """A post, as Mastodon and those like it write it. `atomUri` and the like are there and mean nothing."""

    type: Literal["Note"]
    id: str
    by: str = field(name="attributedTo")
    content: str
    published: str
    context_: Context = field(default="", name="@context")
    to: Addressed = ()
    cc: Addressed = ()
    url: str | None = None
    in_reply_to: str | None = field(default=None, name="inReplyTo")
    summary: str | None = None
    sensitive: bool = False
    updated: str | None = None
    texts: dict[str, str] | None = field(default=None, name="contentMap")
    conversation: str | None = None
    context: str | None = None
    tag: tuple[Mention | Hashtag | Emoji, ...] = ()
    attachment: tuple[File, ...] = ()
    policy: Policy | None = field(default=None, name="interactionPolicy")
    replies: Collection | str | None = None
    likes: Collection | str | None = None
    shares: Collection | str | None = None
    atom_uri: str | None = field(default=None, name="atomUri")
    atom_parent: str | None = field(default=None, name="inReplyToAtomUri")


class Tombstone(_Shape, frozen=True, kw_only=True):
    type: Literal["Tombstone"]
    id: str
    atom_uri: str | UnsetType = field(default=UNSET, name="atomUri")


class _Act(_Shape, frozen=True, kw_only=True):
    """What every activity says of itself."""

    actor: str
    id: str
    context_: Context = field(default="", name="@context")
    to: Addressed = ()
    cc: Addressed = ()
    published: str | None = None


class _Said(_Act, frozen=True, kw_only=True, tag_field="type"):
    pass


class Asked(_Act, frozen=True, kw_only=True):
    """A Follow that is answered. Where only one type is possible, the decoder would do without it if it were a tag."""

    type: Literal["Follow"]
    object: str


class Create(_Said, frozen=True, kw_only=True, tag="Create"):
    object: Note


class Update(_Said, frozen=True, kw_only=True, tag="Update"):
    object: Note


class Delete(_Said, frozen=True, kw_only=True, tag="Delete"):
    object: str | Tombstone


class Announce(_Said, frozen=True, kw_only=True, tag="Announce"):
    object: str


class Like(_Said, frozen=True, kw_only=True, tag="Like"):
    object: str


class Follow(_Said, frozen=True, kw_only=True, tag="Follow"):
    object: str


class Accept(_Said, frozen=True, kw_only=True, tag="Accept"):
    object: str | Asked


class Reject(_Said, frozen=True, kw_only=True, tag="Reject"):
    object: str | Asked


class Block(_Said, frozen=True, kw_only=True, tag="Block"):
    object: str


class Undo(_Said, frozen=True, kw_only=True, tag="Undo"):
    object: Follow | Like | Announce | Block


Activity = Create | Announce | Like | Follow | Accept | Reject | Delete | Undo | Update | Block
