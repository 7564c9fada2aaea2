"""Collections as other servers read them."""

from typing import Any

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import featured
from fedi.site import Site
from fedi.views.collections import Collection, Item


def document(site: Site, found: Collection) -> dict[str, Any]:
    """Return a local collection with all who stand in it, as it is served."""
    row = found.row
    uri = addresses.collection(row.owner_uri, row.id)
    return featured.featured_collection(
        site,
        uri,
        row.owner_uri,
        name=row.name,
        description=row.description,
        language=row.language,
        sensitive=row.sensitive,
        discoverable=row.discoverable,
        tag=row.tag,
        published=row.created_at,
        updated=row.updated_at,
        items=[_item(site, uri, item) for item in found.items if item.state == "accepted"],
    )


def authorization(site: Site, account_id: int, item_id: int) -> str:
    """Return where somebody here says that they stand in a collection."""
    return f"{site.base_url}/ap/users/{account_id}/feature_authorizations/{item_id}"


def _item(site: Site, collection: str, item: Item) -> dict[str, Any]:
    stamp = item.stamp or authorization(site, item.account_id, item.id)
    return featured.featured_item(f"{collection}#items/{item.id}", item.uri, item.kind, stamp)
