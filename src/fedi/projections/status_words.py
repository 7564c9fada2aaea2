"""The view that searches for statuses look into: the words of every post.

Words are kept twice, as they stand (`simple`) and as the language of the post bends them, so that who types "running"
finds "run". Chinese, Japanese, Thai and their like part no words: their texts are kept whole and cut into trigrams.
Among the words stands the span of time that the post is from: so the index tells which posts of a span have a word
without a look at all that have it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted, StatusEdited, StatusPublished
from fedi.meaning.words import LANGUAGES, is_unspaced, lexeme_of, span_of, text_of
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    status_id: int
    account_id: int
    language: str
    text: str
    unspaced: bool
    span: str


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep the words of each post as it stands at the end of the batch."""
    saved: dict[int, _Row] = {}
    statuses: list[int] = []
    accounts: list[int] = []
    for entry in entries:
        match entry.fact:
            case StatusPublished(status_id=status_id) | StatusEdited(status_id=status_id) as fact:
                saved[status_id] = _row(fact)
            case StatusDeleted(status_id=status_id):
                saved.pop(status_id, None)
                statuses.append(status_id)
            case AccountDeleted(account_id=account_id):
                saved = {key: row for key, row in saved.items() if row.account_id != account_id}
                accounts.append(account_id)
    if statuses or accounts:
        cursor.execute(SQL["remove"], {"statuses": statuses, "accounts": accounts})
    if saved:
        cursor.execute(SQL["save"], {"rows": rows(saved.values())})
    return []


def _row(fact: StatusPublished | StatusEdited) -> _Row:
    text = text_of(fact.post)
    language = LANGUAGES.get(fact.post.language.partition("-")[0].lower(), "simple")
    return _Row(
        status_id=fact.status_id,
        account_id=fact.account_id,
        language=language,
        text=text,
        unspaced=is_unspaced(text),
        span=lexeme_of(span_of(fact.status_id)),
    )


PROJECTION = Projection(
    name="status_words",
    version=3,
    handles=(StatusPublished, StatusEdited, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
)
