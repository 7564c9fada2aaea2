"""The view of people's filters. There are few and they change rarely, so each change is a statement of its own.

`filter_versions` tells at which position somebody's filters last changed: whoever keeps them compiled asks for that.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
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
    for deletions, run in groupby(entries, lambda entry: isinstance(entry.fact, StatusDeleted)):
        if deletions:
            versions.update(_forget(cursor, run))
            continue
        for entry in run:
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
        case AccountDeleted() as fact:
            cursor.execute(SQL["forget_account"], {"account": fact.account_id})


def _forget(cursor: Cursor[Any], run: Iterable[Entry]) -> Iterator[tuple[int, int]]:
    """Take posts that are gone, of which there are many, out of all filters; yield whose caught which, and when."""
    gone = {entry.fact.status_id: entry.position for entry in run if isinstance(entry.fact, StatusDeleted)}
    found = cursor.execute(SQL["forget_statuses"], {"statuses": list(gone)}).fetchall()
    yield from sorted(((account, gone[status]) for account, status in found), key=lambda each: each[1])


PROJECTION = Projection(
    name="filters",
    version=2,
    handles=(FilterSaved, FilterDeleted, FilterStatusAdded, FilterStatusRemoved, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
