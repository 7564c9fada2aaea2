"""The view of who follows, asks to follow, blocks and mutes whom.

What a fact comes to depends on what stood before (an Accept needs a request; a block ends follows), so a batch loads
the pairs it touches, folds them in order in plain Python, and writes back what changed.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row

from fedi.events.accounts import AccountMuted, AccountUnmuted, FollowOptionsChanged, MuteExpired
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.relationships import AccountBlocked, AccountUnblocked, FollowAccepted, FollowEnded, FollowRequested
from fedi.projections.announcements import Announcement
from fedi.projections.averse import aversions_changed
from fedi.projections.memberships import reduce
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)
Pair = tuple[int, int]


class Follow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `follows`: asked, and accepted since a position or not yet."""

    id: int
    account_id: int
    target_id: int
    accepted: bool
    since: int | None
    since_at: datetime | None
    uri: str
    boosts: bool
    notify: bool
    languages: tuple[str, ...]


class PastFollow(msgspec.Struct, frozen=True):
    """A row of `past_follows`: a follow that stood from one position to another."""

    account_id: int
    target_id: int
    since: int
    since_at: datetime
    until: int


class _Pair(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    target_id: int


class _Mute(msgspec.Struct, frozen=True):
    id: int
    account_id: int
    target_id: int
    notifications: bool
    expires_at: datetime | None


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold a batch of facts about pairs of accounts."""
    _follows(cursor, entries)
    _blocks(cursor, entries)
    _mutes(cursor, entries)
    return aversions_changed(entries)


def step(follow: Follow | None, entry: Entry) -> tuple[Follow | None, PastFollow | None]:
    """Return what a fact makes of a follow, and the follow that it ended, if it did."""
    match entry.fact:
        case FollowRequested() as fact if follow is None:
            asked = Follow(
                id=entry_id(entry),
                account_id=fact.account_id,
                target_id=fact.target_id,
                accepted=False,
                since=None,
                since_at=None,
                uri=fact.uri,
                boosts=fact.boosts,
                notify=fact.notify,
                languages=fact.languages,
            )
            return asked, None
        case FollowRequested() as fact if follow is not None:
            again = {"uri": fact.uri, "boosts": fact.boosts, "notify": fact.notify, "languages": fact.languages}
            return msgspec.structs.replace(follow, **again), None
        case FollowOptionsChanged() as fact if follow is not None:
            options = {"boosts": fact.boosts, "notify": fact.notify, "languages": fact.languages}
            return msgspec.structs.replace(follow, **options), None
        case FollowAccepted() if follow is not None and not follow.accepted:
            accepted = {"accepted": True, "since": entry.position, "since_at": entry.at, "id": entry_id(entry)}
            return msgspec.structs.replace(follow, **accepted), None
        case FollowEnded() | AccountDeleted():
            if follow is None or follow.since is None or follow.since_at is None:
                return None, None
            return None, PastFollow(follow.account_id, follow.target_id, follow.since, follow.since_at, entry.position)
    return follow, None


def _follows(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    touched = [entry for entry in entries if isinstance(entry.fact, _FOLLOWING | AccountDeleted)]
    if not touched:
        return
    gone = [entry.fact.account_id for entry in touched if isinstance(entry.fact, AccountDeleted)]
    pairs = list(dict.fromkeys(_pair(entry) for entry in touched if isinstance(entry.fact, _FOLLOWING)))
    before = _load(cursor, pairs, gone)
    now: dict[Pair, Follow | None] = dict(before)
    past: list[PastFollow] = []
    for entry in touched:
        if isinstance(entry.fact, AccountDeleted):
            concerned = [pair for pair in now if entry.fact.account_id in pair]
        else:
            concerned = [_pair(entry)]
        for pair in concerned:
            now[pair], ended = step(now.get(pair), entry)
            if ended is not None:
                past.append(ended)
    _store(cursor, before, now, past)


def _load(cursor: Cursor[Any], pairs: list[Pair], accounts: list[int]) -> dict[Pair, Follow]:
    arguments = {"accounts": [a for a, _ in pairs], "targets": [t for _, t in pairs], "gone": accounts}
    with cursor.connection.cursor(row_factory=class_row(Follow)) as reader:
        follows = reader.execute(SQL["load_follows"], arguments).fetchall()
    # psycopg gives lists where the struct, and what is compared with it, has tuples.
    return {(f.account_id, f.target_id): msgspec.structs.replace(f, languages=tuple(f.languages)) for f in follows}


def _store(
    cursor: Cursor[Any], before: dict[Pair, Follow], now: dict[Pair, Follow | None], past: list[PastFollow]
) -> None:
    saved = [follow for pair, follow in now.items() if follow is not None and follow != before.get(pair)]
    ended = [_Pair(None, *pair) for pair, follow in now.items() if follow is None and pair in before]
    if ended:
        cursor.execute(SQL["end_follows"], {"rows": rows(ended)})
    if saved:
        cursor.execute(SQL["save_follows"], {"rows": rows(saved)})
    if past:
        cursor.execute(SQL["save_past"], {"rows": rows(past)})
    followers: Counter[int] = Counter()
    following: Counter[int] = Counter()
    for pair, follow in now.items():
        old = before.get(pair)
        change = int(follow is not None and follow.accepted) - int(old is not None and old.accepted)
        following[pair[0]] += change
        followers[pair[1]] += change
    touched = sorted(account for account in {*followers, *following} if followers[account] or following[account])
    if touched:
        counts = {
            "ids": touched,
            "followers": [followers[account] for account in touched],
            "following": [following[account] for account in touched],
        }
        cursor.execute(SQL["count"], counts)
        cursor.execute(SQL["uncount"], {"ids": touched})


def _blocks(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    changes = reduce(
        (_pair(entry), isinstance(entry.fact, AccountBlocked), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, AccountBlocked | AccountUnblocked)
    )
    removed = [_Pair(None, *pair) for pair, change in changes.items() if change.removed]
    added = [_Pair(change.id, *pair) for pair, change in changes.items() if change.id is not None]
    if removed:
        cursor.execute(SQL["unblock"], {"rows": rows(removed)})
    if added:
        cursor.execute(SQL["block"], {"rows": rows(added)})
    # Whoever lives elsewhere may come back: to be gone for a moment must not be a way out of a block or a mute.
    accounts = [e.fact.account_id for e in entries if isinstance(e.fact, AccountDeleted) and e.fact.local]
    if accounts:
        cursor.execute(SQL["forget"], {"ids": accounts})


def _mutes(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    last: dict[Pair, _Mute | None] = {}
    expired: list[_Pair] = []
    for entry in entries:
        match entry.fact:
            case AccountMuted() as fact:
                last[_pair(entry)] = _Mute(
                    entry_id(entry), fact.account_id, fact.target_id, fact.notifications, fact.expires_at
                )
            case AccountUnmuted():
                last[_pair(entry)] = None
            case AccountDeleted() as fact if fact.local:
                last |= dict.fromkeys(pair for pair in last if fact.account_id in pair)
            case MuteExpired() as fact:
                expired.append(_Pair(fact.mute_id, fact.account_id, fact.target_id))
                ended = last.get(_pair(entry))
                if ended is not None and ended.id == fact.mute_id:
                    last[_pair(entry)] = None
    if expired:
        cursor.execute(SQL["expire"], {"rows": rows(expired)})
    if last:
        cursor.execute(SQL["unmute"], {"rows": rows(_Pair(None, *pair) for pair in last)})
        cursor.execute(SQL["mute"], {"rows": rows(mute for mute in last.values() if mute is not None)})


_FOLLOWING = FollowRequested | FollowAccepted | FollowEnded | FollowOptionsChanged


def _pair(entry: Entry) -> Pair:
    fact: Any = entry.fact
    return fact.account_id, fact.target_id


PROJECTION = Projection(
    name="relationships",
    version=6,
    handles=(
        FollowRequested,
        FollowAccepted,
        FollowEnded,
        FollowOptionsChanged,
        AccountBlocked,
        AccountUnblocked,
        AccountMuted,
        AccountUnmuted,
        MuteExpired,
        AccountDeleted,
    ),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
    after=("accounts",),
)
