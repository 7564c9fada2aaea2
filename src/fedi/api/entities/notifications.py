"""Notifications as clients see them, singly and in groups."""

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.entities.accounts import Account, PartialAccount
from fedi.api.entities.statuses import Status


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | UnsetType = UNSET


class NotificationGroup(msgspec.Struct, frozen=True, kw_only=True):
    """`most_recent_notification_id` is a number, unlike every other id: so it is in Mastodon."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str | UnsetType = UNSET
    page_max_id: str | UnsetType = UNSET
    latest_page_notification_at: str | UnsetType = UNSET
    sample_account_ids: list[str]
    status_id: str | UnsetType = UNSET


class GroupedNotifications(msgspec.Struct, frozen=True, kw_only=True):
    accounts: list[Account]
    partial_accounts: list[PartialAccount] | UnsetType = UNSET
    statuses: list[Status]
    notification_groups: list[NotificationGroup]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    count: int
