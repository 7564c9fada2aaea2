"""The view of what the operator limits: domains, those that may come in, single accounts, and whom that was told.

Limits that ended stay, with from when to when they stood: what was told meanwhile was judged by them.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from psycopg import Cursor

from fedi.events.domains import DomainAllowed, DomainDisallowed, DomainLimited, DomainUnlimited
from fedi.events.moderation import AccountRestricted, AccountUnrestricted, AccountWarned
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)
K = TypeVar("K", bound=Hashable)


class _Limit(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    domain: str
    severity: str
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    public_comment: str
    private_comment: str
    created_at: datetime
    since: int
    until: int | None


class _Restriction(msgspec.Struct, frozen=True):
    account_id: int
    restriction: str
    since: int
    until: int | None


class _Allow(msgspec.Struct, frozen=True):
    id: int | None
    domain: str


class _Warning(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    entry: int
    account_id: int
    action: str
    text: str
    created_at: datetime


class _End(msgspec.Struct, frozen=True):
    """A limit that stood before the batch and ends in it: of a domain, or of an account in one way."""

    until: int
    domain: str = ""
    account_id: int = 0
    restriction: str = ""


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold a batch: each act ends what stood of its kind, and some begin anew."""
    # Those who live elsewhere may come back, and are restricted as before.
    if gone := {e.fact.account_id: e for e in entries if isinstance(e.fact, AccountDeleted) and e.fact.local}:
        cursor.execute(SQL["forget"], {"ids": list(gone)})
        entries = [entry for entry in entries if not _forgotten(entry, gone)]
    _limits(cursor, entries)
    _restrictions(cursor, entries)
    allowed = reduce(
        ((entry.fact.domain,), isinstance(entry.fact, DomainAllowed), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, DomainAllowed | DomainDisallowed)
    )
    write(cursor, SQL, allowed, _Allow)
    warnings = [_warning(entry, entry.fact) for entry in entries if isinstance(entry.fact, AccountWarned)]
    if warnings:
        cursor.execute(SQL["warn"], {"rows": rows(warnings)})
    return []


def _forgotten(entry: Entry, gone: Mapping[int, Entry]) -> bool:
    """Tell whether a fact is about somebody who went later in the batch."""
    if not isinstance(entry.fact, AccountRestricted | AccountUnrestricted | AccountWarned):
        return False
    end = gone.get(entry.fact.account_id)
    return end is not None and entry_id(entry) < entry_id(end)


def _limits(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    acts = [(entry.fact.domain, entry) for entry in entries if isinstance(entry.fact, DomainLimited | DomainUnlimited)]
    if not acts:
        return
    ends = [_End(until=first.position, domain=domain) for domain, first in _firsts(acts)]
    cursor.execute(SQL["end_limits"], {"rows": rows(ends)})
    begun = [_limit(entry, entry.fact, until) for entry, until in _spans(acts) if isinstance(entry.fact, DomainLimited)]
    cursor.execute(SQL["limit"], {"rows": rows(begun)})


def _restrictions(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    acts = [
        ((entry.fact.account_id, entry.fact.restriction), entry)
        for entry in entries
        if isinstance(entry.fact, AccountRestricted | AccountUnrestricted)
    ]
    if not acts:
        return
    ends = [
        _End(until=first.position, account_id=account, restriction=restriction)
        for (account, restriction), first in _firsts(acts)
    ]
    cursor.execute(SQL["end_restrictions"], {"rows": rows(ends)})
    begun = [
        _Restriction(entry.fact.account_id, entry.fact.restriction, entry.position, until)
        for entry, until in _spans(acts)
        if isinstance(entry.fact, AccountRestricted)
    ]
    cursor.execute(SQL["restrict"], {"rows": rows(begun)})


def _firsts(acts: Iterable[tuple[K, Entry]]) -> Iterable[tuple[K, Entry]]:
    """Return the first act on each thing."""
    found: dict[K, Entry] = {}
    for thing, entry in acts:
        found.setdefault(thing, entry)
    return found.items()


def _spans(acts: Iterable[tuple[K, Entry]]) -> Iterable[tuple[Entry, int | None]]:
    """Return each act with the position of the next on the same thing, None for the last."""
    lines: defaultdict[K, list[Entry]] = defaultdict(list)
    for thing, entry in acts:
        lines[thing].append(entry)
    for line in lines.values():
        for entry, after in zip(line, [*line[1:], None], strict=True):
            yield entry, None if after is None else after.position


def _limit(entry: Entry, fact: DomainLimited, until: int | None) -> _Limit:
    return _Limit(
        id=entry_id(entry),
        domain=fact.domain,
        severity=fact.severity,
        reject_media=fact.reject_media,
        reject_reports=fact.reject_reports,
        obfuscate=fact.obfuscate,
        public_comment=fact.public_comment,
        private_comment=fact.private_comment,
        created_at=entry.at,
        since=entry.position,
        until=until,
    )


def _warning(entry: Entry, fact: AccountWarned) -> _Warning:
    return _Warning(
        id=fact.warning_id,
        entry=entry_id(entry),
        account_id=fact.account_id,
        action=fact.action,
        text=fact.text,
        created_at=entry.at,
    )


PROJECTION = Projection(
    name="limits",
    version=2,
    handles=(
        DomainLimited,
        DomainUnlimited,
        DomainAllowed,
        DomainDisallowed,
        AccountRestricted,
        AccountUnrestricted,
        AccountWarned,
        AccountDeleted,
    ),
    create=SQL["create"],
    apply=apply,
)
