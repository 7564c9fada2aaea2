"""Whose key is it? Known from the views, or asked of the actor, at the actor's own id.

What a key's document says of its owner is only a hint where to ask; the actor's own document, found at the actor's id,
of the key's origin, must list the key (S-005, S-008, S-019; FEP-fe34).
"""

from typing import Any

from fedi.activitypub.resolve.documents import draft_anew, fetch_any, fetch_by_id
from fedi.activitypub.resolve.errors import KeyRefused
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.means import Means, SigningKey
from fedi.activitypub.vocabulary import kinds, uris, values
from fedi.activitypub.vocabulary.actors import read_actor
from fedi.activitypub.vocabulary.uris import Uri
from fedi.views import signers


async def resolve_key(means: Means, key_id: Uri) -> SigningKey:
    """Return a key: from the views, or fetched as `fetch_key` does."""
    return await known_key(means, key_id) or await fetch_key(means, key_id)


async def known_key(means: Means, key_id: Uri) -> SigningKey | None:
    """Return a key that an actor of its own origin is known to have; None if nobody has, or two claim it."""
    async with means.pool.connection() as connection:
        known = await signers.of_key(connection, key_id.text)
    own = [each for each in known if values.same_origin(each.actor, key_id.text)]
    exact = [each for each in own if each.actor == key_id.document.text]
    if len(exact or own) != 1:
        return None
    (signer,) = exact or own
    return SigningKey(key_id=key_id.text, actor=signer.actor, pem=signer.pem)


async def fetch_key(means: Means, key_id: Uri, *, again: bool = False) -> SigningKey:
    """Return a key as its actor's document has it now; at most one fetch a minute for each key, by this process.

    That is for a key that is unknown. `again` asks for one that does not fit, at most once a minute too: keys are
    rotated, perhaps a moment after we first met them. Raises `KeyRefused`, `Gone` (the actor, or the key's document),
    other `NotLearnt`, `Unreachable`.
    """
    return await means.keys.get(_name(key_id, again), lambda: _fetch(means, key_id))


def asked_lately(means: Means, key_id: Uri, *, again: bool = False) -> bool:
    """Tell whether what `fetch_key` returns now may be as old as a minute."""
    return means.keys.lately(_name(key_id, again))


def _name(key_id: Uri, again: bool) -> str:
    return f"{key_id.text} again" if again else key_id.text


async def _fetch(means: Means, key_id: Uri) -> SigningKey:
    found = await fetch_any(means, key_id)
    if not uris.same_origin(found.url, key_id):
        raise KeyRefused(reason="key_of_other_origin")
    owner = _owner(found.document, key_id)
    if not values.same_origin(owner, key_id.text):
        raise KeyRefused(reason="key_of_other_origin")
    actor = found if _is_actor_at(found, owner) else await fetch_by_id(means, owner)
    profile = read_actor(actor.document)
    pem = next((key.pem for key in profile.keys if key.key_id == key_id.text), None)
    if pem is None:
        raise KeyRefused
    return SigningKey(key_id=key_id.text, actor=owner, pem=pem, drafts=(await draft_anew(means, actor),))


def _owner(document: dict[str, Any], key_id: Uri) -> str:
    """Return whom to ask: the actor itself (GoToSocial serves a stub of it for the key), or the key's stated owner."""
    if kinds.ACTORS.intersection(values.types(document)):
        return values.uri(document.get("id"))
    if values.uri(document.get("id")) != key_id.text:
        raise KeyRefused(reason="key_id_elsewhere")
    return values.id_of(document.get("owner")) or values.id_of(document.get("controller"))


def _is_actor_at(found: Fetched, owner: str) -> bool:
    return found.url.text == owner and bool(kinds.ACTORS.intersection(values.types(found.document)))
