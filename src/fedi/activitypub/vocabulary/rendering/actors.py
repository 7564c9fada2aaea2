"""Actor documents of local people and of the server itself."""

from datetime import datetime
from typing import Literal

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import tags
from fedi.activitypub.vocabulary.rendering.contexts import ACTOR, Json, timestamp
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import Emoji, Field, Image, Profile, PublicKey
from fedi.site import Site


def local_profile(
    site: Site,
    username: str,
    *,
    public_key: str,
    joined: datetime,
    kind: Literal["Person", "Service", "Group"] = "Person",
    display_name: str = "",
    note: str = "",
    avatar: Image | None = None,
    header: Image | None = None,
    fields: tuple[Field, ...] = (),
    emojis: tuple[Emoji, ...] = (),
    locked: bool = False,
    discoverable: bool = False,
    indexable: bool = False,
) -> Profile:
    """Return the profile of a local person, with every URI that it has here.

    `public_key` is SPKI PEM; `note` and the values of `fields` are HTML; only the day of `joined` is told.
    """
    actor = site.actor(username)
    return Profile(
        uri=actor,
        kind=kind,
        username=username,
        display_name=display_name,
        note=note,
        url=site.profile(username),
        inbox=addresses.inbox(actor),
        shared_inbox=site.shared_inbox,
        outbox=addresses.outbox(actor),
        followers=addresses.followers(actor),
        following=addresses.following(actor),
        featured=addresses.featured(actor),
        featured_tags=addresses.featured_tags(actor),
        avatar=avatar,
        header=header,
        fields=fields,
        emojis=emojis,
        locked=locked,
        discoverable=discoverable,
        indexable=indexable,
        keys=(PublicKey(key_id=addresses.key(actor), pem=public_key),),
        published=joined.replace(hour=0, minute=0, second=0, microsecond=0),
    )


def actor_document(site: Site, profile: Profile) -> Json:
    """Return the document of a local actor (ActivityPub §4.1), as it is served and as an Update carries it."""
    document: Json = {
        "@context": ACTOR,
        "id": profile.uri,
        "type": profile.kind,
        "following": profile.following,
        "followers": profile.followers,
        "inbox": profile.inbox,
        "outbox": profile.outbox,
        "featured": profile.featured,
        "featuredCollections": addresses.featured_collections(profile.uri),
        "interactionPolicy": {"canFeature": {"automaticApproval": [PUBLIC if profile.discoverable else profile.uri]}},
        "featuredTags": profile.featured_tags,
        "preferredUsername": profile.username,
        "webfinger": f"{profile.username}@{site.domain}",
        "name": profile.display_name,
        "summary": profile.note,
        "url": profile.url,
        "manuallyApprovesFollowers": profile.locked,
        "discoverable": profile.discoverable,
        "indexable": profile.indexable,
        "memorial": profile.memorial,
        "showMedia": profile.show_media,
        "showRepliesInMedia": profile.show_media_replies,
        "showFeatured": profile.show_featured,
        "publicKey": _keys(profile),
        "tag": [tags.emoji(site, emoji) for emoji in profile.emojis],
        "attachment": [_field(field) for field in profile.fields],
        "endpoints": {"sharedInbox": profile.shared_inbox},
    }
    return document | _optional(profile)


def instance_actor_document(site: Site, public_key: str) -> Json:
    """Return the actor that signs for the server itself; it is called after the domain."""
    actor = site.instance_actor
    return {
        "@context": ACTOR,
        "id": actor,
        "type": "Application",
        "inbox": addresses.inbox(actor),
        "outbox": addresses.outbox(actor),
        "preferredUsername": site.domain,
        "url": f"{site.base_url}/about",
        "manuallyApprovesFollowers": True,
        "publicKey": _key(actor, PublicKey(key_id=addresses.key(actor), pem=public_key)),
        "endpoints": {"sharedInbox": site.shared_inbox},
    }


def _optional(profile: Profile) -> Json:
    found: Json = {}
    if profile.published:
        found["published"] = timestamp(profile.published)
    if profile.updated:
        found["updated"] = timestamp(profile.updated)
    if profile.avatar:
        found["icon"] = tags.image(profile.avatar)
    if profile.header:
        found["image"] = tags.image(profile.header)
    if profile.also_known_as:
        found["alsoKnownAs"] = list(profile.also_known_as)
    if profile.moved_to:
        found["movedTo"] = profile.moved_to
    if profile.attribution_domains:
        found["attributionDomains"] = list(profile.attribution_domains)
    if profile.suspended:
        found["suspended"] = True
    return found


def _keys(profile: Profile) -> Json | list[Json]:
    """One key stands by itself, as everybody expects; an array only while keys are rotated."""
    keys = [_key(profile.uri, key) for key in profile.keys]
    return keys[0] if len(keys) == 1 else keys


def _key(actor: str, key: PublicKey) -> Json:
    return {"id": key.key_id, "owner": actor, "publicKeyPem": key.pem}


def _field(field: Field) -> Json:
    return {"type": "PropertyValue", "name": field.name, "value": field.value}
