"""What a person did with their notifications. The highest position cleared is enough to fold it."""

from fedi.events.catalogue import Event, event


@event("notifications.cleared")
class NotificationsCleared(Event, frozen=True, kw_only=True):
    account_id: int


@event("notification.dismissed")
class NotificationDismissed(Event, frozen=True, kw_only=True):
    account_id: int
    notification_id: int
