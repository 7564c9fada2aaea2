"""Notifications as clients see them, singly and in groups."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, PartialAccount, account
from fedi.api.entities.collections import Collection, collection
from fedi.api.entities.reports import Report, report
from fedi.api.entities.severances import RelationshipSeveranceEvent, severance
from fedi.api.entities.statuses import Status, status
from fedi.api.entities.warnings import AccountWarning, account_warning
from fedi.site import Site
from fedi.views import notifications, reports, statuses
from fedi.views.accounts import AccountRow


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    filtered: bool | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    event: RelationshipSeveranceEvent | UnsetType = UNSET
    report: Report | UnsetType = UNSET
    collection: Collection | UnsetType = UNSET
    moderation_warning: AccountWarning | UnsetType = UNSET


class AnnualReportEvent(msgspec.Struct, frozen=True, kw_only=True):
    year: str


class NotificationGroup(msgspec.Struct, frozen=True, kw_only=True):
    """`most_recent_notification_id` is a number, unlike every other id: so it is in Mastodon."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str
    page_max_id: str
    latest_page_notification_at: str
    sample_account_ids: list[str]
    status_id: str | UnsetType = UNSET
    event: RelationshipSeveranceEvent | UnsetType = UNSET
    report: Report | UnsetType = UNSET
    collection: Collection | UnsetType = UNSET
    annual_report: AnnualReportEvent | UnsetType = UNSET
    moderation_warning: AccountWarning | UnsetType = UNSET


class GroupedNotifications(msgspec.Struct, frozen=True, kw_only=True):
    accounts: list[Account]
    partial_accounts: list[PartialAccount] | UnsetType = UNSET
    statuses: list[Status]
    notification_groups: list[NotificationGroup]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    count: int


def notification(
    found: notifications.Notification, people: Mapping[int, AccountRow], about: statuses.Status | None, site: Site
) -> Notification:
    """Return a notification with who caused it and what it is about; `people` are those whom it shows."""
    return Notification(
        id=str(found.id),
        type=found.type,
        created_at=timestamp(found.created_at),
        group_key=found.group_key,
        account=account(people[found.from_account_id], site),
        filtered=True if found.filtered else UNSET,
        status=UNSET if about is None else status(about, site),
        event=UNSET if found.severance is None else severance(found.severance),
        report=_report(found.report, people, site),
        collection=UNSET if found.collection is None else collection(found.collection, site),
        moderation_warning=_warning(found.warning, people.get(found.from_account_id), site),
    )


def notification_group(found: notifications.Group, people: Mapping[int, AccountRow], site: Site) -> NotificationGroup:
    """Return a group; its accounts and its status stand beside it in the answer. `people` are who was reported."""
    return NotificationGroup(
        group_key=found.group_key,
        notifications_count=found.count,
        type=found.type,
        most_recent_notification_id=found.newest_id,
        page_min_id=str(found.oldest_id),
        page_max_id=str(found.newest_id),
        latest_page_notification_at=timestamp(found.newest_at),
        sample_account_ids=[str(each) for each in found.account_ids],
        status_id=UNSET if found.status_id is None else str(found.status_id),
        event=UNSET if found.severance is None else severance(found.severance),
        report=_report(found.report, people, site),
        collection=UNSET if found.collection is None else collection(found.collection, site),
        annual_report=UNSET if found.year is None else AnnualReportEvent(year=str(found.year)),
        moderation_warning=_warning(found.warning, people.get(found.account_ids[0]), site),
    )


def _warning(found: notifications.Warned | None, of: AccountRow | None, site: Site) -> AccountWarning | UnsetType:
    return UNSET if found is None or of is None else account_warning(found, of, site)


def _report(found: reports.Report | None, people: Mapping[int, AccountRow], site: Site) -> Report | UnsetType:
    target = people.get(found.target_id) if found is not None else None
    return UNSET if found is None or target is None else report(found, target, site)
