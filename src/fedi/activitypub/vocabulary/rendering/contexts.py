"""JSON-LD contexts. Most readers do no JSON-LD, so every document uses these very terms and prefixes and no others."""

from datetime import datetime
from typing import Any

Json = dict[str, Any]

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
WEBFINGER = "https://purl.archive.org/socialweb/webfinger"

_TOOT = {"toot": "http://joinmastodon.org/ns#"}
_TAGS = {"Hashtag": "as:Hashtag", "Emoji": "toot:Emoji"}
_FOCUS = {"focalPoint": {"@container": "@list", "@id": "toot:focalPoint"}}
_FEP_044F = "https://w3id.org/fep/044f#"
_GTS = "https://gotosocial.org/ns#"
_QUOTES = {
    "gts": _GTS,
    "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
    "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
    "quote": {"@id": f"{_FEP_044F}quote", "@type": "@id"},
    "quoteAuthorization": {"@id": f"{_FEP_044F}quoteAuthorization", "@type": "@id"},
    "quoteUrl": "as:quoteUrl",
    "quoteUri": "http://fedibird.com/ns#quoteUri",
    "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
}
_COUNTED = {"likes": {"@id": "as:likes", "@type": "@id"}, "shares": {"@id": "as:shares", "@type": "@id"}}
"""Defined by ActivityStreams too, but not by the old copy of it that Mastodon verifies signatures with."""
_STAMP_TERMS = {
    "gts": _GTS,
    "QuoteAuthorization": f"{_FEP_044F}QuoteAuthorization",
    "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
    "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
}

FEP_7AA9 = "https://w3id.org/fep/7aa9#"

ACTOR = [
    ACTIVITYSTREAMS,
    SECURITY,
    WEBFINGER,
    {
        **_TOOT,
        **_TAGS,
        **_FOCUS,
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "discoverable": "toot:discoverable",
        "suspended": "toot:suspended",
        "memorial": "toot:memorial",
        "indexable": "toot:indexable",
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "gts": _GTS,
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canFeature": {"@id": f"{FEP_7AA9}canFeature", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "featuredCollections": {"@id": f"{FEP_7AA9}featuredCollections", "@type": "@id"},
        "showFeatured": "toot:showFeatured",
        "showMedia": "toot:showMedia",
        "showRepliesInMedia": "toot:showRepliesInMedia",
    },
]

POST = [
    ACTIVITYSTREAMS,
    {
        **_TOOT,
        **_TAGS,
        **_FOCUS,
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "votersCount": "toot:votersCount",
        "blurhash": "toot:blurhash",
        **_COUNTED,
        **_QUOTES,
    },
]

STAMP = [ACTIVITYSTREAMS, _STAMP_TERMS]
QUOTE_REQUEST = [*POST, {"QuoteRequest": f"{_FEP_044F}QuoteRequest"}]
"""A request embeds the post that is to quote, in its own terms."""


def standalone(document: Json) -> Json:
    """Return an object as it is served by itself: with its context."""
    if "@context" in document:
        return document
    context = ACTOR if "inbox" in document else POST if "content" in document else ACTIVITYSTREAMS
    return {"@context": context, **document}


def timestamp(moment: datetime) -> str:
    """Return a UTC time as Mastodon writes it, with milliseconds only where there are any."""
    shown = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return shown.replace("+00:00", "Z")
