"""Collections of accounts, and the consent to stand in them (FEP-7aa9); `questions` has how it is asked for. Pure."""

from collections.abc import Sequence
from datetime import datetime

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import questions, tags
from fedi.activitypub.vocabulary.rendering.contexts import ACTIVITYSTREAMS, FEP_7AA9, Json, timestamp
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.site import Site

CONTEXT = [
    ACTIVITYSTREAMS,
    {
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "Hashtag": "as:Hashtag",
        "gts": "https://gotosocial.org/ns#",
        "FeaturedCollection": f"{FEP_7AA9}FeaturedCollection",
        "FeaturedItem": f"{FEP_7AA9}FeaturedItem",
        "FeatureRequest": f"{FEP_7AA9}FeatureRequest",
        "FeatureAuthorization": f"{FEP_7AA9}FeatureAuthorization",
        "topic": {"@id": f"{FEP_7AA9}topic", "@type": "@id"},
        "featuredObject": {"@id": f"{FEP_7AA9}featuredObject", "@type": "@id"},
        "featuredObjectType": {"@id": f"{FEP_7AA9}featuredObjectType", "@type": "@id"},
        "featureAuthorization": {"@id": f"{FEP_7AA9}featureAuthorization", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    },
]
QUESTION = questions.Kind("FeatureRequest", CONTEXT, "feature_requests")


def featured_item(uri: str, actor: str, kind: str, authorization: str) -> Json:
    """Return somebody's place in a collection."""
    return {
        "type": "FeaturedItem",
        "id": uri,
        "featuredObject": actor,
        "featuredObjectType": kind,
        "featureAuthorization": authorization,
    }


def featured_collection(
    site: Site,
    uri: str,
    owner: str,
    *,
    name: str,
    description: str,
    language: str,
    sensitive: bool,
    discoverable: bool,
    tag: str,
    published: datetime,
    updated: datetime,
    items: Sequence[Json],
) -> Json:
    """Return a collection of accounts."""
    document: Json = {
        "@context": CONTEXT,
        "id": uri,
        "type": "FeaturedCollection",
        "attributedTo": owner,
        "name": name,
        "summary": description,
        "sensitive": sensitive,
        "discoverable": discoverable,
        "published": timestamp(published),
        "updated": timestamp(updated),
        "totalItems": len(items),
        "orderedItems": list(items),
    }
    if language:
        document["summaryMap"] = {language: description}
    if tag:
        document["topic"] = tags.hashtag(site, tag)
    return document


def feature_authorization(uri: str, actor: str, collection: str) -> Json:
    """Return the consent of an actor to stand in a collection."""
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "FeatureAuthorization",
        "attributedTo": actor,
        "interactingObject": collection,
        "interactionTarget": actor,
    }


def delete_feature(actor: str, owner: str, stamp: str) -> Json:
    """A stamp is taken back: told to whoever made the collection."""
    return {
        "@context": CONTEXT,
        "id": addresses.deletion(stamp),
        "type": "Delete",
        "actor": actor,
        "to": [owner],
        "object": stamp,
    }


def collection_added(actor: str, collection: Json, number: int) -> Json:
    """A collection is there."""
    return _told("Add", actor, collection, addresses.featured_collections(actor), number)


def collection_removed(actor: str, collection: str, number: int) -> Json:
    """A collection is gone."""
    gone = {"id": collection, "type": "FeaturedCollection"}
    return _told("Remove", actor, gone, addresses.featured_collections(actor), number)


def collection_changed(actor: str, collection: Json, at: datetime) -> Json:
    """A collection is another one, or others stand in it."""
    told: Json = {"@context": CONTEXT, "id": addresses.update(collection["id"], at), "type": "Update", "actor": actor}
    return {**told, **_public(actor), "object": _bare(collection)}


def _told(kind: str, actor: str, collection: Json, target: str, number: int) -> Json:
    told: Json = {"@context": CONTEXT, "id": addresses.act(actor, "recommended", number), "type": kind, "actor": actor}
    return {**told, **_public(actor), "object": _bare(collection), "target": target}


def _public(actor: str) -> Json:
    return {"to": [PUBLIC], "cc": [addresses.followers(actor)]}


def _bare(collection: Json) -> Json:
    return {name: value for name, value in collection.items() if name != "@context"}
