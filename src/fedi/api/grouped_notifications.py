"""Notifications in groups of alike ones (https://docs.joinmastodon.org/methods/grouped_notifications/)."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET

from fedi.api.entities.accounts import Account, account, partial_account
from fedi.api.entities.notifications import Count, GroupedNotifications, notification_group
from fedi.api.notifications import NOTIFICATIONS, UNREAD, Some, wanted
from fedi.api.pagination import paged
from fedi.api.reading import entities, page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, notifications, statuses
from fedi.views.notifications import GROUPED, Group, Wanted


class Groups(Some, frozen=True, kw_only=True):
    grouped_types: list[str] | None = None
    expand_accounts: Literal["full", "partial_avatars"] = "full"


class OneGroup(msgspec.Struct, frozen=True, kw_only=True):
    group_key: str


def _wanted(params: Groups) -> Wanted:
    grouped = GROUPED if params.grouped_types is None else params.grouped_types
    return msgspec.structs.replace(wanted(params), grouped=grouped)


@route(
    "GET",
    "/api/v2/notifications",
    "/api/v2_alpha/notifications",
    scope="read:notifications",
    auth="user",
    of_views=True,
)
async def get_groups(request: ApiRequest, params: Groups) -> Reply:
    """What the asker was told, in groups, the one with the latest news first.

    As in Mastodon a page ends at the newest notification of its last group, so a group can be on two pages; clients
    join them by their key.
    """
    page = page_of(params, NOTIFICATIONS)
    async with reading(request) as connection:
        found = await notifications.groups(connection, request.account_id, page, _wanted(params))
        body = await _results(request, connection, found, partial=params.expand_accounts == "partial_avatars")
    return paged(request, body, [group.newest_id for group in found], page.limit)


@route(
    "GET",
    "/api/v2/notifications/unread_count",
    "/api/v2_alpha/notifications/unread_count",
    scope="read:notifications",
    auth="user",
)
async def count_unread_groups(request: ApiRequest, params: Groups) -> Count:
    """How many groups have news that the asker has not read."""
    async with reading(request) as connection:
        count = await notifications.unread(
            connection, request.account_id, params.size(UNREAD), _wanted(params), in_groups=True
        )
    return Count(count=count)


@route(
    "GET",
    "/api/v2/notifications/:group_key",
    "/api/v2_alpha/notifications/:group_key",
    scope="read:notifications",
    auth="user",
    of_views=True,
)
async def get_group(request: ApiRequest, params: OneGroup) -> GroupedNotifications:
    """One group."""
    async with reading(request) as connection:
        found = await notifications.one_group(connection, params.group_key, request.account_id)
        if found is None:
            raise NotFoundError
        return await _results(request, connection, [found], partial=False)


@route("GET", "/api/v2/notifications/:group_key/accounts", scope="read:notifications", auth="user", of_views=True)
async def group_accounts(request: ApiRequest, params: OneGroup) -> list[Account]:
    """Everybody behind a group, the latest first."""
    async with reading(request) as connection:
        found = await notifications.of_group(connection, params.group_key, request.account_id, NOTIFICATIONS[1])
        rows = await accounts.in_order(connection, list(dict.fromkeys(each.from_account_id for each in found)))
    return [account(row, request.deps.site) for row in rows]


async def _results(
    request: ApiRequest, connection: Connection, found: Sequence[Group], *, partial: bool
) -> GroupedNotifications:
    site = request.deps.site
    rows = await accounts.in_order(connection, list(dict.fromkeys(each for one in found for each in one.account_ids)))
    ids = list(dict.fromkeys(each.status_id for each in found if each.status_id is not None))
    posts = await statuses.load(connection, ids, request.reader_id)
    about = {each.report.target_id for each in found if each.report is not None}
    about |= {each.account_ids[0] for each in found if each.warning is not None}
    named = await accounts.load(connection, about)
    first = {group.account_ids[0] for group in found}
    full = [row for row in rows if not partial or row.id in first]
    rest = [row for row in rows if partial and row.id not in first]
    return GroupedNotifications(
        accounts=[account(row, site) for row in full],
        partial_accounts=[partial_account(row, site) for row in rest] if partial else UNSET,
        statuses=await entities(request, connection, posts),
        notification_groups=[notification_group(each, named, site) for each in found],
    )
