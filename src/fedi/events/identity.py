"""The identity of an event: a UUIDv5 that makes a second copy of the same thing a conflict.

THESE RULES CANNOT CHANGE once events exist: a changed rule would let old activities in again. Each follows the habit of
a server that forced it (the tests name them). The id's origin must be the actor's own, or a forged id could shadow a
real one: the edge refuses the rest before it asks for an identity.
"""

from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from uuid import UUID, uuid4

from fedi.ids import milliseconds

NAMESPACE = UUID("6d1f2a6e-50a3-5c1b-9f0e-0f7f5d2f6b10")

_PREFIX = NAMESPACE.bytes
_FORM = 0xF << 76 | 0xC << 60
"""The bits of version and variant (RFC 9562 §4)."""

_BY_ID_ALONE = frozenset({"Create", "Delete", "Like", "Announce", "Block", "Move", "Flag", "EmojiReact"})
_BY_ID_AND_DIGEST = frozenset({"Accept", "Reject"})


def _identity(*parts: str) -> UUID:
    """Return the UUIDv5 of some parts, as `uuid5` makes it, which takes twice as long."""
    digest = sha1(_PREFIX + "\0".join(parts).encode(), usedforsecurity=False).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & ~_FORM | 0x5 << 76 | 0x8 << 60)


def of_received(document: dict[str, Any], actor: str, signed_at: datetime, digest: str) -> UUID:
    """Return the identity of a verified activity.

    `digest` is the hex SHA-256 of the body, `signed_at` the signature's own date. Senders sign again when they retry,
    so the signed date is part of the identity only where a repeated id means a new act: Misskey's Follow ids are
    constant for a pair of people, and people follow again.
    """
    activity_id = document.get("id")
    kind = _type_of(document)
    named = activity_id if isinstance(activity_id, str) else ""
    if named and kind in _BY_ID_ALONE:
        return _identity("activity", named)
    date = signed_at.astimezone(UTC).isoformat()
    if not named:
        return _identity("anonymous", actor, date, digest)
    if kind in _BY_ID_AND_DIGEST:
        return _identity("answer", named, digest)
    if kind == "Update":
        return _identity("update", named, digest, _updated(document.get("object")))
    if kind == "Undo":
        if _undoes_follow(document.get("object")):
            return _identity("follow", named, date, digest)
        return _identity("activity", named)
    if kind == "Follow":
        return _identity("follow", named, date, digest)
    return _identity("other", named, date, digest)


def of_published(activity_id: str) -> UUID:
    """Return the identity of a local activity: ids minted here are never used twice."""
    return _identity("activity", activity_id)


def of_fetched(url: str, digest: str, updated: str) -> UUID:
    """Return the identity of a fetched document: its URL, content, and its `updated` or else when it was fetched."""
    return _identity("fetched", url, digest, updated)


def of_answer(kind: str, cause: UUID) -> UUID:
    """Return the identity of what the server says by itself because of another event, so that it says it once."""
    return _identity("because", kind, str(cause))


def of_due(kind: str, what: int) -> UUID:
    """Return the identity of what the server says because the time of `what`, an id of this `kind`, has come."""
    return _identity("due", kind, str(what))


def of_keyed_request(account_id: int, key: str, previous: int = 0) -> UUID:
    """Return the identity of a POST with an Idempotency-Key.

    A key counts for an hour. To use it again after that, name the position of its `previous` use: of two requests that
    do so at once only one can win.
    """
    return _identity("idempotency", str(account_id), key, str(previous))


def of_founding() -> UUID:
    """Return the identity of the event at position 1."""
    return _identity("founding")


def of_account(username: str) -> UUID:
    """Return the identity of a local account's creation: a name is given once, for ever."""
    return _identity("account", username.lower())


def fresh(moment: datetime) -> UUID:
    """Return an identity that nothing else has, a UUIDv7 of `moment`: for local acts that nobody sends twice."""
    # RFC 9562 §5.7: 48 bits of milliseconds, then version and variant, which a random UUID has in the same places.
    random_bits = uuid4().int & ~(0xF << 76) & ((1 << 80) - 1)
    return UUID(int=milliseconds(moment) << 80 | 0x7 << 76 | random_bits)


def _updated(obj: Any) -> str:
    updated = obj.get("updated") if isinstance(obj, dict) else None
    return updated if isinstance(updated, str) else ""


def _undoes_follow(obj: Any) -> bool:
    return isinstance(obj, dict) and _type_of(obj) == "Follow"


def _type_of(obj: dict[str, Any]) -> str | None:
    """The type, or the first of several: JSON-LD allows a list."""
    kind = obj.get("type")
    if isinstance(kind, list):
        kind = kind[0] if kind else None
    return kind if isinstance(kind, str) else None
