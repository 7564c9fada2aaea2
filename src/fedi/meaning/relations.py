"""What people do to each other: follow, answer, block."""

from fedi.activitypub.vocabulary.claims import Answered, Blocked, FeatureAnswered, FollowAsked, Moved, QuoteAnswered
from fedi.events.activities import ActivityPublished
from fedi.facts.accounts import AccountMoved
from fedi.facts.relationships import (
    AccountBlocked,
    FollowAccepted,
    FollowAnswered,
    FollowEnded,
    FollowRequested,
    ServerAsked,
)
from fedi.meaning import features, quotes
from fedi.meaning.reading import Reading
from fedi.meaning.ref import known_id


def follow_asked(claim: FollowAsked, reading: Reading) -> None:
    """An actor asks to follow another. Asked again, it is told again: the asker wants a new answer."""
    asker, asked = reading.refs.account(reading.actor), reading.refs.account(claim.object)
    if asked is None and reading.origin == "received":
        reading.tell(ServerAsked(uri=claim.uri, actor=reading.actor, target=claim.object))
    if asker is None or asked is None or asker.id == asked.id:
        return
    said = reading.event if isinstance(reading.event, ActivityPublished) else None
    before = reading.refs.live("follow", asker.uri, asked.uri)
    reading.refs.relate("follow", claim.uri, asker, asked, reading.position)
    relation = reading.refs.live("follow", asker.uri, asked.uri)
    if before is not None and relation is not None:  # asked again, what was accepted stays so
        relation.position, relation.stamp, relation.stamped = before.position, before.stamp, before.stamped
    reading.tell(
        FollowRequested(
            account_id=known_id(asker.id),
            target_id=known_id(asked.id),
            uri=claim.uri,
            locked=asked.locked,
            boosts=said.boosts if said else True,
            notify=said.notify if said else False,
            languages=said.languages if said else (),
        )
    )


def answered(claim: Answered, reading: Reading) -> None:
    """An actor accepts, or refuses, or ends somebody's follow of itself.

    Without a follow that asks, an Accept is nothing: nobody can make another follow them.
    """
    asked = reading.refs.account(reading.actor)
    follow = reading.refs.live(claim.object) if claim.object else None
    if follow is not None and follow.kind == "quote_request":
        named = QuoteAnswered(accepted=claim.accepted, request=claim.object, quoted="", quote="", stamp=claim.result)
        quotes.answered(named, reading)
    if follow is not None and follow.kind == "feature_request":
        of_request = FeatureAnswered(
            accepted=claim.accepted, request=claim.object, member="", collection="", stamp=claim.result
        )
        features.answered(of_request, reading)
    if follow is not None and follow.kind != "follow":
        return
    if follow is None and claim.object and reading.origin == "received":
        reading.tell(FollowAnswered(uri=claim.object, actor=reading.actor, accepted=claim.accepted))
    asker_uri = follow.author_uri if follow is not None else claim.asker
    relation = reading.refs.live("follow", asker_uri, reading.actor) if asker_uri else None
    if asked is None or relation is None or relation.target_id != asked.id:
        return
    asker_id = known_id(relation.author_id)
    if claim.accepted:
        if relation.stamp is None:
            relation.stamp, relation.stamped = reading.at, reading.position
            reading.refs.put(relation)
        reading.tell(FollowAccepted(account_id=asker_id, target_id=known_id(asked.id), locked=asked.locked))
        return
    if follow is not None:
        reading.refs.end(follow, reading.position)
    reading.refs.end(relation, reading.position)
    reading.tell(FollowEnded(account_id=asker_id, target_id=known_id(asked.id), by=known_id(asked.id)))


def moved(claim: Moved, reading: Reading) -> None:
    """An actor says that it is somewhere else now."""
    mover = reading.refs.account(reading.actor)
    if mover is not None:
        reading.tell(AccountMoved(account_id=known_id(mover.id), target_uri=claim.target))


def blocked(claim: Blocked, reading: Reading) -> None:
    """An actor blocks another: neither follows the other any longer."""
    blocker, target = reading.refs.account(reading.actor), reading.refs.account(claim.object)
    if blocker is None or target is None or (claim.uri and reading.refs.buried(reading.actor, claim.uri)):
        return
    if reading.refs.live("block", blocker.uri, target.uri):
        return
    reading.refs.relate("block", claim.uri, blocker, target, reading.position)
    for one, other in ((blocker, target), (target, blocker)):
        follow = reading.refs.live("follow", one.uri, other.uri)
        if follow is not None:
            reading.refs.end(follow, reading.position)
            reading.tell(
                FollowEnded(account_id=known_id(one.id), target_id=known_id(other.id), by=known_id(blocker.id))
            )
    reading.tell(AccountBlocked(account_id=known_id(blocker.id), target_id=known_id(target.id)))
