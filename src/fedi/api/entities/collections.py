"""Collections as clients see them."""

import msgspec
from msgspec import UNSET, UnsetType

from fedi.activitypub.vocabulary import addresses
from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account
from fedi.api.entities.statuses import ShallowTag
from fedi.site import Site
from fedi.views import collections as views


class CollectionItem(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    state: str
    created_at: str
    account_id: str | UnsetType = UNSET


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    uri: str
    name: str
    description: str | None
    language: str | None
    account_id: str
    local: bool
    sensitive: bool
    discoverable: bool
    url: str | None
    item_count: int
    created_at: str
    updated_at: str
    tag: ShallowTag | None
    items: list[CollectionItem]


class CollectionWithAccounts(msgspec.Struct, frozen=True, kw_only=True):
    collection: Collection
    accounts: list[Account]


def collection(found: views.Collection, site: Site) -> Collection:
    """Return a collection with who stands in it."""
    row = found.row
    return Collection(
        id=str(row.id),
        uri=row.uri or addresses.collection(row.owner_uri, row.id),
        name=row.name,
        description=row.description,
        language=row.language or None,
        account_id=str(row.account_id),
        local=not row.uri,
        sensitive=row.sensitive,
        discoverable=row.discoverable,
        url=None,
        item_count=sum(item.state == "accepted" for item in found.items),
        created_at=timestamp(row.created_at),
        updated_at=timestamp(row.updated_at),
        tag=ShallowTag(name=row.tag, url=site.tag_page(row.tag)) if row.tag else None,
        items=[collection_item(item) for item in found.items],
    )


def collection_item(item: views.Item) -> CollectionItem:
    """Return somebody's place in a collection; whoever took it back is not named."""
    return CollectionItem(
        id=str(item.id),
        state=item.state,
        created_at=timestamp(item.created_at),
        account_id=str(item.account_id) if item.state in {"accepted", "pending"} else UNSET,
    )
