"""What the operator decided about domains, as operators and people read it."""

from datetime import datetime

import msgspec

from fedi.events.domains import Severity
from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

_SQL = queries(__file__)


class DomainLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that stands."""

    id: int
    domain: str
    severity: Severity
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    public_comment: str
    private_comment: str
    created_at: datetime


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Who is known of a domain and all below it, and how many follows join them with people here."""

    accounts: int
    follows: int


class _Allowed(msgspec.Struct, frozen=True):
    domain: str


async def everything(connection: Connection) -> list[DomainLimit]:
    """Return all decisions, by domain."""
    return await several(connection, _SQL["everything"], {}, DomainLimit)


async def of_domain(connection: Connection, domain: str) -> DomainLimit | None:
    """Return the decision about just this domain."""
    return await one(connection, _SQL["of_domain"], {"domain": domain}, DomainLimit)


async def allowed(connection: Connection) -> list[str]:
    """Return the domains that may come in where only those may that are named."""
    return [each.domain for each in await several(connection, _SQL["allowed"], {}, _Allowed)]


async def known(connection: Connection, domain: str) -> Known:
    """Return how many are concerned by a decision about a domain."""
    found = await one(connection, _SQL["known"], {"domain": domain}, Known)
    assert found is not None
    return found
