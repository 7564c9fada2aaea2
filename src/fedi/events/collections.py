"""Collections: accounts that somebody recommends together (FEP-7aa9)."""

from fedi.events.catalogue import Event, event


@event("collection.saved")
class CollectionSaved(Event, frozen=True, kw_only=True):
    """A collection was made, or is another one now. `tag` is a hashtag in its normal form, or ""."""

    collection_id: int
    account_id: int
    name: str
    description: str = ""
    language: str = ""
    sensitive: bool = False
    discoverable: bool = True
    tag: str = ""


@event("collection.deleted")
class CollectionDeleted(Event, frozen=True, kw_only=True):
    collection_id: int
    account_id: int


@event("collection.account_added")
class CollectionAccountAdded(Event, frozen=True, kw_only=True):
    """`member_id` lets itself be recommended, and is, by `account_id`; or is asked first, while `pending`."""

    collection_id: int
    item_id: int
    account_id: int
    member_id: int
    pending: bool = False


@event("collection.account_removed")
class CollectionAccountRemoved(Event, frozen=True, kw_only=True):
    """Its owner took somebody out of a collection."""

    collection_id: int
    item_id: int


@event("collection.membership_revoked")
class CollectionMembershipRevoked(Event, frozen=True, kw_only=True):
    """Somebody does not want to stand in a collection any more, and cannot be put into it again."""

    collection_id: int
    item_id: int
