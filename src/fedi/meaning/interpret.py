"""What events mean: what they claim (`understanding`) is resolved into facts.

Events are interpreted in their order, a batch at a time; within a batch a later event sees what an earlier one made
known. The same events and the same references always give the same facts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

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
from fedi.events import Event, Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, DocumentFetched
from fedi.events.server import ErasureDemanded
from fedi.facts import Entry
from fedi.meaning import accounts, features, hints, interactions, posts, quotes, relations, reports
from fedi.meaning.foreseen import foresee
from fedi.meaning.reading import Buried, Reading, Wanted
from fedi.meaning.ref import Ref
from fedi.meaning.references import References
from fedi.meaning.understanding import Understood, understand
from fedi.meaning.waiting import MentionWaits, QuoteWaits, ReplyWaits, waited_claim


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
    else:
        _RESOLVED[type(claim)](claim, reading)


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
