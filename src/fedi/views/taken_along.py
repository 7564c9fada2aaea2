"""What people take along to another server: whom they follow, block and mute, their lists and bookmarks."""

import msgspec

from fedi.registry.imports import ListKind
from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a list: `subject` is a handle (without a domain for people here), a domain or a post's URI."""

    subject: str
    target_id: int
    boosts: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()
    hide_notifications: bool = True
    title: str = ""
    list_id: int = 0


async def of_account(connection: Connection, account_id: int, kind: ListKind) -> list[Held]:
    """Return the whole list of a kind."""
    return await several(connection, _SQL[kind], {"id": account_id}, Held)
