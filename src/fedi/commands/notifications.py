"""Being done with notifications, one or all."""

from fedi.commands.context import Context, note
from fedi.errors import NotFoundError
from fedi.events.notifications import NotificationDismissed, NotificationsCleared
from fedi.views import notifications, targets
from fedi.views.targets import AccountRef

MOST = 1000
"""Notifications of a group that are dismissed at once."""


async def clear_notifications(context: Context, reader: AccountRef) -> int:
    """Dismiss all that a person was told until now."""
    return await note(context, NotificationsCleared(account_id=reader.id))


async def dismiss_notification(context: Context, reader: AccountRef, notification_id: int) -> int:
    """Dismiss one notification. Raises NotFoundError if there is none, or it is somebody else's."""
    async with context.pool.connection() as connection:
        if not await targets.notified(connection, reader.id, notification_id):
            raise NotFoundError
    return await note(context, NotificationDismissed(account_id=reader.id, notification_id=notification_id))


async def dismiss_group(context: Context, reader: AccountRef, group_key: str) -> int:
    """Dismiss the notifications of a group, all or none. Raises NotFoundError if there is no such group of theirs."""
    async with context.pool.connection() as connection:
        found = await notifications.of_group(connection, group_key, reader.id, MOST)
    if not found:
        raise NotFoundError
    dismissed = (NotificationDismissed(account_id=reader.id, notification_id=each.id) for each in found)
    return await note(context, *dismissed)
