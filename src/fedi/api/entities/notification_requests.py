"""What is kept apart of strangers, and the policy by which it is."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, account
from fedi.api.entities.statuses import Status, status
from fedi.events.notifications import Policy, Treatment
from fedi.site import Site
from fedi.views import notification_requests, statuses
from fedi.views.accounts import AccountRow


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    for_not_following: Treatment
    for_not_followers: Treatment
    for_new_accounts: Treatment
    for_private_mentions: Treatment
    for_limited_accounts: Treatment
    for_bots: Treatment
    summary: Summary


class V1NotificationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The first version of the policy knew only yes and no."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    filter_bots: bool
    summary: Summary


class NotificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`notifications_count` is a text: so it is in Mastodon."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | None


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    merged: bool


def policy(found: Policy, waiting: notification_requests.Summary) -> NotificationPolicy:
    """Return a policy, and how much it keeps apart."""
    return NotificationPolicy(
        for_not_following=found.not_following,
        for_not_followers=found.not_followers,
        for_new_accounts=found.new_accounts,
        for_private_mentions=found.private_mentions,
        for_limited_accounts=found.limited_accounts,
        for_bots=found.bots,
        summary=_summary(waiting),
    )


def v1_policy(found: Policy, waiting: notification_requests.Summary) -> V1NotificationPolicy:
    """Return a policy as the first version has it: what is dropped counts as filtered."""
    return V1NotificationPolicy(
        filter_not_following=found.not_following != "accept",
        filter_not_followers=found.not_followers != "accept",
        filter_new_accounts=found.new_accounts != "accept",
        filter_private_mentions=found.private_mentions != "accept",
        filter_bots=found.bots != "accept",
        summary=_summary(waiting),
    )


def request(
    found: notification_requests.Request, whose: AccountRow, said: statuses.Status | None, site: Site
) -> NotificationRequest:
    """Return what is kept apart of a sender, with what they said last."""
    return NotificationRequest(
        id=str(found.id),
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
        notifications_count=str(found.count),
        account=account(whose, site),
        last_status=None if said is None else status(said, site),
    )


def _summary(waiting: notification_requests.Summary) -> Summary:
    return Summary(pending_requests_count=waiting.requests, pending_notifications_count=waiting.notifications)
