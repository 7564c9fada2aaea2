"""The two steps of meaning: read an event's document into claims, then resolve the claims into facts.

Events are interpreted in their order, a batch at a time; within a batch a later event sees what an earlier one made
known. The same events and the same references always give the same facts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import values, visibility
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import (
    ActorDescribed,
    Answered,
    Blocked,
    Boosted,
    Claim,
    CollectionDescribed,
    CollectionShown,
    CollectionTold,
    Deleted,
    Edited,
    Favourited,
    FeatureAnswered,
    FeatureAsked,
    FollowAsked,
    Hinted,
    InteractionAsked,
    Moved,
    Pinned,
    Posted,
    QuoteAnswered,
    QuoteAsked,
    Reported,
    Stamped,
    TagShown,
    Undone,
    Voted,
)
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.stubs import found_by
from fedi.activitypub.vocabulary.usual import read_usual
from fedi.descriptions import Post
from fedi.errors import PeerError
from fedi.events import Event, Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched, DocumentVanished
from fedi.events.server import ErasureDemanded
from fedi.facts import Entry, Origin
from fedi.meaning import accounts, features, hints, interactions, posts, quotes, relations, reports, seeing
from fedi.meaning.reading import Buried, Reading, Wanted
from fedi.meaning.references import Key, Ref, References, key_of
from fedi.meaning.waiting import MentionWaits, QuoteWaits, ReplyWaits, waited_claim

_ACTIVITIES = (ActivityReceived, ActivityPublished)


class Interpretation(msgspec.Struct, frozen=True):
    """What one event turned out to say, what it spoke of that nobody here knows, and that was gone before it came.

    `words` are the ids of the posts and actors of whose words its document holds some.
    """

    recorded: Recorded
    entries: list[Entry]
    wanted: list[Wanted]
    buried: list[Buried]
    words: Collection[str]


class Understood(msgspec.Struct, frozen=True):
    """An event's claims, before they are resolved."""

    recorded: Recorded
    origin: Origin
    actor: str
    claims: tuple[Claim, ...] = ()
    words: Collection[str] = ()


def interpret(batch: Sequence[Recorded], refs: References) -> list[Interpretation]:
    """Return what each event of a batch says, in order. `refs` takes in what the batch makes known."""
    understood = [understand(recorded) for recorded in batch]
    refs.prefetch(
        (key for each in understood for key in _keys(each)), (wish for each in understood for wish in _wishes(each))
    )
    written = {claim.post.uri: claim.post for each in understood for claim in each.claims if type(claim) is Posted}
    refs.prefetch(key for each in understood for key in _ties(each, refs, written))
    return [_resolve(each, refs) for each in understood]


def understand(recorded: Recorded) -> Understood:
    """Return an event's claims. What an older edge let in and today's vocabulary refuses claims nothing."""
    event = recorded.event
    if isinstance(event, _ACTIVITIES):
        return _understand_activity(recorded, event)
    if isinstance(event, DocumentFetched | AccountCreated):
        return _understand_document(recorded, event)
    if isinstance(event, DocumentVanished):
        return Understood(recorded, "fetched", "", (Deleted(uri=event.url),))
    return Understood(recorded, "private", "")


def _understand_activity(recorded: Recorded, event: ActivityReceived | ActivityPublished) -> Understood:
    origin: Origin = "received" if isinstance(event, ActivityReceived) else "published"
    if usual := read_usual(event.document):
        actor = event.actor if isinstance(event, ActivityReceived) else usual.actor
        return Understood(recorded, origin, actor, usual.claims, usual.words)
    document = msgspec.json.decode(event.document)
    try:
        claims = read_activity(document)
    except PeerError:
        return Understood(recorded, "fetched", "", (), found_by(document))
    return Understood(recorded, origin, _actor(event, document), claims, found_by(document))


def _understand_document(recorded: Recorded, event: DocumentFetched | AccountCreated) -> Understood:
    document = msgspec.json.decode(event.document)
    words = found_by(document)
    try:
        claim = read_document(document)
    except PeerError:
        return Understood(recorded, "fetched", "", (), words)
    origin: Origin = "published" if isinstance(event, AccountCreated) else "fetched"
    speaker = _speaker(claim) or _actor_of_like(claim, document)
    return Understood(recorded, origin, speaker, (claim,) if claim is not None else (), words)


def _actor(event: ActivityReceived | ActivityPublished, document: dict[str, Any]) -> str:
    if isinstance(event, ActivityReceived):
        return event.actor
    actor = document.get("actor")
    return actor if isinstance(actor, str) else ""


def _speaker(claim: Claim | None) -> str:
    if isinstance(claim, ActorDescribed):
        return claim.profile.uri
    return claim.post.author if isinstance(claim, Posted) else ""


def _actor_of_like(claim: Claim | None, document: dict[str, Any]) -> str:
    return values.id_of(document.get("actor")) if isinstance(claim, Favourited) else ""


def _resolve(understood: Understood, refs: References) -> Interpretation:
    recorded = understood.recorded
    entries: list[Entry] = []
    wanted: list[Wanted] = []
    buried: list[Buried] = []
    reading = Reading(
        refs=refs,
        position=recorded.position,
        at=recorded.recorded_at,
        origin=understood.origin,
        actor=understood.actor,
        event=recorded.event,
        entries=entries,
        wanted=wanted,
        buried=buried,
    )
    if understood.origin == "private":
        reading.tell(recorded.event)
        if isinstance(recorded.event, ErasureDemanded):
            posts.erased(recorded.event, reading)
    for claim in understood.claims:
        _apply(claim, reading, recorded.event)
    return Interpretation(recorded, entries, wanted, buried, understood.words)


def _apply(claim: Claim, reading: Reading, event: Event | None) -> None:
    match claim:
        case ActorDescribed():
            handle = event.handle if isinstance(event, DocumentFetched) else ""
            if accounts.actor_described(claim, reading, _served(event, reading), handle):
                _release(claim.profile.uri, reading)
        case Posted():
            if posts.posted(claim, reading, _served(event, reading)):
                _release(claim.post.uri, reading)
        case Edited():
            if posts.edited(claim, reading, _served(event, reading)):
                _release(claim.post.uri, reading)
        case CollectionDescribed():
            accounts.collection_described(claim, reading)
        case Deleted():
            posts.deleted(claim, reading)
        case Voted():
            posts.voted(claim, reading)
        case Boosted():
            interactions.boosted(claim, reading)
        case Favourited():
            interactions.favourited(claim, reading)
        case Pinned():
            interactions.pinned(claim, reading)
        case TagShown():
            interactions.tag_shown(claim, reading)
        case Undone():
            interactions.undone(claim, reading)
        case FollowAsked():
            relations.follow_asked(claim, reading)
        case Answered():
            relations.answered(claim, reading)
        case Blocked():
            relations.blocked(claim, reading)
        case Moved():
            relations.moved(claim, reading)
        case InteractionAsked():
            interactions.asked(claim, reading)
        case QuoteAsked():
            quotes.asked(claim, reading)
        case QuoteAnswered():
            quotes.answered(claim, reading)
        case Stamped():
            quotes.stamped(claim, reading)
        case FeatureAsked():
            features.asked(claim, reading)
        case FeatureAnswered():
            features.answered(claim, reading)
        case CollectionTold():
            features.told(claim, reading)
        case CollectionShown():
            features.shown(claim, reading)
        case Hinted():
            hints.hinted(claim, reading)
        case Reported():
            reports.reported(claim, reading)


def _release(uri: str, reading: Reading) -> None:
    """Let what waited for a URI count, now that something stands there."""
    arrived = reading.refs.live(uri)
    if arrived is None:
        return
    for waiting in reading.refs.release(uri, reading.position):
        _apply_waited(waited_claim(waiting.claim), arrived, reading.said_then(waiting))


def _apply_waited(claim: Claim, arrived: Ref, reading: Reading) -> None:
    if isinstance(claim, ReplyWaits):
        posts.reply_waited(claim, arrived, reading)
    elif isinstance(claim, MentionWaits):
        posts.mention_waited(claim, arrived, reading)
    elif isinstance(claim, QuoteWaits):
        quotes.quote_waited(claim, arrived, reading)
    else:
        _apply(claim, reading, None)


def _served(event: Event | None, reading: Reading) -> bytes:
    """Return a local object as it is served at its own id: with the context of the activity that carried it."""
    if reading.origin != "published" or not isinstance(event, ActivityPublished | AccountCreated):
        return b""
    document = msgspec.json.decode(event.document)
    obj = document.get("object")
    served = {"@context": document["@context"], **obj} if isinstance(obj, dict) else document
    return msgspec.json.encode(served)


def _wishes(understood: Understood) -> Iterator[tuple[datetime, str]]:
    """Yield the moments and URIs for which resolving an event is likely to allot an id; what is said here has one."""
    if understood.origin == "published":
        return
    at = understood.recorded.recorded_at
    for claim in understood.claims:
        match claim:
            case Posted(post=post):
                yield min(post.published or at, at), post.uri
            case Boosted(uri=uri, published=published):
                yield min(published or at, at), uri
            case ActorDescribed(profile=profile):
                yield min(profile.published or at, at), profile.uri


def _ties(understood: Understood, refs: References, written: Mapping[str, Post]) -> Iterator[Key]:
    """Yield the keys that tell whether who did something to a post may see it.

    The post itself is loaded by now, or is `written` in the same batch.
    """
    if understood.origin == "published":
        return
    for claim in understood.claims:
        match claim:
            case Boosted(object=uri) | Favourited(object=uri) | Voted(poll=uri):
                known, new = refs.status(uri), written.get(uri)
                if known is not None:
                    yield from seeing.keys(understood.actor, uri, known.author_uri, known.visibility)
                elif new is not None:
                    yield from seeing.keys(understood.actor, uri, new.author, visibility.of(new.to, new.cc, ""))


def _keys(understood: Understood) -> Iterator[Key]:
    """Yield the keys that resolving an event is likely to ask for, so that a batch loads them in one go."""
    actor = understood.actor
    if actor:
        yield key_of(actor)
    for claim in understood.claims:
        match claim:
            case Posted(post=post) | Edited(post=post):
                yield key_of(post.uri)
                yield key_of(post.author)
                yield key_of("tombstone", post.author, post.uri)
                if post.in_reply_to:
                    yield key_of(post.in_reply_to)
                if post.quote:
                    yield from (key_of(post.quote), key_of("quote", post.uri, post.quote))
                    yield key_of("stamp", post.uri, post.quote)
                for mention in post.mentions:
                    yield key_of(mention.uri)
                for uri in (*post.to, *post.cc):
                    yield key_of(uri)
            case Boosted(uri=uri, object=target) | Favourited(uri=uri, object=target):
                yield from (key_of(uri), key_of(target), key_of("tombstone", actor, uri))
                yield key_of("boost" if isinstance(claim, Boosted) else "like", actor, target)
            case FollowAsked(uri=uri, object=target) | Blocked(uri=uri, object=target):
                yield from (key_of(uri), key_of(target))
                yield key_of("follow" if isinstance(claim, FollowAsked) else "block", actor, target)
            case Undone(object=uri, target=target):
                yield from (key_of(uri), key_of(target), key_of("tombstone", actor, uri))
            case Deleted(uri=uri):
                yield from (key_of(uri), key_of("tombstone", actor, uri))
            case Answered(object=uri, asker=asker):
                yield from (key_of(uri), key_of("follow", asker, actor))
            case InteractionAsked(uri=uri, object=target):
                yield from (key_of(uri), key_of(target))
            case QuoteAsked(uri=uri, object=quoted):
                yield from (key_of(uri), key_of(quoted))
            case QuoteAnswered(request=uri, quote=quote, quoted=quoted):
                yield from (key_of(uri), key_of(quote), key_of(quoted), key_of("stamp", quote, quoted))
            case FeatureAsked(uri=uri, member=member):
                yield from (key_of(uri), key_of(member))
            case FeatureAnswered(request=uri, member=member, collection=collection, asker=asker, stamp=stamp):
                yield from (key_of(uri), key_of(member), key_of(collection), key_of(asker), key_of(stamp))
            case CollectionShown(uri=uri, owner=owner):
                yield from (key_of(uri), key_of(owner))
            case CollectionTold(uri=uri):
                yield key_of(uri)
            case Stamped(uri=uri, author=author, quote=quote, quoted=quoted):
                yield from (key_of(uri), key_of(author), key_of(quote), key_of(quoted))
                yield from (key_of("stamp", quote, quoted), key_of("quote", quote, quoted))
            case ActorDescribed(profile=profile):
                yield key_of("tombstone", profile.uri, profile.uri)
                for uri in (profile.uri, profile.followers, profile.following, profile.outbox, profile.featured):
                    yield key_of(uri)
            case CollectionDescribed(uri=uri, items=items):
                yield key_of(uri)
                for item in items:
                    yield key_of(item)
            case Voted(poll=uri) | Pinned(object=uri):
                yield key_of(uri)
            case TagShown(target=uri):
                yield key_of(uri)
            case Hinted(uri=uri, about=about):
                yield from (key_of(uri), key_of(about))
            case Reported(objects=objects):
                for uri in objects:
                    yield key_of(uri)
