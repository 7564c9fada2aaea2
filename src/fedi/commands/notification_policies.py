"""What somebody wants to hear of strangers, and what they make of those who had to wait."""

from collections.abc import Collection

from fedi.commands.context import Context, note
from fedi.errors import NotFoundError
from fedi.events.notifications import (
    NotificationPolicyChosen,
    NotificationRequestsAccepted,
    NotificationRequestsDismissed,
    Policy,
)
from fedi.views import notification_requests
from fedi.views.targets import AccountRef


async def choose_policy(context: Context, reader: AccountRef, policy: Policy) -> int | None:
    """Have a policy apply from now on; None if it does already."""
    async with context.pool.connection() as connection:
        before = await notification_requests.policy(connection, reader.id)
    return (
        None if before == policy else await note(context, NotificationPolicyChosen(account_id=reader.id, policy=policy))
    )


async def accept_requests(context: Context, reader: AccountRef, senders: Collection[int]) -> int | None:
    """Let through what was kept apart of some senders, and what they do from now on. Raises NotFoundError."""
    chosen = await _pending(context, reader, senders)
    event = NotificationRequestsAccepted(account_id=reader.id, from_account_ids=chosen)
    return await note(context, event) if chosen else None


async def dismiss_requests(context: Context, reader: AccountRef, senders: Collection[int]) -> int | None:
    """Throw away what was kept apart of some senders. Raises NotFoundError."""
    chosen = await _pending(context, reader, senders)
    event = NotificationRequestsDismissed(account_id=reader.id, from_account_ids=chosen)
    return await note(context, event) if chosen else None


async def _pending(context: Context, reader: AccountRef, senders: Collection[int]) -> tuple[int, ...]:
    """Return the senders, each once. Raises NotFoundError if nothing is kept apart of one of them."""
    async with context.pool.connection() as connection:
        known = await notification_requests.pending(connection, reader.id, senders)
    if not known.issuperset(senders):
        raise NotFoundError
    return tuple(dict.fromkeys(senders))
