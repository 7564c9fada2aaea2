"""What must be asked of statuses at every reading, even of those whose content is remembered.

A version is the transaction that wrote the row: whatever changes a row changes its version, whoever changed it.
"""

from collections.abc import Sequence

import msgspec
from psycopg.rows import args_row

from fedi.descriptions import Visibility
from fedi.facts import QuotersWord
from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views.compose import READER, flat
from fedi.views.quotes import MayQuote, may_quote

_SQL = queries(__file__)
_STAMPS = flat(_SQL["stamps"].format(may_quote=may_quote(READER)))


class Stamp(msgspec.Struct, frozen=True):
    """The versions of a status and of its author, its numbers, and what the reader did with it.

    `account_version` covers the author's numbers. The reader's acts are told of originals only, not of boosts.
    """

    id: int
    account_id: int
    boost_of_id: int | None
    visibility: Visibility
    version: str
    account_version: str
    has_poll: bool
    replies: int
    boosts: int
    favourites: int
    favourited: bool
    boosted: bool
    bookmarked: bool
    pinned: bool
    muted: bool
    quotes: int
    quoting: bool
    """Whether it quotes something: then it looks otherwise as soon as something else does."""
    quote_automatic: tuple[QuotersWord, ...]
    quote_manual: tuple[QuotersWord, ...]
    quotable: MayQuote
    filters_version: int | None
    """Since when the reader's filters are as they are; the same on all stamps of a page."""


async def stamps(connection: Connection, ids: Sequence[int], viewer: int | None) -> dict[int, Stamp]:
    """Return the stamps of statuses and of what they boost, by id, in one query."""
    if not ids:
        return {}
    async with connection.cursor(row_factory=args_row(Stamp)) as cursor:
        await cursor.execute(_STAMPS, {"ids": list(ids), "viewer": viewer})
        return {stamp.id: stamp for stamp in await cursor.fetchall()}
