"""The view of what was reported, by people here and by other servers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.reports import ReportFiled
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.reports import AccountReported
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    target_id: int
    comment: str
    category: str
    status_ids: tuple[int, ...]
    rule_ids: tuple[str, ...]
    collection_ids: tuple[str, ...]
    forward_to: tuple[str, ...]
    created_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add what was reported; forget what concerns accounts that are gone."""
    added: dict[int, _Report] = {}
    gone: list[int] = []
    for entry in entries:
        match entry.fact:
            case ReportFiled() | AccountReported() as fact:
                added.setdefault(fact.report_id, _report(fact, entry.at))
            case AccountDeleted(account_id=account):
                gone.append(account)
                added = {key: each for key, each in added.items() if account not in {each.account_id, each.target_id}}
    if gone:
        cursor.execute(SQL["forget"], {"ids": gone})
    if added:
        cursor.execute(SQL["add"], {"rows": rows(added.values())})
    return []


def _report(fact: ReportFiled | AccountReported, at: datetime) -> _Report:
    here = fact if isinstance(fact, ReportFiled) else None
    return _Report(
        id=fact.report_id,
        account_id=fact.account_id,
        target_id=fact.target_id,
        comment=fact.comment,
        category=here.category if here else "other",
        status_ids=fact.status_ids,
        rule_ids=here.rule_ids if here else (),
        collection_ids=here.collection_ids if here else (),
        forward_to=here.forward_to if here else (),
        created_at=at,
    )


PROJECTION = Projection(
    name="reports",
    version=1,
    handles=(ReportFiled, AccountReported, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
