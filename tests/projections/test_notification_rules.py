"""Mastodon's policy for notifications from strangers, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from fedi.events.notifications import Policy, Treatment
from fedi.projections.notification_rules import Sender, concerned, treatment

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
STRANGER = Sender(followed=False, follows_since=None, created_at=LONG_AGO, bot=False, limited=False)
FRIEND = Sender(followed=True, follows_since=LONG_AGO, created_at=NOW, bot=True, limited=True)
HARSH = Policy(not_following="drop", new_accounts="drop", private_mentions="drop", bots="drop", not_followers="drop")


def sender(**fields: object) -> Sender:
    return Sender(**{**{name: getattr(STRANGER, name) for name in Sender.__struct_fields__}, **fields})


@pytest.mark.parametrize(
    ("policy", "who", "unasked", "expected"),
    [
        (Policy(), STRANGER, False, "accept"),
        (Policy(), STRANGER, True, "filter"),
        (Policy(), sender(followed=True), True, "accept"),
        (Policy(private_mentions="drop"), STRANGER, True, "drop"),
        (HARSH, FRIEND, True, "accept"),
        (Policy(not_following="filter"), STRANGER, False, "filter"),
        (Policy(not_followers="filter"), STRANGER, False, "filter"),
        (Policy(not_followers="filter"), sender(follows_since=NOW - timedelta(days=2)), False, "filter"),
        (Policy(not_followers="filter"), sender(follows_since=NOW - timedelta(days=3)), False, "accept"),
        (Policy(not_followers="filter"), sender(followed=True), False, "filter"),
        (Policy(new_accounts="drop"), sender(created_at=NOW - timedelta(days=29)), False, "drop"),
        (Policy(new_accounts="drop"), sender(created_at=NOW - timedelta(days=30)), False, "accept"),
        (Policy(new_accounts="drop"), sender(created_at=NOW, followed=True), False, "accept"),
        (Policy(bots="filter"), sender(bot=True), False, "filter"),
        (Policy(bots="filter"), STRANGER, False, "accept"),
        (Policy(not_following="filter", bots="drop"), sender(bot=True), False, "drop"),
        (Policy(), sender(limited=True), False, "filter"),
        (Policy(), sender(limited=True, followed=True), False, "accept"),
        (Policy(limited_accounts="drop"), sender(limited=True), False, "drop"),
        (Policy(limited_accounts="accept"), sender(limited=True), False, "accept"),
    ],
)
def test_the_policy_decides_by_who_it_was(policy: Policy, who: Sender, unasked: bool, expected: Treatment) -> None:
    assert treatment(policy, who, NOW, unasked=unasked) == expected


def test_most_notifications_concern_no_policy() -> None:
    assert not concerned(Policy(), unasked=False, limiting=False)
    assert concerned(Policy(), unasked=False, limiting=True)
    assert concerned(Policy(), unasked=True, limiting=False)
    assert concerned(Policy(not_followers="filter"), unasked=False, limiting=False)
    assert not concerned(Policy(private_mentions="accept", limited_accounts="accept"), unasked=True, limiting=True)
