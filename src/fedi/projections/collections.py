"""The view of collections: accounts that people recommend together.

What of it comes first decides (somebody who is blocked is taken out, and may be added later), so a batch is folded in
runs of one kind.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.collections import (
    CollectionAccountAdded,
    CollectionAccountRemoved,
    CollectionDeleted,
    CollectionMembershipRevoked,
    CollectionSaved,
)
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.collections import CollectionDescribed, FeatureAccepted, FeatureEnded, FeatureStamped
from fedi.facts.relationships import AccountBlocked
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    tag: str
    created_at: datetime
    updated_at: datetime


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    collection_id: int
    owner_id: int
    account_id: int
    state: str
    created_at: datetime


class _Pair(msgspec.Struct, frozen=True):
    one: int
    other: int


class _Stood(FeatureStamped, frozen=True, kw_only=True):
    at: datetime


class _Described(CollectionDescribed, frozen=True, kw_only=True):
    at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold what concerns collections, one run of a kind after the other."""
    for _, run in groupby(entries, key=lambda entry: type(entry.fact)):
        _apply(cursor, list(run))
    return []


def _apply(cursor: Cursor[Any], run: list[Entry]) -> None:
    facts = [entry.fact for entry in run]
    match facts[0]:
        case CollectionSaved():
            cursor.execute(SQL["save"], {"rows": rows(_saved(run))})
        case CollectionAccountAdded():
            cursor.execute(SQL["add"], {"rows": rows(_added(run))})
        case CollectionAccountRemoved():
            ids = [fact.item_id for fact in facts if isinstance(fact, CollectionAccountRemoved)]
            cursor.execute(SQL["take_out"], {"ids": ids})
        case CollectionMembershipRevoked():
            ids = [fact.item_id for fact in facts if isinstance(fact, CollectionMembershipRevoked)]
            cursor.execute(SQL["revoke"], {"ids": ids})
        case CollectionDeleted():
            ids = [fact.collection_id for fact in facts if isinstance(fact, CollectionDeleted)]
            cursor.execute(SQL["delete"], {"ids": ids, "accounts": []})
        case FeatureStamped():
            stamped = rows(_Stood(**_fields(entry)) for entry in run)
            cursor.execute(SQL["foreign"], {"rows": stamped})
            cursor.execute(SQL["stand"], {"rows": stamped})
        case CollectionDescribed():
            last = {each.collection_id: each for each in (_Described(**_fields(entry)) for entry in run)}
            cursor.execute(SQL["describe"], {"rows": rows(last.values())})
        case FeatureAccepted():
            cursor.execute(SQL["accepted"], {"rows": rows(fact for fact in facts if isinstance(fact, FeatureAccepted))})
        case FeatureEnded():
            cursor.execute(SQL["ended"], {"rows": rows(fact for fact in facts if isinstance(fact, FeatureEnded))})
        case AccountDeleted():
            ids = [fact.account_id for fact in facts if isinstance(fact, AccountDeleted)]
            cursor.execute(SQL["delete"], {"ids": [], "accounts": ids})
        case AccountBlocked():
            pairs = [_Pair(fact.account_id, fact.target_id) for fact in facts if isinstance(fact, AccountBlocked)]
            cursor.execute(SQL["part"], {"rows": rows(pairs)})


def _fields(entry: Entry) -> dict[str, Any]:
    return {**msgspec.structs.asdict(entry.fact), "at": entry.at}


def _saved(run: list[Entry]) -> list[_Row]:
    first: dict[int, datetime] = {}
    last: dict[int, _Row] = {}
    for entry in run:
        if isinstance(fact := entry.fact, CollectionSaved):
            last[fact.collection_id] = _Row(
                id=fact.collection_id,
                account_id=fact.account_id,
                name=fact.name,
                description=fact.description,
                language=fact.language,
                sensitive=fact.sensitive,
                discoverable=fact.discoverable,
                tag=fact.tag,
                created_at=first.setdefault(fact.collection_id, entry.at),
                updated_at=entry.at,
            )
    return list(last.values())


def _added(run: list[Entry]) -> list[_Item]:
    return [
        _Item(
            id=fact.item_id,
            collection_id=fact.collection_id,
            owner_id=fact.account_id,
            account_id=fact.member_id,
            state="pending" if fact.pending else "accepted",
            created_at=entry.at,
        )
        for entry in run
        if isinstance(fact := entry.fact, CollectionAccountAdded)
    ]


PROJECTION = Projection(
    name="collections",
    version=3,
    handles=(
        CollectionSaved,
        CollectionDeleted,
        CollectionAccountAdded,
        CollectionAccountRemoved,
        CollectionMembershipRevoked,
        AccountBlocked,
        AccountDeleted,
        FeatureAccepted,
        FeatureEnded,
        FeatureStamped,
        CollectionDescribed,
    ),
    create=SQL["create"],
    apply=apply,
)
