"""The view of relays: which the operator subscribed to, and what they answered.

There are few, so a batch loads them all, folds them in step, and writes back what is different.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row

from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.events.relays import RelayAdded, RelayRemoved
from fedi.facts import Entry
from fedi.facts.relationships import FollowAnswered
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class Relay(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `relays`."""

    id: int
    inbox: str
    host: str
    follow_uri: str
    target: str
    state: str
    created_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add, answer and remove relays. Only the host that was asked answers, whoever of it does."""
    with cursor.connection.cursor(row_factory=class_row(Relay)) as reader:
        before = {relay.inbox: relay for relay in reader.execute(SQL["load"]).fetchall()}
    now = dict(before)
    for entry in entries:
        match entry.fact:
            case RelayAdded() as fact:
                now[fact.inbox] = _relay(entry, fact)
            case RelayRemoved() as fact:
                now.pop(fact.inbox, None)
            case FollowAnswered() as fact:
                for relay in now.values():
                    if relay.follow_uri == fact.uri and relay.host == authority_of(fact.actor):
                        state = "accepted" if fact.accepted else "rejected"
                        now[relay.inbox] = msgspec.structs.replace(relay, state=state)
                        break
    changed = [inbox for inbox in {**before, **now} if before.get(inbox) != now.get(inbox)]
    if changed:
        cursor.execute(SQL["remove"], {"inboxes": changed})
        cursor.execute(SQL["save"], {"rows": rows(now[inbox] for inbox in changed if inbox in now)})
    return []


def _relay(entry: Entry, fact: RelayAdded) -> Relay:
    return Relay(
        id=entry_id(entry),
        inbox=fact.inbox,
        host=authority_of(fact.inbox),
        follow_uri=fact.follow_uri,
        target=fact.target,
        state="pending",
        created_at=entry.at,
    )


PROJECTION = Projection(
    name="relays",
    version=1,
    handles=(RelayAdded, RelayRemoved, FollowAnswered),
    create=SQL["create"],
    apply=apply,
)
