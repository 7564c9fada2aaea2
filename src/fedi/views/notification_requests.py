"""What people's policies kept apart, by whom it is from, and the policies themselves.

A request is all that is kept apart of one sender; its id is the sender's account.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from fedi.events.notifications import Policy
from fedi.registry.rows import Connection, numbers, one, several
from fedi.sql import queries
from fedi.views import notifications
from fedi.views.compose import flat
from fedi.views.pages import Page

_SQL = queries(__file__)
_REQUESTS = flat(_SQL["requests"].format(shown=notifications.SHOWN))
_PENDING = flat(_SQL["pending"].format(shown=notifications.SHOWN))
_SUMMARY = flat(_SQL["summary"].format(shown=notifications.SHOWN))


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept apart of one sender, and what they said last; `place` is where it stands in the list."""

    id: int
    place: int
    count: int
    created_at: datetime
    updated_at: datetime
    last_status_id: int | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How many requests wait, and how many notifications are in them."""

    requests: int
    notifications: int


async def policy(connection: Connection, account_id: int) -> Policy:
    """Return what somebody wishes to happen with notifications from strangers."""
    return await one(connection, _SQL["policy"], {"account_id": account_id}, Policy) or Policy()


async def summary(connection: Connection, viewer: int) -> Summary:
    """Return how much is kept apart."""
    found = await one(connection, _SUMMARY, {"viewer": viewer}, Summary)
    assert found is not None
    return found


async def page(connection: Connection, viewer: int, wanted: Page) -> list[Request]:
    """Return a page of requests, the one with the latest news first."""
    query = _SQL["page"].format(requests=_REQUESTS, window=wanted.window("request.place"))
    return wanted.turned(await several(connection, query, {**wanted.values, "viewer": viewer}, Request))


async def of_sender(connection: Connection, viewer: int, sender: int) -> Request | None:
    """Return the request of one sender, if anything is kept apart of them."""
    query = _SQL["of_sender"].format(requests=_REQUESTS)
    return await one(connection, query, {"viewer": viewer, "sender": sender}, Request)


async def pending(connection: Connection, viewer: int, senders: Collection[int]) -> set[int]:
    """Return those of some senders of whom something is kept apart."""
    return set(await numbers(connection, _PENDING, {"viewer": viewer, "senders": list(senders)}))
