"""What must be asked of statuses at every reading, even of those whose content is remembered.

A version is the transaction that wrote the row: whatever changes a row changes its version, whoever changed it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from fedi.descriptions import Visibility
from fedi.facts.quotes import QuotersWord
from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views.compose import READER, flat
from fedi.views.quotes import MayQuote, may_quote

_SQL = queries(__file__)
_STAMPS = flat(_SQL["stamps"].format(may_quote=may_quote(READER)))


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What a stamp says to everybody: the version of the status and its numbers."""

    id: int
    account_id: int
    boost_of_id: int | None
    visibility: Visibility
    version: str
    has_poll: bool
    replies: int
    boosts: int
    favourites: int
    quotes: int
    quoting: bool
    """Whether it quotes something: then it looks otherwise as soon as something else does."""
    quote_automatic: tuple[QuotersWord, ...]
    quote_manual: tuple[QuotersWord, ...]


class Acts(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader did with a status, and may do. The reader's acts are told of originals only, not of boosts."""

    favourited: bool
    boosted: bool
    bookmarked: bool
    pinned: bool
    muted: bool
    quotable: MayQuote


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be known of a status and its author to show what is remembered of them.

    `account_version` covers the author's numbers. `mutes_threads` tells whether the reader mutes any, `filters_version`
    since when the reader's filters are as they are; these are the same on all stamps of a page.
    """

    shared: Shared
    acts: Acts
    mutes_threads: bool
    account_version: str
    filters_version: int | None


async def stamps(connection: Connection, ids: Sequence[int], viewer: int | None) -> dict[int, Stamp]:
    """Return the stamps of statuses and of what they boost, by id, in one query."""
    if not ids:
        return {}
    async with connection.cursor(row_factory=_stamps) as cursor:
        await cursor.execute(_STAMPS, {"ids": list(ids), "viewer": viewer})
        return {stamp.shared.id: stamp for stamp in await cursor.fetchall()}


def _stamps(_: object) -> Callable[[Sequence[Any]], Stamp]:
    return _stamp


def _stamp(row: Sequence[Any]) -> Stamp:
    values = iter(row)
    shared = dict(zip(Shared.__struct_fields__, values, strict=False))
    acts = dict(zip(Acts.__struct_fields__, values, strict=False))
    words = {name: tuple(shared[name]) for name in ("quote_automatic", "quote_manual")}
    mutes_threads, account_version, filters_version = values
    return Stamp(
        shared=Shared(**(shared | words)),
        acts=Acts(**acts),
        mutes_threads=mutes_threads,
        account_version=account_version,
        filters_version=filters_version,
    )
