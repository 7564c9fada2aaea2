"""Which notifications are kept apart or not kept at all: Mastodon's policy, decided when the thing happens. Pure.

A treatment changed later changes nothing about what was told before, as in Mastodon.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from fedi.events.notifications import Policy, Treatment

FILTERABLE = frozenset({"mention", "reblog", "follow", "follow_request", "favourite", "quote", "added_to_collection"})
"""Kinds that strangers can cause. The rest was asked for, or comes from the server itself."""
NEW_FOLLOWER = timedelta(days=3)
"""Who follows for less long does not count as a follower yet."""
NEW_ACCOUNT = timedelta(days=30)


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """How whoever caused a notification stood to its receiver then. `follows_since` is None for no follower."""

    followed: bool
    follows_since: datetime | None
    created_at: datetime
    bot: bool
    limited: bool


def treatment(policy: Policy, sender: Sender, at: datetime, *, unasked: bool) -> Treatment:
    """Return what becomes of a notification; `unasked` tells a private mention that answers nothing.

    To be dropped weighs more than to be kept apart.
    """
    found = set(_treatments(policy, sender, at, unasked=unasked))
    return "drop" if "drop" in found else "filter" if "filter" in found else "accept"


def _treatments(policy: Policy, sender: Sender, at: datetime, *, unasked: bool) -> Iterator[Treatment]:
    if not sender.followed:
        yield policy.not_following
        if unasked:
            yield policy.private_mentions
    if sender.follows_since is None or at - sender.follows_since < NEW_FOLLOWER:
        yield policy.not_followers
    if not sender.followed and at - sender.created_at < NEW_ACCOUNT:
        yield policy.new_accounts
    if sender.bot and not sender.followed:
        yield policy.bots
    if sender.limited and not sender.followed:
        yield policy.limited_accounts


def concerned(policy: Policy, *, unasked: bool, limiting: bool) -> bool:
    """Tell whether it matters at all who the sender is; `limiting`: anybody was ever limited."""
    wishes = (policy.not_following, policy.not_followers, policy.new_accounts, policy.bots)
    if any(wish != "accept" for wish in wishes):
        return True
    return (unasked and policy.private_mentions != "accept") or (limiting and policy.limited_accounts != "accept")
