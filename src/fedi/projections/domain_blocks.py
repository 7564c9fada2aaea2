"""The view of whole servers that people block, and of the follows that ended because somebody blocked one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.domains import DomainBlocked, DomainUnblocked, RelationshipsSevered
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.averse import aversions_changed
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    domain: str


class _Severance(msgspec.Struct, frozen=True):
    """A row of `severances`; the notification of it has the same number, with eight more bits."""

    id: int
    account_id: int
    kind: str
    target_name: str
    followers: int
    following: int
    created_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove blocks, and keep what was severed."""
    changes = reduce(
        ((entry.fact.account_id, entry.fact.domain), isinstance(entry.fact, DomainBlocked), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, DomainBlocked | DomainUnblocked)
    )
    write(cursor, SQL, changes, _Row)
    severed = [_severance(entry, entry.fact) for entry in entries if isinstance(entry.fact, RelationshipsSevered)]
    if severed:
        cursor.execute(SQL["sever"], {"rows": rows(severed)})
    gone = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if gone:
        cursor.execute(SQL["remove_gone"], {"accounts": gone})
    return aversions_changed(entries)


def _severance(entry: Entry, fact: RelationshipsSevered) -> _Severance:
    return _Severance(
        id=entry_id(entry),
        account_id=fact.account_id,
        kind=fact.kind,
        target_name=fact.target_name,
        followers=fact.followers,
        following=fact.following,
        created_at=entry.at,
    )


PROJECTION = Projection(
    name="domain_blocks",
    version=1,
    handles=(DomainBlocked, DomainUnblocked, RelationshipsSevered, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
