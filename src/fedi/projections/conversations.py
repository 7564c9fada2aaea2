"""The view of threads and of conversations: what some people say to each other alone, as each of them finds it.

As in Mastodon a conversation is told by its thread and by who takes part in it besides its owner, and is there for
everybody who lives here and takes part. It stands where its newest post stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.notifications import NotificationRequestsAccepted
from fedi.events.threads import ConversationDeleted, ConversationMarked
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted, StatusPublished
from fedi.projections import threads
from fedi.projections.announcements import Announcement
from fedi.projections.named import named
from fedi.projections.projection import Projection, entry_id, rows
from fedi.projections.public_streams import RECENT
from fedi.sql import queries

SQL = queries(__file__)
_SHIFT = 8
"""One post begins at most 256 conversations, as it tells at most so many people."""
_Key = tuple[int, int, tuple[int, ...]]


class _Said(msgspec.Struct, frozen=True):
    """A post in a conversation: a row of `conversation_statuses`, and what it makes of the conversation."""

    conversation_id: int
    account_id: int
    thread_id: int
    participants: tuple[int, ...]
    status_id: int
    author_id: int
    unread: bool
    news: bool


class _Marked(msgspec.Struct, frozen=True):
    id: int
    account_id: int
    unread: bool


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold threads, then conversations in runs of one kind, in their order."""
    first = threads.fold(cursor, entries)
    told: dict[int, int] = {}
    for kind, run in groupby(filter(_concerns, entries), key=lambda entry: type(entry.fact)):
        facts = list(run)
        if kind is StatusPublished:
            told |= _say(cursor, [each for entry in facts for each in _said(entry, first)])
        elif kind is ConversationMarked:
            told |= _mark(cursor, facts)
        elif kind is NotificationRequestsAccepted:
            told |= _let_through(cursor, facts)
        else:
            _take_away(cursor, facts)
    return [Announcement(event="conversation", id=each, account=account) for each, account in told.items()]


def _concerns(entry: Entry) -> bool:
    fact = entry.fact
    if isinstance(fact, StatusPublished):
        return fact.visibility == "direct"
    return isinstance(
        fact,
        ConversationMarked | ConversationDeleted | NotificationRequestsAccepted | StatusDeleted | AccountDeleted,
    )


def _said(entry: Entry, first: Mapping[int, int]) -> Iterator[_Said]:
    fact = entry.fact
    assert isinstance(fact, StatusPublished)
    people = list(dict.fromkeys((fact.account_id, *named(fact.mentions))))
    for place, account in enumerate(people[: 1 << _SHIFT]):
        yield _Said(
            conversation_id=entry_id(entry) << _SHIFT | place,
            account_id=account,
            thread_id=first.get(fact.status_id, fact.status_id),
            participants=tuple(sorted(each for each in people if each != account)),
            status_id=fact.status_id,
            author_id=fact.account_id,
            unread=account != fact.account_id,
            news=entry.origin != "fetched" and entry.at - fact.created_at < RECENT,
        )


def _say(cursor: Cursor[Any], said: Sequence[_Said]) -> dict[int, int]:
    """Add posts to their conversations; return those of which there is news, and whose they are."""
    by_key: defaultdict[_Key, list[_Said]] = defaultdict(list)
    for each in said:
        by_key[each.account_id, each.thread_id, each.participants].append(each)
    stands = [
        msgspec.structs.replace(posts[-1], conversation_id=posts[0].conversation_id, news=any(p.news for p in posts))
        for posts in by_key.values()
    ]
    found = cursor.execute(SQL["say"], {"rows": rows(stands)}).fetchall()
    ids = {(account, thread, tuple(people)): identifier for identifier, account, thread, people in found}
    posts = [
        msgspec.structs.replace(each, conversation_id=ids[key])
        for key, some in by_key.items()
        if key in ids
        for each in some
    ]
    cursor.execute(SQL["add_statuses"], {"rows": rows(posts)})
    cursor.execute(SQL["place"], {"ids": list(ids.values())})
    return {each.conversation_id: each.account_id for each in posts if each.news}


def _mark(cursor: Cursor[Any], run: Iterable[Entry]) -> dict[int, int]:
    marked = {
        entry.fact.conversation_id: _Marked(entry.fact.conversation_id, entry.fact.account_id, entry.fact.unread)
        for entry in run
        if isinstance(entry.fact, ConversationMarked)
    }
    return dict(cursor.execute(SQL["mark"], {"rows": rows(marked.values())}).fetchall())


def _let_through(cursor: Cursor[Any], run: Iterable[Entry]) -> dict[int, int]:
    """Return conversations in which those were the last to speak who are let through: it is told only now."""
    pairs = [
        (entry.fact.account_id, author)
        for entry in run
        if isinstance(entry.fact, NotificationRequestsAccepted)
        for author in entry.fact.from_account_ids
    ]
    given = {"owners": [owner for owner, _ in pairs], "authors": [author for _, author in pairs]}
    return dict(cursor.execute(SQL["last_said_by"], given).fetchall())


def _take_away(cursor: Cursor[Any], run: Sequence[Entry]) -> None:
    """Take away conversations that were put away, and what is gone of others; one without posts is none."""
    facts = [entry.fact for entry in run]
    gone = {
        "conversations": [each.conversation_id for each in facts if isinstance(each, ConversationDeleted)],
        "owners": [each.account_id for each in facts if isinstance(each, ConversationDeleted)],
        "statuses": [each.status_id for each in facts if isinstance(each, StatusDeleted)],
        "accounts": [each.account_id for each in facts if isinstance(each, AccountDeleted)],
    }
    touched = [each for (each,) in cursor.execute(SQL["take_away"], gone).fetchall()]
    if touched:
        cursor.execute(SQL["end_empty"], {"ids": touched})
        cursor.execute(SQL["place"], {"ids": touched})
    if gone["accounts"]:
        cursor.execute(threads.SQL["forget_accounts"], {"accounts": gone["accounts"]})


PROJECTION = Projection(
    name="conversations",
    version=3,
    handles=(
        *threads.HANDLES,
        ConversationMarked,
        ConversationDeleted,
        NotificationRequestsAccepted,
        StatusDeleted,
        AccountDeleted,
    ),
    create=threads.SQL["create"] + SQL["create"],
    apply=apply,
    after=("accounts",),
)
