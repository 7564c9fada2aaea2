"""Who writes a post: all that publishing it and showing it afterwards must know of them, in one query."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, one
from fedi.registry.users import Preferences
from fedi.sql import queries
from fedi.views.accounts import LOAD, AccountRow
from fedi.views.compose import flat
from fedi.views.targets import AccountRef

_SQL = queries(__file__)


class Author(AccountRow, frozen=True, kw_only=True):
    """A local account as it is shown and as it acts, what its login prefers, and the app that it writes with.

    `filters_version` is the position at which its filters last changed; None for who never had any.
    """

    followers_uri: str
    featured_uri: str
    preferences: Preferences | None
    app_name: str | None
    app_website: str | None
    filters_version: int | None

    @property
    def ref(self) -> AccountRef:
        """The account as commands take it."""
        return AccountRef(**{name: getattr(self, name) for name in AccountRef.__struct_fields__})

    @property
    def application(self) -> tuple[str, str] | None:
        """The name and website of the app; None where there is no app."""
        return None if self.app_name is None else (self.app_name, self.app_website or "")

    def after(self, visibility: str, published: datetime) -> AccountRow:
        """Return the account as it is shown once it has published something more."""
        if visibility == "direct":
            return self
        last = published if self.last_status_at is None else max(self.last_status_at, published)
        return msgspec.structs.replace(self, statuses=self.statuses + 1, last_status_at=last)


async def author(connection: Connection, account_id: int, app_id: int | None) -> Author | None:
    """Return who writes with an app, if the views know them."""
    return await one(connection, _AUTHOR, {"ids": [account_id], "app_id": app_id}, Author)


_AUTHOR = flat(_SQL["author"].format(load=LOAD))
