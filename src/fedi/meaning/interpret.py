"""The two steps of meaning: read an event's document into claims, then resolve the claims into facts.

Events are interpreted in their order, a batch at a time; within a batch a later event sees what an earlier one made
known. The same events and the same references always give the same facts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import values
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
from fedi.errors import PeerError
from fedi.events import Event, Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched, DocumentVanished
from fedi.events.server import ErasureDemanded
from fedi.facts import Entry, Origin
from fedi.meaning import accounts, features, hints, interactions, posts, quotes, relations, reports
from fedi.meaning.foreseen import Understood, foresee
from fedi.meaning.reading import Buried, Reading, Wanted
from fedi.meaning.ref import Ref
from fedi.meaning.references import References
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


def interpret(batch: Sequence[Recorded], refs: References) -> list[Interpretation]:
    """Return what each event of a batch says, in order. `refs` takes in what the batch makes known."""
    understood = [understand(recorded) for recorded in batch]
    foresee(understood, refs)
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
    kind = type(claim)
    if isinstance(claim, Posted):
        if posts.posted(claim, reading, _served(event, reading)):
            _release(claim.post.uri, reading)
    elif isinstance(claim, Edited):
        if posts.edited(claim, reading, _served(event, reading)):
            _release(claim.post.uri, reading)
    elif isinstance(claim, ActorDescribed):
        handle = event.handle if isinstance(event, DocumentFetched) else ""
        if accounts.actor_described(claim, reading, _served(event, reading), handle):
            _release(claim.profile.uri, reading)
    elif kind in _RESOLVED:
        _RESOLVED[kind](claim, reading)


_RESOLVED: Mapping[type[Claim], Callable[[Any, Reading], None]] = {
    CollectionDescribed: accounts.collection_described,
    Deleted: posts.deleted,
    Voted: posts.voted,
    Boosted: interactions.boosted,
    Favourited: interactions.favourited,
    Pinned: interactions.pinned,
    TagShown: interactions.tag_shown,
    Undone: interactions.undone,
    FollowAsked: relations.follow_asked,
    Answered: relations.answered,
    Blocked: relations.blocked,
    Moved: relations.moved,
    InteractionAsked: interactions.asked,
    QuoteAsked: quotes.asked,
    QuoteAnswered: quotes.answered,
    Stamped: quotes.stamped,
    FeatureAsked: features.asked,
    FeatureAnswered: features.answered,
    CollectionTold: features.told,
    CollectionShown: features.shown,
    Hinted: hints.hinted,
    Reported: reports.reported,
}
"""By which rule a claim is resolved; those above need what their event carries too."""


def _release(uri: str, reading: Reading) -> None:
    """Let what waited for a URI count, now that something stands there."""
    if not reading.refs.awaited(uri):
        return
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
