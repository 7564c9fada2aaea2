"""The view of people's filters. There are few and they change rarely, so each event is a statement of its own.

`filter_versions` tells at which position somebody's filters last changed: whoever keeps them compiled asks for that.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.filters import FilterDeleted, FilterSaved, FilterStatusAdded, FilterStatusRemoved
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Keyword(msgspec.Struct, frozen=True):
    id: int
    filter_id: int
    keyword: str
    whole_word: bool


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Change filters one by one, and tell their owners' streams."""
    versions: dict[int, int] = {}
    for entry in entries:
        for account in _change(cursor, entry):
            versions[account] = entry.position
        if isinstance(entry.fact, AccountDeleted):
            versions.pop(entry.fact.account_id, None)
    for account, position in versions.items():
        cursor.execute(SQL["version"], {"account": account, "position": position})
    return [Announcement(event="filters_changed", id=0, homes=(account,), account=account) for account in versions]


def _change(cursor: Cursor[Any], entry: Entry) -> Iterator[int]:
    """Make one change; yield whose filters are others now."""
    match entry.fact:
        case FilterSaved() as fact:
            cursor.execute(SQL["save"], {**msgspec.structs.asdict(fact), "context": list(fact.context)})
            keywords = [_Keyword(each.id, fact.filter_id, each.keyword, each.whole_word) for each in fact.keywords]
            values = {"filter": fact.filter_id, "removed": list(fact.removed), "rows": rows(keywords)}
            cursor.execute(SQL["save_keywords"], values)
            yield fact.account_id
        case FilterDeleted() as fact:
            cursor.execute(SQL["delete"], {"filters": [fact.filter_id]})
            yield fact.account_id
        case FilterStatusAdded() as fact:
            cursor.execute(SQL["add_status"], msgspec.structs.asdict(fact))
            yield fact.account_id
        case FilterStatusRemoved() as fact:
            cursor.execute(SQL["remove_status"], msgspec.structs.asdict(fact))
            yield fact.account_id
        case StatusDeleted() as fact:
            found = cursor.execute(SQL["forget_status"], {"status": fact.status_id}).fetchall()
            yield from (account for (account,) in found)
        case AccountDeleted() as fact:
            cursor.execute(SQL["forget_account"], {"account": fact.account_id})


PROJECTION = Projection(
    name="filters",
    version=2,
    handles=(FilterSaved, FilterDeleted, FilterStatusAdded, FilterStatusRemoved, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
