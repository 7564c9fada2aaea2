"""The view of lists and their members. Only followed accounts can be in a list, so a follow's end ends that too."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.relationships import FollowEnded
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _List(msgspec.Struct, frozen=True):
    id: int
    account_id: int
    title: str
    replies_policy: str
    exclusive: bool


class _Member(msgspec.Struct, frozen=True):
    id: int | None
    list_id: int
    account_id: int


class _Ended(msgspec.Struct, frozen=True):
    account_id: int
    target_id: int


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold runs of facts of one kind, in their order: whether a member can be added depends on what came before."""
    for kind, run in groupby(entries, key=lambda entry: type(entry.fact)):
        if kind is ListSaved:
            cursor.execute(SQL["save"], {"rows": rows(_saved(run))})
        elif kind is ListDeleted:
            cursor.execute(SQL["delete"], {"ids": [e.fact.list_id for e in run if isinstance(e.fact, ListDeleted)]})
        elif kind is FollowEnded:
            pairs = [_Ended(e.fact.account_id, e.fact.target_id) for e in run if isinstance(e.fact, FollowEnded)]
            cursor.execute(SQL["remove_unfollowed"], {"rows": rows(pairs)})
        elif kind is AccountDeleted:
            gone = [e.fact.account_id for e in run if isinstance(e.fact, AccountDeleted)]
            cursor.execute(SQL["remove_gone"], {"accounts": gone})
        else:
            _fold_members(cursor, run)
    return []


def _saved(run: Iterable[Entry]) -> Iterable[_List]:
    saved = {}
    for entry in run:
        if isinstance(entry.fact, ListSaved):
            fact = entry.fact
            saved[fact.list_id] = _List(fact.list_id, fact.account_id, fact.title, fact.replies_policy, fact.exclusive)
    return saved.values()


def _fold_members(cursor: Cursor[Any], run: Iterable[Entry]) -> None:
    changes = reduce(_acts(run))
    removed = [_Member(None, *pair) for pair, change in changes.items() if change.removed]
    added = [_Member(change.id, *pair) for pair, change in changes.items() if change.id is not None]
    if removed:
        cursor.execute(SQL["remove_members"], {"rows": rows(removed)})
    if added:
        cursor.execute(SQL["add_members"], {"rows": rows(added)})


def _acts(run: Iterable[Entry]) -> Iterator[tuple[tuple[int, int], bool, int]]:
    for entry in run:
        fact = entry.fact
        if isinstance(fact, ListAccountsAdded | ListAccountsRemoved):
            for member in fact.member_ids:
                yield (fact.list_id, member), isinstance(fact, ListAccountsAdded), entry_id(entry)


PROJECTION = Projection(
    name="lists",
    version=2,
    handles=(ListSaved, ListDeleted, ListAccountsAdded, ListAccountsRemoved, FollowEnded, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
