"""What a person did with their notifications, and what is told to whoever looks after the server.

The highest position cleared is enough to fold a clearing.
"""

from typing import Literal

import msgspec

from fedi.events.catalogue import Event, event

Treatment = Literal["accept", "filter", "drop"]


@event("notifications.cleared")
class NotificationsCleared(Event, frozen=True, kw_only=True):
    account_id: int


@event("notification.dismissed")
class NotificationDismissed(Event, frozen=True, kw_only=True):
    account_id: int
    notification_id: int


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of notifications from strangers of each sort. The defaults are Mastodon's."""

    not_following: Treatment = "accept"
    not_followers: Treatment = "accept"
    new_accounts: Treatment = "accept"
    private_mentions: Treatment = "filter"
    limited_accounts: Treatment = "filter"
    bots: Treatment = "accept"


@event("notifications.policy_chosen")
class NotificationPolicyChosen(Event, frozen=True, kw_only=True):
    """A person chose what becomes of notifications from now on. The policy is always written whole."""

    account_id: int
    policy: Policy


@event("notifications.requests_accepted")
class NotificationRequestsAccepted(Event, frozen=True, kw_only=True):
    """Notifications from these accounts are wanted, those that were kept apart and all to come."""

    account_id: int
    from_account_ids: tuple[int, ...]


@event("notifications.requests_dismissed")
class NotificationRequestsDismissed(Event, frozen=True, kw_only=True):
    """What was kept apart of these accounts is not wanted; what they do later is kept apart again."""

    account_id: int
    from_account_ids: tuple[int, ...]


@event("annual_report.finished")
class AnnualReportFinished(Event, frozen=True, kw_only=True):
    """What somebody's year was like was counted, and can be looked at."""

    account_id: int
    year: int


@event("staff.notified")
class StaffNotified(Event, frozen=True, kw_only=True):
    """Those who looked after the server then were told that somebody signed up, or reported somebody.

    `about_account_id` is who did it; `staff_ids` are the accounts that are told.
    """

    kind: Literal["admin.sign_up", "admin.report"]
    about_account_id: int
    staff_ids: tuple[int, ...]
    report_id: int | None = None
