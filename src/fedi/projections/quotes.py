"""The view of what quotes what, whether the quoted allow it, and the stamps that local authors gave.

Facts are folded in their order, a run of one kind at a time. A quote that was edited away leaves its row, `gone`: whom
an edit of the quoted post is told depends on when it was quoted, not on when the edit is folded.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.quotes import QuoteAccepted, QuoteEnded, QuoteLinked, QuoteStamped, StampRevoked
from fedi.facts.statuses import StatusDeleted, StatusEdited, StatusPublished
from fedi.projections import statuses
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, entry_id, rows
from fedi.projections.public_streams import Streamed, announce_changed
from fedi.sql import queries

SQL = queries(__file__)


class _Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact says of a quote; `entry` is where it says so."""

    status_id: int
    account_id: int
    quoted_uri: str = ""
    quoted_id: int | None = None
    quoted_account_id: int | None = None
    state: str = "pending"
    stamp: str = ""
    entry: int


class _Stamp(msgspec.Struct, frozen=True, kw_only=True):
    uri: str
    account_id: int
    quote_uri: str
    quoted_uri: str


_Row = _Quote | _Stamp
_Step = tuple[str, object, _Row]
"""The statement for a fact, what it is about, and its row."""
_MOSTLY_VAIN = frozenset({"unquote", "delete_status"})


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold a batch of facts about quotes."""
    for name, run in groupby(_concerning(cursor, list(_steps(entries))), lambda step: step[0]):
        told: dict[object, _Row] = {}
        for _, key, row in run:
            if name != "accept" or key not in told:
                told[key] = row
        cursor.execute(SQL[name], {"rows": rows(told.values())})
    return _announce(cursor, entries)


def _steps(entries: Sequence[Entry]) -> Iterator[_Step]:
    """Yield the statement for each fact, what it is about, and its row. Of a run the last counts, or the first yes."""
    for entry in entries:
        fact, at = entry.fact, entry_id(entry)
        match fact:
            case StatusPublished() | StatusEdited():
                if isinstance(fact, StatusPublished) or fact.quote_policy is not None:
                    yield from _quoting(fact, at)
            case QuoteLinked():
                yield "link", (fact.status_id, fact.quoted_uri), _of(fact, at)
            case QuoteAccepted():
                yield "accept", (fact.status_id, fact.quoted_id), _of(fact, at)
            case QuoteEnded():
                yield "finish", (fact.status_id, fact.quoted_id), _of(fact, at)
            case StatusDeleted():
                yield "delete_status", fact.status_id, _of(fact, at)
            case AccountDeleted():
                yield "delete_account", fact.account_id, _Quote(status_id=0, account_id=fact.account_id, entry=at)
            case QuoteStamped():
                stamp = _Stamp(
                    uri=fact.uri, account_id=fact.account_id, quote_uri=fact.quote_uri, quoted_uri=fact.quoted_uri
                )
                yield "stamp", fact.uri, stamp
            case StampRevoked():
                yield "revoke", fact.uri, _Stamp(uri=fact.uri, account_id=fact.account_id, quote_uri="", quoted_uri="")


def _concerning(cursor: Cursor[Any], steps: Sequence[_Step]) -> Iterable[_Step]:
    """Leave out the edits and deletions of posts that neither quote nor are quoted.

    Nearly all are such, and they come in turns, which would be a statement for each of them.
    """
    asked = [row.status_id for name, _, row in steps if name in _MOSTLY_VAIN and isinstance(row, _Quote)]
    if len(asked) < 2:
        return steps
    concerned = {each for (each,) in cursor.execute(SQL["concerned"], {"ids": asked}).fetchall()}
    for name, _, row in steps:
        if isinstance(row, _Quote) and name in ("quote", "link"):
            concerned |= {row.status_id, row.quoted_id}
    return [step for step in steps if step[0] not in _MOSTLY_VAIN or step[1] in concerned]


def _quoting(fact: StatusPublished | StatusEdited, at: int) -> Iterator[_Step]:
    if fact.post.quote and fact.post.quote != fact.post.uri:
        row = _Quote(status_id=fact.status_id, account_id=fact.account_id, quoted_uri=fact.post.quote, entry=at)
        if isinstance(fact, StatusEdited):
            yield "unquote", fact.status_id, row
        yield "quote", fact.status_id, row
    elif isinstance(fact, StatusEdited):
        yield "unquote", fact.status_id, _Quote(status_id=fact.status_id, account_id=fact.account_id, entry=at)


def _of(fact: QuoteLinked | QuoteAccepted | QuoteEnded | StatusDeleted, at: int) -> _Quote:
    names = [name for name in fact.__struct_fields__ if name in _Quote.__struct_fields__]
    return _Quote(**{name: getattr(fact, name) for name in names}, entry=at)


def _announce(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Tell of quotes that are shown now, or no longer, except of a post that is told in the same breath."""
    told: dict[int, None] = {}
    new = {(entry.position, entry.fact.status_id) for entry in entries if isinstance(entry.fact, StatusPublished)}
    for entry in entries:
        match entry.fact:
            case QuoteEnded(status_id=status_id) | QuoteAccepted(status_id=status_id, news=True):
                if (entry.position, status_id) not in new:
                    told[status_id] = None
    if not told:
        return []
    cursor.execute(statuses.SQL["streamed"], {"ids": list(told)})
    names = Streamed.__struct_fields__
    found = [Streamed(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return [announce_changed("status.update", status) for status in found]


PROJECTION = Projection(
    name="quotes",
    version=1,
    handles=(
        StatusPublished,
        StatusEdited,
        StatusDeleted,
        AccountDeleted,
        QuoteLinked,
        QuoteAccepted,
        QuoteEnded,
        QuoteStamped,
        StampRevoked,
    ),
    create=SQL["create"],
    apply=apply,
    after=("statuses",),
)
