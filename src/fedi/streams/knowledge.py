"""What has to be read before announcements are passed on: the things themselves, and who may hear of them.

A bounded number of queries, however many announcements and listeners there are. Home timelines were decided by the
projector; on streams that anybody may open, each listener's rights and wishes are asked for here.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from fedi.projections.announcements import Announcement
from fedi.registry.rows import Connection
from fedi.streams.channels import STAFF, list_of
from fedi.streams.switchboard import Listener
from fedi.views import accounts, conversations, listeners, notifications, staff_announcements, statuses, timelines
from fedi.views.accounts import AccountRow
from fedi.views.conversations import Conversation
from fedi.views.listeners import Deeds, Quotes
from fedi.views.notifications import Addressed
from fedi.views.staff_announcements import Notice
from fedi.views.statuses import Status

Heard = tuple[Announcement, list[tuple[str, Listener]]]
"""An announcement, and who listens to it, on which channel."""


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about what some announcements are about. Statuses are as nobody in particular sees them."""

    statuses: Mapping[int, Status]
    notifications: Mapping[int, Addressed]
    conversations: Mapping[int, Conversation]
    accounts: Mapping[int, AccountRow]
    deeds: Deeds
    quotes: Quotes
    allowed: Collection[tuple[int, int]]
    listed: Collection[tuple[int, int]]
    notices: Mapping[int, Notice]
    """What the staff announces, as nobody in particular sees it."""

    def may_hear(self, said: Announcement, channel: str, listener: Listener) -> bool:
        """Tell whether a listener is to hear of it on this channel."""
        if said.event in {"delete", "filters_changed", "notifications_merged", "announcement.delete"}:
            return True
        if said.event in STAFF:
            return said.id in self.notices
        if said.event == "notification":
            return said.id in self.notifications
        if said.event == "conversation":
            return said.id in self.conversations
        if said.id not in self.statuses:
            return False
        if channel.startswith("home:"):
            return True
        list_id = list_of(channel)
        if list_id is not None:
            return (list_id, said.id) in self.listed
        return (said.id, listener.client.account_id) in self.allowed


async def learn(connection: Connection, heard: Sequence[Heard]) -> Knowledge:
    """Read all that telling these announcements takes."""
    addressed = await _notifications(connection, heard)
    talks = await _conversations(connection, heard)
    talking = {one for each in talks for one in (*each.participants, each.account_id)}
    people = await accounts.load(connection, {each.from_account_id for each in addressed} | talking)
    told = {each.id: each for each in addressed if each.from_account_id in people}
    new = {said.id for said, _ in heard if said.event in {"update", "status.update"}}
    about = {each.status_id for each in told.values() if each.status_id is not None}
    about |= {each.last_status_id for each in talks}
    found = {each.row.id: each for each in await statuses.load(connection, [*new | about], None)}
    return Knowledge(
        statuses=found,
        notifications=told,
        conversations={each.id: each for each in talks},
        accounts=people,
        deeds=await _deeds(connection, heard, found, about),
        quotes=await listeners.quotes_of_many(connection, found.values(), _viewers(heard)),
        allowed=await listeners.allowed(connection, _public(heard)),
        listed=await _listed(connection, heard),
        notices=await _notices(connection, heard),
    )


async def _notices(connection: Connection, heard: Sequence[Heard]) -> dict[int, Notice]:
    ids = {said.id for said, _ in heard if said.event in STAFF}
    return {each.row.id: each for each in await staff_announcements.load(connection, None, ids)} if ids else {}


async def _notifications(connection: Connection, heard: Sequence[Heard]) -> list[Addressed]:
    ids = [said.id for said, _ in heard if said.event == "notification"]
    return await notifications.for_whom(connection, ids) if ids else []


async def _conversations(connection: Connection, heard: Sequence[Heard]) -> list[Conversation]:
    ids = [said.id for said, _ in heard if said.event == "conversation"]
    return await conversations.for_whom(connection, ids) if ids else []


async def _deeds(
    connection: Connection, heard: Sequence[Heard], found: Mapping[int, Status], about: Collection[int]
) -> Deeds:
    """Return what listeners did with statuses. With a post that has just come, nobody has done anything yet
    but mute the thread that it belongs to."""
    old = {said.id for said, _ in heard if said.event == "status.update"}.union(about)
    boosts = {each.boost_of.row.id for each in found.values() if each.boost_of is not None}
    answers = {each.row.id for each in found.values() if each.row.in_reply_to_id is not None}
    quoted = {
        each.quote.quoted_id
        for each in listeners.layers_of(found.values())
        if each.quote is not None and each.quote.quoted_id is not None
    }
    asked = old | boosts | answers | quoted
    return await listeners.deeds(connection, asked, _viewers(heard)) if asked else {}


def _viewers(heard: Sequence[Heard]) -> set[int]:
    return {listener.client.account_id for _, each in heard for _, listener in each}


def _public(heard: Sequence[Heard]) -> list[tuple[int, int]]:
    return [
        (said.id, account)
        for said, each in heard
        if said.event in {"update", "status.update"}
        for account in {
            listener.client.account_id for channel, listener in each if channel.startswith(("public", "hashtag:"))
        }
    ]


async def _listed(connection: Connection, heard: Sequence[Heard]) -> Collection[tuple[int, int]]:
    asked = {
        (list_id, said.id)
        for said, each in heard
        if said.event in {"update", "status.update"}
        for channel, _ in each
        if (list_id := list_of(channel)) is not None
    }
    return await timelines.in_lists(connection, asked) if asked else ()
