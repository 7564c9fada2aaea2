"""The view of pages that posts share: which post shares which page, and how each page is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.activitypub.vocabulary.shared_links import link_of
from fedi.events.links import LinkForgotten, LinkPreviewed
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted, StatusEdited, StatusPublished
from fedi.meaning.erasure import page_key
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Link(msgspec.Struct, frozen=True):
    status_id: int
    account_id: int
    url: str


class _Card(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    key: str
    seen_at: datetime
    said: LinkPreviewed


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold what posts share, and what is known of pages; a part ends where one is forgotten, if none shares it then."""
    start = 0
    for end, entry in enumerate(entries):
        if isinstance(entry.fact, LinkForgotten):
            _fold(cursor, entries[start:end])
            cursor.execute(SQL["forget"], {"key": entry.fact.key})
            start = end + 1
    _fold(cursor, entries[start:])
    return []


def _fold(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    _links(cursor, entries)
    cards = {
        entry.fact.url: _Card(id=entry_id(entry), key=page_key(entry.fact.url), seen_at=entry.at, said=entry.fact)
        for entry in entries
        if isinstance(entry.fact, LinkPreviewed) and entry.fact.url
    }
    if cards:
        first = _first_ids(entries)
        given = [
            {**msgspec.to_builtins(card.said), "id": first[url], "key": card.key, "seen_at": card.seen_at}
            for url, card in cards.items()
        ]
        cursor.execute(SQL["show"], {"rows": msgspec.json.encode(given).decode()})


def _first_ids(entries: Sequence[Entry]) -> dict[str, int]:
    """Return under which id each page is known from now on, unless it was known before: that of its first look."""
    first: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry.fact, LinkPreviewed):
            first.setdefault(entry.fact.url, entry_id(entry))
    return first


def _links(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    """Change what posts share. Accounts that went took with them what they had shared until then."""
    links: dict[int, _Link] = {}
    gone: list[int] = []
    for entry in entries:
        match entry.fact:
            case StatusPublished() as fact:
                if link := link_of(fact.post):  # what is new shared nothing before
                    links[fact.status_id] = _Link(fact.status_id, fact.account_id, link)
            case StatusEdited(significant=True) as fact:
                links[fact.status_id] = _Link(fact.status_id, fact.account_id, link_of(fact.post))
            case StatusDeleted() as fact:
                links[fact.status_id] = _Link(fact.status_id, fact.account_id, "")
            case AccountDeleted() as fact:
                gone.append(fact.account_id)
                links = {key: link for key, link in links.items() if link.account_id != fact.account_id}
    if gone:
        cursor.execute(SQL["forget_accounts"], {"ids": gone})
    if unlinked := [link.status_id for link in links.values() if not link.url]:
        cursor.execute(SQL["unlink"], {"ids": unlinked})
    if linked := [link for link in links.values() if link.url]:
        cursor.execute(SQL["link"], {"rows": rows(linked)})


PROJECTION = Projection(
    name="links",
    version=3,
    handles=(StatusPublished, StatusEdited, StatusDeleted, AccountDeleted, LinkPreviewed, LinkForgotten),
    create=SQL["create"],
    apply=apply,
)
