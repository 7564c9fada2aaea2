"""What people do to posts: boost, favourite, pin, and take back."""

from collections.abc import Mapping

from fedi.activitypub.vocabulary import visibility
from fedi.activitypub.vocabulary.claims import Boosted, Favourited, InteractionAsked, Pinned, TagShown, Undone
from fedi.activitypub.vocabulary.hashtags import normal
from fedi.descriptions import Interaction
from fedi.events.activities import ActivityPublished
from fedi.facts.accounts import HashtagShown
from fedi.facts.interactions import (
    InteractionRequested,
    StatusBoosted,
    StatusFavourited,
    StatusPinned,
    StatusUnfavourited,
    StatusUnpinned,
)
from fedi.facts.relationships import AccountUnblocked, FollowEnded
from fedi.meaning.posts import unboost
from fedi.meaning.reading import Reading
from fedi.meaning.ref import Ref, RefKind, known_id
from fedi.meaning.seeing import sees

_SHAREABLE = frozenset({"public", "unlisted"})


def boosted(claim: Boosted, reading: Reading) -> None:
    """An actor boosted a post. Only what is open to everybody, or one's own, can be boosted; and once."""
    actor = reading.refs.account(reading.actor)
    if actor is None or reading.refs.at(claim.uri) is not None or _taken_back(claim.uri, reading):
        return
    post = reading.refs.status(claim.object)
    if post is None:
        _wait_for(claim.object, claim, reading)
        return
    own = post.author_id == actor.id
    if (post.visibility not in _SHAREABLE and not own) or not sees(actor, post, reading.refs):
        return
    if reading.refs.stands("boost", actor, post):
        return
    created_at = min(claim.published or reading.at, reading.at)
    said = reading.event if isinstance(reading.event, ActivityPublished) else None
    boost_id = said.status_id if said and said.status_id else reading.refs.allot(created_at, claim.uri)
    reading.refs.relate("boost", claim.uri, actor, post, reading.position, boost_id)
    reading.tell(
        StatusBoosted(
            boost_id=boost_id,
            account_id=known_id(actor.id),
            status_id=known_id(post.id),
            status_account_id=known_id(post.author_id),
            uri=claim.uri,
            visibility=visibility.of(claim.to, claim.cc, actor.followers),
            created_at=created_at,
            local=actor.local,
        )
    )


def favourited(claim: Favourited, reading: Reading) -> None:
    """An actor favourited a post, or reacted to it, which counts as the same; and once."""
    actor = reading.refs.account(reading.actor)
    if actor is None or _taken_back(claim.uri, reading):
        return
    post = reading.refs.status(claim.object)
    if post is None:
        _wait_for(claim.object, claim, reading)
        return
    if not sees(actor, post, reading.refs) or reading.refs.stands("like", actor, post):
        return
    reading.refs.relate("like", claim.uri, actor, post, reading.position)
    reading.tell(
        StatusFavourited(
            account_id=known_id(actor.id),
            status_id=known_id(post.id),
            status_account_id=known_id(post.author_id),
            emoji=claim.emoji,
        )
    )


_REQUESTS: Mapping[Interaction, RefKind] = {
    "like": "like_request",
    "reply": "reply_request",
    "boost": "boost_request",
}


def asked(claim: InteractionAsked, reading: Reading) -> None:
    """An actor asks for leave to do something to a post. Nothing is done by that: it will come once it was allowed."""
    actor, post = reading.refs.account(reading.actor), reading.refs.status(claim.object)
    if actor is None or post is None or post.author_id == actor.id:
        return
    kind = _REQUESTS[claim.kind]
    reading.refs.ask(kind, claim.uri, actor, claim.instrument, claim.object, reading.position)
    reading.tell(
        InteractionRequested(
            kind=claim.kind,
            account_id=known_id(actor.id),
            status_id=known_id(post.id),
            status_uri=post.uri,
            instrument_uri=claim.instrument,
            uri=claim.uri,
        )
    )


def pinned(claim: Pinned, reading: Reading) -> None:
    """An actor put a post of its own among its pins, or took it off."""
    actor = reading.refs.account(reading.actor)
    if actor is None or not actor.featured or claim.target != actor.featured:
        return
    post = reading.refs.status(claim.object)
    if post is None or post.author_id != actor.id:
        return
    kind = StatusPinned if claim.pinned else StatusUnpinned
    reading.tell(kind(account_id=known_id(actor.id), status_id=known_id(post.id)))


def tag_shown(claim: TagShown, reading: Reading) -> None:
    """An actor elsewhere shows a hashtag on its profile: Mastodon adds it to `featured`, others to `featuredTags`."""
    actor = reading.refs.account(reading.actor)
    if actor is None or actor.local or actor.id is None:
        return
    target = reading.refs.live(claim.target)
    if target is None or target.kind not in ("featured", "featured_tags") or target.author_id != actor.id:
        return
    name = normal(claim.name)
    reading.tell(HashtagShown(account_id=actor.id, name=name, written=claim.name, shown=claim.shown))


def undone(claim: Undone, reading: Reading) -> None:
    """An actor took back what it did; if that has not come yet, it will not count when it comes.

    A Follow is different: Misskey uses one id for every Follow of a pair, so nothing is remembered against it.
    """
    actor = reading.refs.account(reading.actor)
    if actor is None:
        return
    done = reading.refs.live(claim.object) if claim.object else None
    if done is not None and done.author_id != actor.id:
        return
    kind = done.kind if done is not None else _KINDS.get(claim.kind, "")
    target = done.target_uri if done is not None else claim.target
    if claim.object and kind != "follow":
        reading.refs.bury(reading.actor, claim.object, reading.position)
    if kind == "boost":
        boost = done or reading.refs.live(_boost_uri(reading, target))
        if boost is not None:
            unboost(boost, reading)
    elif kind in {"like", "follow", "block"}:
        if done is not None:
            reading.refs.end(done, reading.position)
        relation = reading.refs.live(kind, reading.actor, target)
        if relation is not None:
            reading.refs.end(relation, reading.position)
            _tell_undone(kind, relation, reading)


_KINDS = {"Follow": "follow", "Like": "like", "EmojiReact": "like", "Announce": "boost", "Block": "block"}


def _tell_undone(kind: str, relation: Ref, reading: Reading) -> None:
    author, target = known_id(relation.author_id), known_id(relation.target_id)
    if kind == "like":
        reading.tell(StatusUnfavourited(account_id=author, status_id=target))
    elif kind == "follow":
        reading.tell(FollowEnded(account_id=author, target_id=target, by=author))
    else:
        reading.tell(AccountUnblocked(account_id=author, target_id=target))


def _boost_uri(reading: Reading, target: str) -> str:
    relation = reading.refs.live("boost", reading.actor, target)
    return relation.uri if relation is not None else ""


def _taken_back(uri: str, reading: Reading) -> bool:
    return bool(uri) and reading.refs.buried(reading.actor, uri)


def _wait_for(uri: str, claim: Boosted | Favourited, reading: Reading) -> None:
    """Keep a claim about a post that is not known; a post that is gone is waited for by nobody."""
    if reading.refs.at(uri) is None:
        reading.wait(uri, claim)
        if isinstance(claim, Boosted):
            reading.want(uri, "boosted")
