"""Being done with notifications, one or all."""

from fedi.commands.context import Context, note
from fedi.errors import NotFoundError
from fedi.events.notifications import NotificationDismissed, NotificationsCleared
from fedi.views import targets
from fedi.views.targets import AccountRef


async def clear_notifications(context: Context, reader: AccountRef) -> int:
    """Dismiss all that a person was told until now."""
    return await note(context, NotificationsCleared(account_id=reader.id))


async def dismiss_notification(context: Context, reader: AccountRef, notification_id: int) -> int:
    """Dismiss one notification. Raises NotFoundError if there is none, or it is somebody else's."""
    async with context.pool.connection() as connection:
        if not await targets.notified(connection, reader.id, notification_id):
            raise NotFoundError
    return await note(context, NotificationDismissed(account_id=reader.id, notification_id=notification_id))
