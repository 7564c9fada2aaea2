"""Statuses, notifications and conversations as streams send them: the same entities that REST answers with."""

from collections.abc import Mapping

import msgspec

from fedi.api.encoding import encode
from fedi.api.entities.announcements import announcement, reaction_change
from fedi.api.entities.conversations import conversation
from fedi.api.entities.notifications import notification
from fedi.api.entities.statuses import status
from fedi.site import Site
from fedi.views.accounts import AccountRow
from fedi.views.conversations import Conversation
from fedi.views.notifications import Notification
from fedi.views.staff_announcements import Notice
from fedi.views.statuses import Status


class Entities(msgspec.Struct, frozen=True):
    """Writes what streams are about; handed to them by the composition root."""

    site: Site

    def status(self, found: Status) -> bytes:
        """Return a status in the eyes of its viewer."""
        return encode(status(found, self.site))

    def notification(self, found: Notification, people: Mapping[int, AccountRow], about: Status | None) -> bytes:
        """Return a notification in the eyes of whom it is for."""
        return encode(notification(found, people, about, self.site))

    def conversation(self, found: Conversation, people: Mapping[int, AccountRow], last: Status | None) -> bytes:
        """Return a conversation in the eyes of whose it is."""
        return encode(conversation(found, people, last, self.site))

    def announcement(self, found: Notice) -> bytes:
        """Return an announcement of the staff, as nobody in particular sees it."""
        return encode(announcement(found, self.site))

    def reaction(self, found: Notice, name: str) -> bytes:
        """Return how often people reacted to an announcement with an emoji."""
        count = next((each.count for each in found.reactions if each.name == name), 0)
        return encode(reaction_change(found.row.id, name, count))
