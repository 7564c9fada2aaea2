"""Hashtags that a person follows, or shows on their profile. `name` is the tag in its normal form."""

from fedi.events.catalogue import Event, event


@event("tag.followed")
class TagFollowed(Event, frozen=True, kw_only=True):
    account_id: int
    name: str


@event("tag.unfollowed")
class TagUnfollowed(Event, frozen=True, kw_only=True):
    account_id: int
    name: str


@event("tag.featured")
class TagFeatured(Event, frozen=True, kw_only=True):
    """Posts with a hashtag are shown together on the profile; `written` is the tag as its owner writes it."""

    account_id: int
    name: str
    written: str


@event("tag.unfeatured")
class TagUnfeatured(Event, frozen=True, kw_only=True):
    account_id: int
    name: str
