"""To which thread a status belongs, and who muted it. A thread has the number of the status it began with.

Only answers have a row. When what a thread answers becomes known later, the thread becomes part of the other one, with
whoever muted it. Rows of deleted posts stay: the answers to them are in the thread all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.threads import ThreadMuted, ThreadUnmuted
from fedi.facts import Entry
from fedi.facts.statuses import ReplyLinked, StatusPublished
from fedi.projections.memberships import reduce
from fedi.projections.projection import entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)
HANDLES = (StatusPublished, ReplyLinked, ThreadMuted, ThreadUnmuted)
_KINDS: Mapping[type[Any], str] = {
    ThreadMuted: "mutes",
    ThreadUnmuted: "mutes",
    ReplyLinked: "links",
    StatusPublished: "posts",
}


class _Row(msgspec.Struct, frozen=True):
    status_id: int
    thread_id: int


class _Mute(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    thread_id: int


class _Merge(msgspec.Struct, frozen=True):
    old: int
    new: int


def fold(cursor: Cursor[Any], entries: Iterable[Entry]) -> dict[int, int]:
    """Fold a batch in runs of one kind, in their order. Returns to which thread each new answer belonged at first."""
    first: dict[int, int] = {}
    for kind, run in groupby(filter(_concerns, entries), key=lambda entry: _KINDS[type(entry.fact)]):
        if kind == "posts":
            first |= _posts(cursor, list(run))
        elif kind == "links":
            _links(cursor, [entry.fact for entry in run if isinstance(entry.fact, ReplyLinked)])
        else:
            _mutes(cursor, list(run))
    return first


def _concerns(entry: Entry) -> bool:
    """Posts that answer nothing known begin threads, which needs no row."""
    fact = entry.fact
    return fact.in_reply_to_id is not None if isinstance(fact, StatusPublished) else type(fact) in _KINDS


def _posts(cursor: Cursor[Any], run: Sequence[Entry]) -> dict[int, int]:
    answers = [entry.fact for entry in run if isinstance(entry.fact, StatusPublished)]
    known = _load(cursor, [fact.in_reply_to_id or 0 for fact in answers])
    new: dict[int, int] = {}
    for fact in answers:
        parent = fact.in_reply_to_id or 0
        if parent != fact.status_id:  # whoever answers themselves in one post begins a thread like others
            new[fact.status_id] = new.get(parent) or known.get(parent, parent)
    cursor.execute(SQL["add"], {"rows": rows(_Row(*pair) for pair in new.items())})
    return new


def _links(cursor: Cursor[Any], run: Sequence[ReplyLinked]) -> None:
    """Join threads; what is joined twice in a run ends where the last of them leads."""
    known = _load(cursor, [each for fact in run for each in (fact.status_id, fact.parent_id)])
    merged: dict[int, int] = {}

    def thread(status_id: int) -> int:
        found = known.get(status_id, status_id)
        while found in merged:
            found = merged[found]
        return found

    for fact in run:
        answer, parent = thread(fact.status_id), thread(fact.parent_id)
        if answer != parent:
            merged[answer] = parent
    if merged:
        pairs = rows(_Merge(old, thread(old)) for old in merged)
        for name in ("merge", "merge_roots", "merge_mutes", "forget_merged"):
            cursor.execute(SQL[name], {"rows": pairs})


def _mutes(cursor: Cursor[Any], run: Sequence[Entry]) -> None:
    acts = [
        (entry_id(entry), entry.fact) for entry in run if isinstance(entry.fact, ThreadMuted | ThreadUnmuted)
    ]  # fmt: skip
    known = _load(cursor, [fact.status_id for _, fact in acts])
    changes = reduce(
        ((fact.account_id, known.get(fact.status_id, fact.status_id)), isinstance(fact, ThreadMuted), identifier)
        for identifier, fact in acts
    )
    cursor.execute(SQL["unmute"], {"rows": rows(_Mute(None, *pair) for pair, each in changes.items() if each.removed)})
    added = [_Mute(each.id, *pair) for pair, each in changes.items() if each.id is not None]
    cursor.execute(SQL["mute"], {"rows": rows(added)})


def _load(cursor: Cursor[Any], ids: list[int]) -> dict[int, int]:
    return dict(cursor.execute(SQL["load"], {"ids": ids}).fetchall())
