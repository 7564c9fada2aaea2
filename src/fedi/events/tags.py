"""Hashtags that a person follows. `name` is the tag in its normal form."""

from fedi.events.catalogue import Event, event


@event("tag.followed")
class TagFollowed(Event, frozen=True, kw_only=True):
    account_id: int
    name: str


@event("tag.unfollowed")
class TagUnfollowed(Event, frozen=True, kw_only=True):
    account_id: int
    name: str
