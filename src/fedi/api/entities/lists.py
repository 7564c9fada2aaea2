"""Lists as clients see them."""

import msgspec

from fedi.events.lists import RepliesPolicy
from fedi.views import lists


class AccountList(msgspec.Struct, frozen=True, kw_only=True):
    """Mastodon's List."""

    id: str
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


def account_list(found: lists.AccountList) -> AccountList:
    """Return a list without its members."""
    return AccountList(
        id=str(found.id), title=found.title, replies_policy=found.replies_policy, exclusive=found.exclusive
    )
