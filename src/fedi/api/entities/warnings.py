"""What somebody is told of what was done to their account."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.api.entities.accounts import Account, account
from fedi.site import Site
from fedi.views.accounts import AccountRow
from fedi.views.notifications import Warned


class AccountWarning(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody can appeal yet."""

    id: str
    action: str
    text: str
    status_ids: list[str] | None = None
    target_account: Account
    appeal: None = None
    created_at: str


def account_warning(found: Warned, of: AccountRow, site: Site) -> AccountWarning:
    """Return a warning; `of` is who is warned."""
    return AccountWarning(
        id=str(found.id),
        action=found.action,
        text=found.text,
        target_account=account(of, site),
        created_at=timestamp(found.created_at),
    )
