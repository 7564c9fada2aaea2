"""Who stands in whose collection of accounts, where the two are of different servers (FEP-7aa9).

Whoever was asked stands there once they have said yes, with a stamp that everybody can look up, and until they take it
back. Only the answer of the one who was asked counts. A collection of another server is known here while somebody from
here stands in it.
"""

from fedi.activitypub.vocabulary.addresses import collection_number
from fedi.activitypub.vocabulary.claims import CollectionShown, CollectionTold, FeatureAnswered, FeatureAsked
from fedi.events.collections import CollectionDeleted
from fedi.facts.collections import (
    CollectionAnnounced,
    CollectionDescribed,
    FeatureAccepted,
    FeatureAsking,
    FeatureEnded,
    FeatureStamped,
)
from fedi.meaning.reading import Reading
from fedi.meaning.ref import Ref, known_id


def asked(claim: FeatureAsked, reading: Reading) -> None:
    """An actor asks somebody to stand in its collection."""
    owner = reading.refs.account(reading.actor)
    if owner is None:
        return
    reading.refs.ask("feature_request", claim.uri, owner, claim.collection, claim.member, reading.position)
    member = reading.refs.account(claim.member)
    if member is not None:
        reading.tell(
            FeatureAsking(
                account_id=known_id(owner.id),
                member_id=known_id(member.id),
                member_uri=member.uri,
                collection_uri=claim.collection,
                uri=claim.uri,
            )
        )


def answered(claim: FeatureAnswered, reading: Reading) -> None:
    """The actor says yes or no to standing in a collection. A yes without a stamp is none."""
    member = reading.refs.account(reading.actor)
    request = reading.refs.asked("feature_request", claim.request)
    collection, asked_of = request or (claim.collection, claim.member)
    if member is None or asked_of != member.uri:
        return
    if member.local:
        owner = reading.refs.account(claim.asker)
        if claim.accepted and claim.stamp and owner is not None and not owner.local:
            _stand(collection, owner, member, claim.stamp, reading)
        return
    number = _number(collection, reading)
    if number is None:
        return
    if not claim.accepted:
        reading.tell(FeatureEnded(collection_id=number, member_id=known_id(member.id)))
    elif claim.stamp and reading.refs.at(claim.stamp) is None:
        _put_stamp(claim.stamp, member, collection, reading)
        reading.tell(FeatureAccepted(collection_id=number, member_id=known_id(member.id), stamp=claim.stamp))


def told(claim: CollectionTold, reading: Reading) -> None:
    """An actor tells of its collections."""
    owner = reading.refs.account(reading.actor)
    if owner is None:
        return
    reading.tell(CollectionAnnounced(account_id=known_id(owner.id)))
    known = reading.refs.live(claim.uri)
    if claim.gone and known is not None and known.kind == "collection" and known.author_id == owner.id:
        gone(known, reading)


def shown(claim: CollectionShown, reading: Reading) -> None:
    """A collection is described by its owner, or was found at its own id."""
    known = reading.refs.live(claim.uri)
    owner = reading.refs.account(claim.owner)
    if known is None or known.kind != "collection" or owner is None or known.author_id != owner.id:
        return
    if reading.origin != "fetched" and reading.actor != owner.uri:
        return
    reading.tell(
        CollectionDescribed(
            collection_id=known_id(known.id),
            name=claim.name,
            description=claim.description,
            language=claim.language,
            sensitive=claim.sensitive,
            discoverable=claim.discoverable,
            tag=claim.tag,
        )
    )


def gone(collection: Ref, reading: Reading) -> None:
    """A collection of somebody elsewhere is no longer there."""
    reading.refs.end(collection, reading.position)
    reading.tell(CollectionDeleted(collection_id=known_id(collection.id), account_id=known_id(collection.author_id)))


def unstamped(stamp: Ref, reading: Reading) -> None:
    """Somebody does not want to stand in a collection any more."""
    reading.refs.end(stamp, reading.position)
    number = _number(stamp.target_uri, reading)
    if number is not None:
        reading.tell(FeatureEnded(collection_id=number, member_id=known_id(stamp.author_id)))


def _stand(uri: str, owner: Ref, member: Ref, stamp: str, reading: Reading) -> None:
    """Somebody here stands in a collection of somebody elsewhere, which is looked at."""
    known = reading.refs.at(uri)
    number = stamp.rpartition("/")[2]
    if not number.isdecimal() or reading.refs.at(stamp) or (known is not None and known.kind != "collection"):
        return
    if known is None or known.ended is not None:
        own = known.id if known is not None else reading.refs.allot(reading.at, uri)
        known = Ref(name=uri, uri=uri, kind="collection", id=own, author_id=owner.id, position=reading.position)
        reading.refs.put(known)
    _put_stamp(stamp, member, uri, reading)
    reading.want(uri, "featured")
    reading.tell(
        FeatureStamped(
            collection_id=known_id(known.id),
            item_id=int(number),
            account_id=known_id(known.author_id),
            member_id=known_id(member.id),
            collection_uri=uri,
            stamp=stamp,
        )
    )


def _put_stamp(uri: str, member: Ref, collection: str, reading: Reading) -> None:
    reading.refs.put(
        Ref(
            name=uri,
            uri=uri,
            kind="feature_stamp",
            author_id=member.id,
            author_uri=member.uri,
            target_uri=collection,
            local=member.local,
            position=reading.position,
        )
    )


def _number(collection: str, reading: Reading) -> int | None:
    """Return the number of a collection: one of ours by its URI, another if it is known."""
    owner = reading.refs.account(collection.rpartition("/collections/")[0])
    if owner is not None and owner.local:
        return collection_number(owner.uri, collection)
    known = reading.refs.live(collection)
    return known.id if known is not None and known.kind == "collection" else None
