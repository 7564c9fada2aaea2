"""What the streams need of those who know how things look to clients: the API's shapes, already written."""

from typing import Protocol

from fedi.views.accounts import AccountRow
from fedi.views.notifications import Notification
from fedi.views.statuses import Status


class Renderer(Protocol):
    """Writes what clients are told, as one line of JSON."""

    def status(self, found: Status) -> bytes:
        """Return a status in the eyes of its `viewer`."""

    def notification(self, found: Notification, whose: AccountRow, about: Status | None) -> bytes:
        """Return a notification: `whose` act it is, and the status it is about."""
