"""Who stands in whose collection of accounts, as far as other servers have a say (FEP-7aa9).

Somebody elsewhere stands in a collection of ours once they have said yes, with a stamp that everybody can look up, and
until they take it back. Only the answer of the one who was asked counts.
"""

from fedi.activitypub.vocabulary.addresses import collection_number
from fedi.activitypub.vocabulary.claims import FeatureAnswered, FeatureAsked
from fedi.facts import CollectionAnnounced, FeatureAccepted, FeatureAsking, FeatureEnded
from fedi.meaning.reading import Reading
from fedi.meaning.references import Ref, key_of


def asked(claim: FeatureAsked, reading: Reading) -> None:
    """An actor asks somebody to stand in its collection."""
    owner = reading.refs.account(reading.actor)
    if owner is None:
        return
    if claim.uri and reading.refs.at(key_of(claim.uri)) is None:
        reading.refs.put(
            Ref(
                key=key_of(claim.uri),
                uri=claim.uri,
                kind="feature_request",
                author_id=owner.id,
                author_uri=claim.collection,
                target_uri=claim.member,
                position=reading.position,
            )
        )
    member = reading.refs.account(claim.member)
    if member is not None:
        reading.tell(FeatureAsking(account_id=_id(owner.id), member_id=_id(member.id)))


def answered(claim: FeatureAnswered, reading: Reading) -> None:
    """The actor says yes or no to standing in a collection of somebody here. A yes without a stamp is none."""
    member = reading.refs.account(reading.actor)
    request = reading.refs.live(claim.request) if claim.request else None
    if request is not None and request.kind == "feature_request":
        collection, asked_of = request.author_uri, request.target_uri
    else:
        collection, asked_of = claim.collection, claim.member
    owner = reading.refs.account(collection.rpartition("/collections/")[0])
    number = collection_number(owner.uri, collection) if owner is not None and owner.local else None
    if member is None or number is None or asked_of != member.uri:
        return
    if not claim.accepted:
        reading.tell(FeatureEnded(collection_id=number, member_id=_id(member.id)))
    elif claim.stamp and reading.refs.at(key_of(claim.stamp)) is None:
        reading.refs.put(
            Ref(
                key=key_of(claim.stamp),
                uri=claim.stamp,
                kind="feature_stamp",
                author_id=member.id,
                author_uri=member.uri,
                target_uri=collection,
                position=reading.position,
            )
        )
        reading.tell(FeatureAccepted(collection_id=number, member_id=_id(member.id), stamp=claim.stamp))


def told(reading: Reading) -> None:
    """An actor tells of its collections."""
    owner = reading.refs.account(reading.actor)
    if owner is not None:
        reading.tell(CollectionAnnounced(account_id=_id(owner.id)))


def unstamped(stamp: Ref, reading: Reading) -> None:
    """Somebody elsewhere does not want to stand in a collection any more."""
    reading.refs.end(stamp, reading.position)
    owner = reading.refs.account(stamp.target_uri.rpartition("/collections/")[0])
    number = collection_number(owner.uri, stamp.target_uri) if owner is not None else None
    if number is not None:
        reading.tell(FeatureEnded(collection_id=number, member_id=_id(stamp.author_id)))


def _id(value: int | None) -> int:
    assert value is not None
    return value
