"""What the streams need of those who know how things look to clients: the API's shapes, already written."""

from collections.abc import Mapping
from typing import Protocol

from fedi.views.accounts import AccountRow
from fedi.views.conversations import Conversation
from fedi.views.notifications import Notification
from fedi.views.staff_announcements import Notice
from fedi.views.statuses import Status


class Renderer(Protocol):
    """Writes what clients are told, as one line of JSON."""

    def status(self, found: Status) -> bytes:
        """Return a status in the eyes of its `viewer`."""

    def notification(self, found: Notification, people: Mapping[int, AccountRow], about: Status | None) -> bytes:
        """Return a notification: `people` are those whom it shows, `about` is the status it is about."""

    def conversation(self, found: Conversation, people: Mapping[int, AccountRow], last: Status | None) -> bytes:
        """Return a conversation: `people` has those who take part, `last` is what was said last."""

    def announcement(self, found: Notice) -> bytes:
        """Return an announcement of the staff, as nobody in particular sees it."""

    def reaction(self, found: Notice, name: str) -> bytes:
        """Return how often people reacted to an announcement with an emoji."""
