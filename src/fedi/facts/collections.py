"""Who stands in whose collection (FEP-7aa9)."""

from fedi.facts import Fact


class FeatureAsking(Fact, frozen=True, kw_only=True):
    """Somebody asks an account to stand in one of their collections; the answer names `uri`."""

    account_id: int
    member_id: int
    member_uri: str
    collection_uri: str
    uri: str


class FeatureStamped(Fact, frozen=True, kw_only=True):
    """Somebody here stands in a collection of somebody elsewhere, and says so by the stamp at `stamp`."""

    collection_id: int
    item_id: int
    account_id: int
    member_id: int
    collection_uri: str
    stamp: str


class CollectionDescribed(Fact, frozen=True, kw_only=True):
    """What the collection of somebody elsewhere, in which somebody here stands, is like."""

    collection_id: int
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    tag: str


class FeatureAccepted(Fact, frozen=True, kw_only=True):
    """An account elsewhere stands in a collection of somebody here, and says so by its stamp."""

    collection_id: int
    member_id: int
    stamp: str


class FeatureEnded(Fact, frozen=True, kw_only=True):
    """An account does not stand in a collection, or no longer; one of the two is of somebody here."""

    collection_id: int
    member_id: int


class CollectionAnnounced(Fact, frozen=True, kw_only=True):
    """Somebody tells everybody of a collection of theirs."""

    account_id: int
