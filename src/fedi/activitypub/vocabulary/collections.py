"""Collections and their pages: how many, and the ids of what is listed."""

from typing import Any

from fedi.activitypub.vocabulary import tags, values
from fedi.activitypub.vocabulary.authority import id_required
from fedi.activitypub.vocabulary.claims import CollectionDescribed
from fedi.activitypub.vocabulary.values import Document

MAX_ITEMS = 200


def read_collection(document: Document) -> CollectionDescribed:
    """Return what a Collection or a page of one lists; raises `MalformedError` where it has no id.

    A page that is embedded as `first` is read; one that is only named is left to be fetched.
    """
    embedded = values.first(document.get("first"))
    page = embedded if isinstance(embedded, dict) else document
    listed = _listed(document) or _listed(page)
    return CollectionDescribed(
        uri=id_required(document),
        total=values.total(document),
        items=tuple(dict.fromkeys(filter(None, map(_item, listed)))),
        first="" if page is embedded else values.uri(embedded),
        next=values.id_of(page.get("next")),
        hashtags=tags.hashtag_names(listed),
    )


def _listed(document: Document) -> list[Any]:
    listed = values.members(document.get("orderedItems")) or values.members(document.get("items"))
    return listed[:MAX_ITEMS]


def _item(value: Any) -> str:
    if isinstance(value, dict) and "Create" in values.types(value):
        return values.id_of(value.get("object"))
    return values.id_of(value)
