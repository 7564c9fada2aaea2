"""Collections and their pages. Items are ids, or whole objects where strangers could not fetch them otherwise."""

from collections.abc import Sequence
from typing import Any

from fedi.activitypub.vocabulary.rendering.contexts import ACTIVITYSTREAMS, Json


def collection(
    uri: str, total: int, *, first: str = "", items: Sequence[Any] | None = None, ordered: bool = True
) -> Json:
    """Return a collection: with its items, with a link to its first page, or with nothing but its total."""
    kind = "OrderedCollection" if ordered else "Collection"
    document: Json = {"@context": ACTIVITYSTREAMS, "id": uri, "type": kind, "totalItems": total}
    if items is not None:
        document["orderedItems" if ordered else "items"] = list(items)
    if first:
        document["first"] = first
    return document


def page(
    uri: str, part_of: str, items: Sequence[Any], *, next_page: str = "", previous: str = "", ordered: bool = True
) -> Json:
    """Return a page of a collection; `next_page` leads to what is older."""
    kind = "OrderedCollectionPage" if ordered else "CollectionPage"
    document: Json = {"@context": ACTIVITYSTREAMS, "id": uri, "type": kind, "partOf": part_of}
    if next_page:
        document["next"] = next_page
    if previous:
        document["prev"] = previous
    return document | {"orderedItems" if ordered else "items": list(items)}
