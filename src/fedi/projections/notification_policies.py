"""What people wish to happen with notifications from strangers, and how those strangers stood to them at the time."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row

from fedi.events.notifications import NotificationPolicyChosen, Policy
from fedi.facts import Entry
from fedi.projections.projection import entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(Policy, frozen=True, kw_only=True):
    account_id: int


class Question(msgspec.Struct, frozen=True):
    """How did one account stand to another when the log was at a position?"""

    id: int
    account_id: int
    from_account_id: int
    position: int


class Standing(msgspec.Struct, frozen=True):
    """The answer: whether the one followed the other, since when it was followed back, and whether it was limited."""

    id: int
    followed: bool
    follows_since: datetime | None
    created_at: datetime
    limited: bool


class Policies:
    """The wishes of a batch, in their order, over those there were before it."""

    def __init__(self, cursor: Cursor[Any]) -> None:
        self._cursor = cursor
        self._set: defaultdict[int, list[tuple[int, Policy]]] = defaultdict(list)
        self._before: dict[int, Policy] = {}

    def add(self, entry: Entry, fact: NotificationPolicyChosen) -> None:
        """Take in a wish."""
        self._set[fact.account_id].append((entry_id(entry), fact.policy))

    def load(self, account_ids: Collection[int]) -> None:
        """Read what some people wished before the batch."""
        if not account_ids:
            return
        with self._cursor.connection.cursor(row_factory=class_row(_Row)) as reader:
            found = reader.execute(SQL["load"], {"ids": sorted(account_ids)}).fetchall()
        self._before = {policy.account_id: policy for policy in found}

    def at(self, account_id: int, place: int) -> Policy:
        """Return what somebody wished when the fact at `place`, an `entry_id`, was new."""
        earlier = [policy for since, policy in self._set.get(account_id, ()) if since < place]
        return earlier[-1] if earlier else self._before.get(account_id) or Policy()

    def store(self, gone: Collection[int]) -> None:
        """Write what people wished last; of accounts that are gone nothing is kept."""
        if self._set:
            last = {account: wishes[-1][1] for account, wishes in self._set.items()}
            saved = (_Row(account_id=account, **msgspec.structs.asdict(policy)) for account, policy in last.items())
            self._cursor.execute(SQL["save"], {"rows": rows(saved)})
        if gone:
            self._cursor.execute(SQL["forget"], {"ids": list(gone)})


def limiting(cursor: Cursor[Any]) -> bool:
    """Tell whether anybody was ever limited."""
    row = cursor.execute(SQL["limiting"]).fetchone()
    return bool(row and row[0])


def standings(cursor: Cursor[Any], questions: Iterable[Question]) -> dict[int, Standing]:
    """Return the answers to some questions by their ids; none where the sender is gone."""
    asked = list(questions)
    if not asked:
        return {}
    with cursor.connection.cursor(row_factory=class_row(Standing)) as reader:
        return {each.id: each for each in reader.execute(SQL["standings"], {"rows": rows(asked)})}
