"""Relays: servers that pass public posts on to all who subscribe."""

from fedi.events.catalogue import Event, event


@event("relay.added")
class RelayAdded(Event, frozen=True, kw_only=True):
    """The operator subscribes to the relay that is spoken to at `inbox`, by the Follow `follow_uri` of `target`.

    `target` is the public, as Mastodon's relays want it, or the relay's actor (LitePub).
    """

    inbox: str
    follow_uri: str
    target: str


@event("relay.removed")
class RelayRemoved(Event, frozen=True, kw_only=True):
    inbox: str
