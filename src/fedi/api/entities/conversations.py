"""Conversations as clients see them."""

from collections.abc import Mapping

import msgspec

from fedi.api.entities.accounts import Account, account
from fedi.api.entities.statuses import Status, status
from fedi.site import Site
from fedi.views import conversations, statuses
from fedi.views.accounts import AccountRow


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None


def conversation(
    found: conversations.Conversation,
    people: Mapping[int, AccountRow],
    last: statuses.Status | None,
    site: Site,
) -> Conversation:
    """Return a conversation with who takes part in it; whoever talks to nobody else takes part alone."""
    ids = found.participants or (found.account_id,)
    return Conversation(
        id=str(found.id),
        unread=found.unread,
        accounts=[account(people[each], site) for each in ids if each in people],
        last_status=None if last is None else status(last, site),
    )
