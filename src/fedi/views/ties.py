"""Follows between people here and people elsewhere, for when a whole server or one of its people is shut out."""

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A follow, or the request for one, at `uri`: `ours` if it is of somebody here, whose account comes first.

    `other…` is who lives elsewhere, by whatever name (`user@domain`); `suspended` by whomever.
    """

    account_id: int
    account_uri: str
    other_uri: str
    other_name: str
    suspended: bool
    ours: bool
    accepted: bool
    uri: str


async def of_domain(connection: Connection, domain: str) -> list[Tie]:
    """Return the follows of a domain and all below it, by whose they are here."""
    return await several(connection, _SQL["ties"].format(there=_SQL["of_domain"]), {"domain": domain}, Tie)


async def of_account(connection: Connection, account_id: int) -> list[Tie]:
    """Return the follows of one account elsewhere; none of an account here."""
    return await several(connection, _SQL["ties"].format(there=_SQL["of_account"]), {"id": account_id}, Tie)
