"""The view of posts and boosts, with their tags, mentions, former versions, polls and counts.

A batch is folded in this order: what is new, then the later changes of each status in turns, then what is gone. Changes
of different statuses do not touch each other, so one statement carries a whole turn of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from psycopg import Cursor, sql

from fedi.copying import copy, is_worth_it
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.interactions import PollVoted, StatusBoosted, StatusUnboosted
from fedi.facts.statuses import MentionLinked, ReplyLinked, StatusDeleted, StatusEdited, StatusPublished
from fedi.projections import status_rows
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.projections.public_streams import Streamed, announce_changed, announce_published
from fedi.projections.status_rows import StatusRow
from fedi.sql import queries

SQL = queries(__file__)
_FEW = SQL["insert"].format(new=SQL["few"])
_COPIED = SQL["insert"].format(new=sql.SQL(""))
_Change = StatusEdited | ReplyLinked | MentionLinked | PollVoted


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> Iterable[Announcement]:
    """Fold a batch of facts about statuses."""
    new = _insert(cursor, entries)
    changed = [said for turn in _turns(entries) for said in _change(cursor, turn)]
    return chain(new, changed, _delete(cursor, entries))


def _insert(cursor: Cursor[Any], entries: Sequence[Entry]) -> Iterable[Announcement]:
    published = [(entry, entry.fact) for entry in entries if isinstance(entry.fact, StatusPublished)]
    boosts = [(entry, entry.fact) for entry in entries if isinstance(entry.fact, StatusBoosted)]
    if not published and not boosts:
        return []
    posts = (status_rows.of_post(entry, fact) for entry, fact in published)
    new = [status_rows.of_boost(entry, fact) for entry, fact in boosts]
    if many := is_worth_it(cursor, len(published) + len(boosts)):
        copy(cursor, "statuses", status_rows.BOOST_COLUMNS, map(status_rows.boost_copied, new))
        copy(cursor, "statuses", status_rows.COLUMNS, map(status_rows.copied, _noted(posts, new)))
    else:
        new.extend(posts)
    authors, about = status_rows.counts(new)
    counts = {"authors": rows(authors), "about": rows(about)}
    if many:
        cursor.execute(_COPIED, counts)
    else:
        cursor.execute(_FEW, {"rows": rows(new), **counts})
    facts = [fact for _, fact in published]
    _execute(cursor, "insert_mentions", status_rows.mentions(facts))
    _execute(cursor, "insert_tags", status_rows.tags(facts))
    _execute(cursor, "insert_polls", status_rows.polls(facts))
    return (said for entry, fact in published for said in announce_published(entry, fact))


def _noted(made: Iterable[StatusRow], notes: list[StatusRow]) -> Iterator[StatusRow]:
    """Yield rows as they are made, and note them."""
    for row in made:
        notes.append(row)
        yield row


def _turns(entries: Sequence[Entry]) -> Iterable[list[tuple[Entry, _Change]]]:
    """Yield groups of changes in which each status is changed once, or only voted on."""
    turns: list[list[tuple[Entry, _Change]]] = []
    place: dict[int, tuple[int, bool]] = {}
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, _Change):
            continue
        turn, was_vote = place.get(fact.status_id, (-1, False))
        vote = isinstance(fact, PollVoted)
        if not (vote and was_vote):
            turn += 1
        place[fact.status_id] = (turn, vote)
        if turn == len(turns):
            turns.append([])
        turns[turn].append((entry, fact))
    return turns


def _change(cursor: Cursor[Any], turn: list[tuple[Entry, _Change]]) -> list[Announcement]:
    edits = [(entry, fact) for entry, fact in turn if isinstance(fact, StatusEdited)]
    links = [fact for _, fact in turn if isinstance(fact, ReplyLinked)]
    mentions = [fact for _, fact in turn if isinstance(fact, MentionLinked)]
    votes = [(entry, fact) for entry, fact in turn if isinstance(fact, PollVoted)]
    announcements: list[Announcement] = []
    if edits:
        announcements = _edit(cursor, edits)
    _execute(cursor, "link_replies", links)
    _execute(cursor, "link_mentions", mentions)
    _execute(cursor, "vote", [status_rows.vote(entry, fact) for entry, fact in votes])
    return announcements


def _edit(cursor: Cursor[Any], edits: list[tuple[Entry, StatusEdited]]) -> list[Announcement]:
    significant = [(entry, fact) for entry, fact in edits if fact.significant]
    if significant:
        versions = [status_rows.edit(entry, fact) for entry, fact in significant]
        facts = [fact for _, fact in significant]
        ids = [fact.status_id for fact in facts]
        cursor.execute(SQL["keep_original"], {"ids": ids})
        _execute(cursor, "insert_edits", versions)
        _execute(cursor, "edit", versions)
        cursor.execute(SQL["silence_mentions"], {"ids": ids})
        _execute(cursor, "insert_mentions", status_rows.mentions(facts))
        cursor.execute(SQL["delete_tags"], {"ids": ids})
        fewer = [name for (name,) in cursor.fetchall()]
        _execute(cursor, "insert_tags", status_rows.tags(facts))
        _forget_tags(cursor, fewer)
    _execute(cursor, "edit_rules", status_rows.rules(fact for _, fact in edits))
    _execute(cursor, "tally_polls", status_rows.polls(fact for _, fact in edits))
    told = [fact.status_id for entry, fact in edits if fact.significant or fact.post.poll or entry.origin != "fetched"]
    cursor.execute(SQL["streamed"], {"ids": told})
    return [announce_changed("status.update", status) for status in _streamed(cursor)]


def _delete(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    ids = [entry.fact.status_id for entry in entries if isinstance(entry.fact, StatusDeleted)]
    ids += [entry.fact.boost_id for entry in entries if isinstance(entry.fact, StatusUnboosted)]
    accounts = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if accounts:
        cursor.execute(SQL["of_accounts"], {"ids": accounts})
        ids += [row[0] for row in cursor.fetchall()]
    if not ids:
        return []
    cursor.execute(SQL["delete"], {"ids": ids})
    gone = _streamed(cursor)
    cursor.execute(SQL["delete_parts"], {"ids": [status.id for status in gone]})
    _forget_tags(cursor, {name for status in gone for name in status.tags})
    return [announce_changed("delete", status) for status in gone]


def _forget_tags(cursor: Cursor[Any], names: Collection[str]) -> None:
    if names:
        cursor.execute(SQL["forget_tags"], {"names": list(names)})


def _streamed(cursor: Cursor[Any]) -> list[Streamed]:
    names = Streamed.__struct_fields__
    return [Streamed(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _execute(cursor: Cursor[Any], name: str, values: Iterable[Any]) -> None:
    given = list(values)
    if given:
        cursor.execute(SQL[name], {"rows": rows(given)})


PROJECTION = Projection(
    name="statuses",
    version=12,
    handles=(
        StatusPublished,
        StatusBoosted,
        StatusEdited,
        ReplyLinked,
        MentionLinked,
        PollVoted,
        StatusDeleted,
        StatusUnboosted,
        AccountDeleted,
    ),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
    after=("accounts",),
)
