"""Subscribing to relays, of Mastodon's kind and of LitePub's (FEP-ae0c).

A relay of the first kind is an inbox, and is asked for the public itself; one of the second is an actor, and followed.
"""

from typing import Any

import msgspec

from fedi.activitypub.resolve import Means
from fedi.activitypub.resolve.documents import fetch_by_id
from fedi.activitypub.resolve.learning import profile_in
from fedi.activitypub.vocabulary import addresses, rendering, uris
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.relays import RelayAdded, RelayRemoved
from fedi.services.relays import TellRelay
from fedi.views import relays
from fedi.views.relays import Relay

INBOX = "/inbox"


async def add(context: Context, means: Means, written: str) -> str:
    """Subscribe to a relay at the address of its inbox or of its actor; return its inbox.

    Raises ClientError for no address, and for a relay that is subscribed to; `PeerError` if an actor cannot be had.
    """
    try:
        url = uris.parse(written.strip())
    except uris.InvalidUriError:
        raise ClientError(f"{written[:200]} is no address") from None
    inbox, target = url.text, PUBLIC
    if not url.target.endswith(INBOX):
        profile = profile_in(await fetch_by_id(means, url.text))
        inbox, target = profile.inbox, profile.uri
    await means.borders.check(url.authority)
    async with context.pool.connection() as connection:
        if inbox in {relay.inbox for relay in await relays.everything(connection)}:
            raise ClientError(f"the relay {inbox} is subscribed to already")
    number = context.appender.allot(context.clock())
    actor = context.site.instance_actor
    event = RelayAdded(inbox=inbox, follow_uri=addresses.act(actor, "follows", number), target=target)
    await note(context, event)
    await context.jobs.put(_telling(inbox, _follow(actor, event.follow_uri, target)))
    return inbox


async def remove(context: Context, written: str) -> str:
    """Subscribe no longer to a relay, named by its inbox or its actor; return its inbox. Raises NotFoundError."""
    async with context.pool.connection() as connection:
        known = await relays.everything(connection)
    relay = next((each for each in known if written.strip() in {each.inbox, each.target}), None)
    if relay is None:
        raise NotFoundError(f"there is no relay {written[:200]}")
    await note(context, RelayRemoved(inbox=relay.inbox))
    await context.jobs.put(_telling(relay.inbox, _undo(context.site.instance_actor, relay)))
    return relay.inbox


def _follow(actor: str, uri: str, target: str) -> dict[str, Any]:
    return {**rendering.follow(actor, target, 0), "id": uri, "to": [target]}


def _undo(actor: str, relay: Relay) -> dict[str, Any]:
    return rendering.undo(_follow(actor, relay.follow_uri, relay.target))


def _telling(inbox: str, document: dict[str, Any]) -> TellRelay:
    return TellRelay(inbox=inbox, document=msgspec.json.encode(document).decode())
