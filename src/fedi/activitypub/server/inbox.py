"""The inbox: from a signed POST to an event in the log (ActivityPub §7.1; contract ActivityPub §4, §6, §12).

In order, and nothing later before all that stands earlier: the signature's headers, whether we speak with its host, the
document, whose key it is,
whether the signature holds, whether its owner is who speaks, whether the actor may say such a thing, COMMIT, 202. The
document is stored as the very bytes that came.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from fedi.activitypub import resolve
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.passing_on import note_posts, passes_on
from fedi.activitypub.server.signers import KEY_GONE, NoKeyError, Signer
from fedi.activitypub.server.synchronization import compare
from fedi.activitypub.signatures import SignatureClaim, SignatureError, check_window, parse
from fedi.activitypub.vocabulary import json, values
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.authority import MalformedError, actor_of, check_activity_id
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.activitypub.vocabulary.usual import read_usual
from fedi.errors import PeerError
from fedi.events import identity
from fedi.events.activities import ActivityReceived
from fedi.log.drafts import Conflict, Draft
from fedi.views import documents
from fedi.views.borders import Border

Outcome = Literal["accepted", "duplicate", "noise", "passed_on"]
"""What became of an activity: appended, there already, of no concern to anybody, or a relay's hint where to ask.

All are answered with 202.
"""


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """A POST to an inbox. `name` is whose, None for the shared one and the server's own; `caller` an address."""

    headers: Sequence[tuple[bytes, bytes]]
    target: str
    body: bytes
    name: str | None
    caller: str


_OF_THE_SHUT_OUT = frozenset({"Delete", "Reject", "Undo", "Update"})
"""What is heard of people who are suspended: that less is so than before, or that they are what they were."""


class NoInboxError(PeerError):
    """Nobody of this name is here."""

    status = 404
    reason = "no_inbox"


async def receive(edge: Edge, posting: Posting) -> Outcome:
    """Take in an activity; returns once it is on disk.

    Raises `PeerError` for all that is wrong with it, having changed nothing, and `Unavailable`.
    """
    now = edge.clock()
    claim = parse(posting.headers, method="POST", target=posting.target, origin=edge.site.base_url, body=posting.body)
    check_window(claim, now)
    border = await edge.borders.check(claim.key_id.authority)
    activity = json.parse(posting.body)
    relay = claim.key_id.authority
    if relay in border.relays and passes_on(activity, relay):
        await edge.signers.of(claim, posting.caller, now)
        await note_posts(edge, activity, relay)
        return "passed_on"
    actor = _speaker(edge, activity, claim)
    ends_itself = _ends_itself(activity, actor)
    if ends_itself and not await _met(edge, claim, actor, posting.caller):
        return "noise"
    try:
        signer = await edge.signers.of(claim, posting.caller, now)
    except NoKeyError as error:
        if ends_itself and error.reason == KEY_GONE:
            return "noise"
        raise
    if signer.actor != actor:
        raise SignatureError(reason="key_of_another_actor")
    check_activity_id(activity, actor)
    if read_usual(posting.body) is None:
        read_activity(activity)
    await _check_inbox(edge, posting.name)
    if _unwanted(border, activity, actor):
        return "noise"
    if (said := _header(posting, b"collection-synchronization")) is not None:
        await compare(edge, actor, said)
    return await _append(edge, posting, activity, claim, signer)


def _speaker(edge: Edge, activity: dict[str, Any], claim: SignatureClaim) -> str:
    """Return the actor, if the key could be its own: asking for a key of another origin could only be in vain."""
    actor = actor_of(activity)
    if not values.types(activity):
        raise MalformedError
    if edge.site.is_local(actor):
        raise SignatureError(reason="local_actor")
    if not values.same_origin(actor, claim.key_id.text):
        raise SignatureError(reason="key_of_other_origin")
    return actor


def _ends_itself(activity: dict[str, Any], actor: str) -> bool:
    return "Delete" in values.types(activity) and values.id_of(activity.get("object")) == actor


def _header(posting: Posting, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in posting.headers if key.lower() == name), None)


def _unwanted(border: Border, activity: dict[str, Any], actor: str) -> bool:
    """Tell whether the operator wants to hear nothing of the kind from an actor, or from its server."""
    types = set(values.types(activity))
    if actor in border.shut_out:
        return not types <= _OF_THE_SHUT_OUT
    return "Flag" in types and border.rule(authority_of(actor)).reject_reports


async def _met(edge: Edge, claim: SignatureClaim, actor: str, caller: str) -> bool:
    """Tell whether we ever met an actor that says it is gone. Whole servers that close tell everybody (contract §4).

    Nothing proves who asks this, so a caller may have it asked only so often. Raises `TooMuchJunk`.
    """
    if edge.signers.held(claim.key_id) is not None:
        return True
    edge.ends.check(caller)
    async with edge.pool.connection() as connection:
        met = await documents.knows_actor(connection, actor)
    if not met:
        edge.ends.refused(caller)
    return met


async def _check_inbox(edge: Edge, name: str | None) -> None:
    """Refuse what is sent to nobody, so that the sender stops. Names are never given twice, so they are remembered."""
    if name is None or name in edge.names:
        return
    async with edge.pool.connection() as connection:
        if await documents.actor(connection, name) is None:
            raise NoInboxError
    edge.names.add(name)


async def _append(
    edge: Edge, posting: Posting, activity: dict[str, Any], claim: SignatureClaim, signer: Signer
) -> Outcome:
    assert claim.digest is not None
    digest = claim.digest.hex()
    draft = Draft(
        identity=identity.of_received(activity, signer.actor, claim.signed_at, digest),
        event=ActivityReceived(
            document=msgspec.Raw(posting.body),
            actor=signer.actor,
            key=signer.key_id,
            signed_at=claim.signed_at,
            digest=digest,
        ),
    )
    try:
        await resolve.append(edge.appender, signer.drafts, [draft])
    except Conflict:
        return "duplicate"
    edge.signers.appended(signer)
    return "accepted"
