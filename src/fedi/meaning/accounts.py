"""Actors and what belongs to them: their profiles, their collections, their end."""

from datetime import timedelta
from typing import Literal

from fedi.activitypub.vocabulary.claims import ActorDescribed, CollectionDescribed
from fedi.activitypub.vocabulary.hashtags import normal
from fedi.descriptions import Profile
from fedi.events.accounts import AccountCreated
from fedi.facts.accounts import AccountChanged, AccountCounted, AccountDeleted, HashtagShown, HashtagsListed
from fedi.facts.interactions import PinsListed
from fedi.meaning.reading import Reading
from fedi.meaning.ref import Ref, RefKind, known_id

_COUNTED: dict[str, Literal["followers", "following", "statuses"]] = {
    "followers": "followers",
    "following": "following",
    "outbox": "statuses",
}
AWAY = timedelta(days=1)
"""Whoever said that they are gone is not met again before that: what was on its way would bring them back."""


def actor_described(claim: ActorDescribed, reading: Reading, document: bytes, handle: str) -> bool:
    """An actor was seen or seen anew; return whether it was for the first time.

    An actor speaks for itself only: an Update of somebody else's profile is nothing (S-013).
    """
    profile = claim.profile
    if reading.origin == "received" and reading.actor != profile.uri:
        return False
    ref = reading.refs.at(profile.uri)
    if ref is not None and (ref.kind != "account" or not _may_be_met(ref, reading)):
        return False
    if reading.refs.buried(profile.uri, profile.uri):
        reading.bury(profile.uri, profile.uri)
        return False  # an operator wants nothing of them here, be it that they were met or not
    first_seen = ref is None or ref.ended is not None
    if ref is None:
        created = reading.event if isinstance(reading.event, AccountCreated) else None
        seen = min(profile.published or reading.at, reading.at)
        ref = Ref(
            name=profile.uri,
            uri=profile.uri,
            kind="account",
            id=created.account_id if created else reading.refs.allot(seen, profile.uri),
            domain=None if created else _domain(profile.uri),
            local=created is not None,
            position=reading.position,
        )
        ref.author_id = ref.id
    if not ref.local:
        _name(ref, profile.username, handle, reading)
    if ref.ended is not None:
        ref.ended, ref.returned = None, reading.position
    ref.followers = profile.followers
    ref.featured = profile.featured
    ref.locked = profile.locked
    reading.refs.put(ref)
    _remember_collections(reading, ref, profile)
    reading.tell(
        AccountChanged(
            account_id=known_id(ref.id),
            domain=ref.domain,
            profile=profile,
            first_seen=first_seen,
            document=document if ref.local else b"",
        )
    )
    return first_seen


def account_deleted(account: Ref, reading: Reading) -> None:
    """The actor says that it is gone, or was found gone: then it may be found again."""
    if reading.origin != "fetched":
        account.stamp, account.stamped = reading.at, reading.position
    reading.refs.end(account, reading.position)
    reading.refs.end_posts(account, reading.position)
    reading.tell(AccountDeleted(account_id=known_id(account.id), local=account.local))


def _may_be_met(ref: Ref, reading: Reading) -> bool:
    """Tell whether somebody is known, or was gone and is found again at their own id."""
    if ref.ended is None:
        return True
    return reading.origin == "fetched" and not ref.local and (ref.stamp is None or reading.at - ref.stamp >= AWAY)


def _name(ref: Ref, username: str, handle: str, reading: Reading) -> None:
    """Keep a handle of another domain than the id's as long as the name is the one that the domain confirmed (S-148).

    Somebody who is called otherwise now has the id's own host behind the name, until that is asked for again.
    """
    confirmed = f"acct:{handle}".lower() if handle else ref.target_uri
    if handle:
        ref.domain, ref.target_uri = handle.rpartition("@")[2], confirmed
    elif confirmed and confirmed.rpartition("@")[0] != f"acct:{username}".lower():
        ref.domain, ref.target_uri = _domain(ref.uri), ""
        reading.want(ref.uri, "renamed")


def collection_described(claim: CollectionDescribed, reading: Reading) -> None:
    """A collection of an actor was fetched: its size is a count, or it lists the pins, or the hashtags."""
    collection = reading.refs.live(claim.uri)
    if collection is None or collection.author_id is None:
        return
    if collection.kind == "featured":
        pinned = [reading.refs.status(uri) for uri in claim.items]
        own = tuple(known_id(ref.id) for ref in pinned if ref is not None and ref.author_id == collection.author_id)
        reading.tell(PinsListed(account_id=collection.author_id, status_ids=own))
    elif collection.kind == "featured_tags":
        names = {normal(written): written for written in claim.hashtags}
        reading.tell(HashtagsListed(account_id=collection.author_id, names=tuple(names)))
        for name, written in names.items():
            reading.tell(HashtagShown(account_id=collection.author_id, name=name, written=written, shown=True))
    elif collection.kind in _COUNTED and claim.total is not None:
        what = _COUNTED[collection.kind]
        reading.tell(AccountCounted(account_id=collection.author_id, what=what, total=claim.total))


def _remember_collections(reading: Reading, account: Ref, profile: Profile) -> None:
    collections: tuple[tuple[RefKind, str], ...] = (
        ("followers", account.followers),
        ("following", profile.following),
        ("outbox", profile.outbox),
        ("featured", account.featured),
        ("featured_tags", profile.featured_tags),
    )
    for kind, uri in collections:
        own = not account.local and uri.startswith(_origin(account.uri))
        if own and reading.refs.at(uri) is None:
            reading.refs.put(Ref(name=uri, uri=uri, kind=kind, author_id=account.id, position=reading.position))


def _domain(uri: str) -> str:
    return uri.split("/", 3)[2]


def _origin(uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"
