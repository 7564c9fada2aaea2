"""First contact: what a profile page shows of somebody whom nobody here followed before.

The profile, how many follow and are followed, how many posts there are, the pinned ones and the latest public ones.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from fedi.activitypub.resolve.documents import draft_of, fetch_by_id, fetch_document
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.keeping import Found, append
from fedi.activitypub.resolve.learning import actor_draft, profile_in
from fedi.activitypub.resolve.means import Means
from fedi.activitypub.vocabulary import uris, values
from fedi.activitypub.vocabulary.claims import CollectionDescribed, Posted
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import Profile
from fedi.errors import PeerError
from fedi.log.drafts import Draft

LATEST = 20
PINNED = 10


class _Collection(msgspec.Struct, frozen=True):
    found: Fetched
    claim: CollectionDescribed


async def first_contact(means: Means, uri: str, *, cause: int | None = None) -> Found:
    """Learn all of an actor that a profile shows, in one unit; what of it cannot be had is left out.

    Raises `PeerError` if the actor itself cannot be had.
    """
    found = await fetch_by_id(means, uri)
    profile = profile_in(found)
    actor = await actor_draft(means, found, profile, cause)
    followers, following, outbox, featured, tags = await asyncio.gather(
        *(_collection(means, profile, each) for each in _collections(profile))
    )
    latest = await _first_items(means, profile, outbox)
    pinned = _own(profile, featured.claim.items if featured else ())[:PINNED]
    posts = await _posts(means, profile, dict.fromkeys([*reversed(latest[:LATEST]), *pinned]), cause)
    counted = [each for each in (followers, following, outbox) if each is not None and each.claim.total is not None]
    # A list of pins whose pages are elsewhere would read as an empty one.
    if featured is not None and (featured.claim.items or not featured.claim.first):
        counted.append(featured)
    if tags is not None and (tags.claim.hashtags or not tags.claim.first):
        counted.append(tags)
    sizes = [draft_of(each.found, means.clock(), cause=cause) for each in counted]
    return Found(uri=uri, position=await append(means.appender, [actor, *posts, *sizes]))


def _collections(profile: Profile) -> tuple[str, str, str, str, str]:
    return profile.followers, profile.following, profile.outbox, profile.featured, profile.featured_tags


async def _collection(means: Means, profile: Profile, uri: str) -> _Collection | None:
    """Return a collection of the actor's own origin, or None: hidden ones are common."""
    if not values.same_origin(uri, profile.uri):
        return None
    try:
        found = await fetch_by_id(means, uri)
        claim = read_document(found.document)
    except PeerError:
        return None
    return _Collection(found, claim) if isinstance(claim, CollectionDescribed) else None


async def _first_items(means: Means, profile: Profile, collection: _Collection | None) -> Sequence[str]:
    if collection is None:
        return ()
    items = collection.claim.items
    if not items and values.same_origin(collection.claim.first, profile.uri):
        try:
            page = read_document((await fetch_document(means, uris.parse(collection.claim.first))).document)
        except PeerError:
            return ()
        items = page.items if isinstance(page, CollectionDescribed) else ()
    return _own(profile, items)


def _own(profile: Profile, items: Sequence[str]) -> list[str]:
    return [item for item in items if values.same_origin(item, profile.uri)]


async def _posts(means: Means, profile: Profile, items: dict[str, None], cause: int | None) -> list[Draft]:
    found = await asyncio.gather(*(_post(means, profile, item, cause) for item in items))
    return [draft for draft in found if draft is not None]


async def _post(means: Means, profile: Profile, uri: str, cause: int | None) -> Draft | None:
    """Return the event that keeps a public post of the actor's; None for boosts and whatever else an outbox lists."""
    try:
        found = await fetch_document(means, uris.parse(uri))
        claim = read_document(found.document)
    except PeerError:
        return None
    if not isinstance(claim, Posted) or claim.post.author != profile.uri:
        return None
    if PUBLIC not in claim.post.to and PUBLIC not in claim.post.cc:
        return None
    return draft_of(found, means.clock(), cause=cause)
