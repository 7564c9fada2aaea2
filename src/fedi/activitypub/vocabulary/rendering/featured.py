"""Collections of accounts, and the consent of those who stand in them (FEP-7aa9). Pure."""

from collections.abc import Sequence
from datetime import datetime

from fedi.activitypub.vocabulary.rendering import tags
from fedi.activitypub.vocabulary.rendering.contexts import ACTIVITYSTREAMS, Json, timestamp
from fedi.site import Site

_FEP_7AA9 = "https://w3id.org/fep/7aa9#"
CONTEXT = [
    ACTIVITYSTREAMS,
    {
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "Hashtag": "as:Hashtag",
        "gts": "https://gotosocial.org/ns#",
        "FeaturedCollection": f"{_FEP_7AA9}FeaturedCollection",
        "FeaturedItem": f"{_FEP_7AA9}FeaturedItem",
        "FeatureAuthorization": f"{_FEP_7AA9}FeatureAuthorization",
        "topic": {"@id": f"{_FEP_7AA9}topic", "@type": "@id"},
        "featuredObject": {"@id": f"{_FEP_7AA9}featuredObject", "@type": "@id"},
        "featuredObjectType": {"@id": f"{_FEP_7AA9}featuredObjectType", "@type": "@id"},
        "featureAuthorization": {"@id": f"{_FEP_7AA9}featureAuthorization", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    },
]


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
