"""What has to be read before announcements are passed on: the things themselves, and who may hear of them.

A bounded number of queries, however many announcements and listeners there are. Home timelines were decided by the
projector; on streams that anybody may open, each listener's rights and wishes decide, which are remembered
(`minds.py`): only of posts that are not for everybody the database is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from fedi.projections.announcements import Announcement
from fedi.registry.rows import Connection
from fedi.streams.channels import STAFF, Channel, anybody_may_listen, list_of
from fedi.streams.switchboard import Listener
from fedi.views import (
    accounts,
    aversions,
    conversations,
    listeners,
    notifications,
    staff_announcements,
    statuses,
    timelines,
)
from fedi.views.accounts import AccountRow
from fedi.views.aversions import Aversions, OpenPost
from fedi.views.conversations import Conversation
from fedi.views.listeners import Deeds, Quotes
from fedi.views.notifications import Addressed
from fedi.views.staff_announcements import Notice
from fedi.views.statuses import Status

_ANYWAY = frozenset({"delete", "filters_changed", "notifications_merged", "announcement.delete"})
"""What is told without looking whether the thing is there."""
POSTS = frozenset({"update", "status.update"})


class Audience(msgspec.Struct, frozen=True):
    """Who listens to an announcement, each with the channel; whose accounts these are, and which of them listen to
    streams that anybody may open."""

    listeners: Sequence[tuple[Channel, Listener]]
    viewers: frozenset[int]
    anybody: frozenset[int]

    @staticmethod
    def of(listeners: Sequence[tuple[Channel, Listener]]) -> "Audience":
        """Return an audience of these."""
        open_to_all = {channel for channel in {channel for channel, _ in listeners} if anybody_may_listen(channel)}
        viewers = frozenset(listener.client.account_id for _, listener in listeners)
        anybody = (listener.client.account_id for channel, listener in listeners if channel in open_to_all)
        return Audience(listeners, viewers, frozenset(anybody) if open_to_all else frozenset())


Heard = tuple[Announcement, Audience]
"""An announcement, and who hears it."""


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about what some announcements are about. Statuses are as nobody in particular sees them."""

    statuses: Mapping[int, Status]
    notifications: Mapping[int, Addressed]
    conversations: Mapping[int, Conversation]
    accounts: Mapping[int, AccountRow]
    deeds: Deeds
    quotes: Quotes
    open_posts: Mapping[int, OpenPost]
    """Statuses on streams that anybody may open, as far as they are open to everybody."""
    allowed: Collection[tuple[int, int]]
    """Of other statuses there, who may and wants to see them."""
    listed: Collection[tuple[int, int]]
    notices: Mapping[int, Notice]
    """What the staff announces, as nobody in particular sees it."""

    def hearers(
        self, said: Announcement, audience: Audience, aversions: Mapping[int, Aversions], now: datetime
    ) -> Iterable[Listener]:
        """Return which of the listeners are to hear of it."""
        if said.event in POSTS:
            return self._readers(said.id, audience, aversions, now) if said.id in self.statuses else ()
        return [listener for _, listener in audience.listeners] if self._is_there(said) else ()

    def _is_there(self, said: Announcement) -> bool:
        if said.event in _ANYWAY:
            return True
        if said.event in STAFF:
            return said.id in self.notices
        return said.id in (self.notifications if said.event == "notification" else self.conversations)

    def _readers(
        self, status_id: int, audience: Audience, aversions: Mapping[int, Aversions], now: datetime
    ) -> Iterator[Listener]:
        post = self.open_posts.get(status_id)
        for channel, listener in audience.listeners:
            if isinstance(channel, int):
                yield listener
                continue
            account = listener.client.account_id
            if (list_id := list_of(channel)) is not None:
                if (list_id, status_id) in self.listed:
                    yield listener
            elif post is not None:
                if post.welcome(account, aversions[account], now):
                    yield listener
            elif (status_id, account) in self.allowed:
                yield listener


def known_already(heard: Sequence[Heard], ahead: Mapping[int, Status]) -> Knowledge | None:
    """Return it where nothing has to be read, else None: of posts that come home, were read ahead and answer nobody."""
    for said, audience in heard:
        found = ahead.get(said.id) if said.event == "update" else None
        if found is None or found.row.in_reply_to_id is not None or found.boost_of is not None:
            return None
        if not all(isinstance(channel, int) for channel, _ in audience.listeners):
            return None
    return Knowledge(
        statuses={said.id: ahead[said.id] for said, _ in heard},
        notifications={},
        conversations={},
        accounts={},
        deeds={},
        quotes={},
        open_posts={},
        allowed=(),
        listed=(),
        notices={},
    )


async def learn(connection: Connection, heard: Sequence[Heard], ahead: Mapping[int, Status]) -> Knowledge:
    """Read all that telling these announcements takes, but for the statuses that were read ahead."""
    addressed = await _notifications(connection, heard)
    talks = await _conversations(connection, heard)
    talking = {one for each in talks for one in (*each.participants, each.account_id)}
    people = await accounts.load(connection, {each.from_account_id for each in addressed} | talking)
    told = {each.id: each for each in addressed if each.from_account_id in people}
    new = {said.id for said, _ in heard if said.event in POSTS}
    about = {each.status_id for each in told.values() if each.status_id is not None}
    about |= {each.last_status_id for each in talks}
    wanted = new | about
    found = {said.id: ahead[said.id] for said, _ in heard if said.event == "update" and said.id in ahead}
    found |= {each.row.id: each for each in await statuses.load(connection, [*wanted - found.keys()], None)}
    viewers = frozenset().union(*(audience.viewers for _, audience in heard))
    posts = await aversions.open_posts(connection, {said.id for said, audience in heard if audience.anybody} & new)
    return Knowledge(
        statuses=found,
        notifications=told,
        conversations={each.id: each for each in talks},
        accounts=people,
        deeds=await _deeds(connection, heard, found, about, viewers),
        quotes=await listeners.quotes_of_many(connection, found.values(), viewers),
        open_posts=posts,
        allowed=await listeners.allowed(connection, _few(heard, found.keys() - posts.keys())),
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
    connection: Connection,
    heard: Sequence[Heard],
    found: Mapping[int, Status],
    about: Collection[int],
    viewers: Collection[int],
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
    return await listeners.deeds(connection, asked, viewers) if asked else {}


def _few(heard: Sequence[Heard], rest: Collection[int]) -> list[tuple[int, int]]:
    """Return who listens, where anybody may, to statuses that are not for everybody."""
    return [
        (said.id, account)
        for said, audience in heard
        if said.event in POSTS and said.id in rest
        for account in audience.anybody
    ]


async def _listed(connection: Connection, heard: Sequence[Heard]) -> Collection[tuple[int, int]]:
    asked = {
        (list_id, said.id)
        for said, audience in heard
        if said.event in POSTS
        for channel in {channel for channel, _ in audience.listeners}
        if (list_id := list_of(channel)) is not None
    }
    return await timelines.in_lists(connection, asked) if asked else ()
