"""What an event claims: its document read, before anything in it is looked up."""

from collections.abc import Collection
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import ActorDescribed, Claim, Deleted, Favourited, Posted
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.stubs import found_by
from fedi.activitypub.vocabulary.usual import read_usual
from fedi.errors import PeerError
from fedi.events import Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched, DocumentVanished
from fedi.facts import Origin


class Understood(msgspec.Struct, frozen=True):
    """An event's claims, before they are resolved; `words` are the posts and actors of whose words it holds some."""

    recorded: Recorded
    origin: Origin
    actor: str
    claims: tuple[Claim, ...] = ()
    words: Collection[str] = ()


def understand(recorded: Recorded) -> Understood:
    """Return an event's claims. What an older edge let in and today's vocabulary refuses claims nothing."""
    event = recorded.event
    if isinstance(event, ActivityReceived | ActivityPublished):
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
