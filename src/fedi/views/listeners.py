"""The same statuses in the eyes of many listeners: one query for all of them, and mostly one rendering.

A status that is told to a thousand people looks the same to nearly all: to those who did nothing with it and wrote no
part of it. `concerned` are the few others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec
from psycopg.sql import SQL

from fedi.registry.rows import Connection
from fedi.sql import queries
from fedi.views import quotes, statuses
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.quotes import Link, MayQuote
from fedi.views.statuses import Quote, Status, StatusRow
from fedi.views.welcome import unlimited, unnamed, welcome

ANYBODY = 0
"""Stands for a reader who did nothing with a status; no account has this id."""

Quotes = Mapping[tuple[int, int], Quote]
"""By account and status, what the status quotes in the account's eyes."""

Deeds = Mapping[tuple[int, int], Mapping[str, tuple[int, ...]]]
"""What accounts did with statuses: by account and status the deeds, each with the choices of a vote."""

_SQL = queries(__file__)
_LISTENER = SQL("asked.viewer_id")
_ALLOWED = flat(
    _SQL["allowed"].format(
        visible=visible(viewer=_LISTENER),
        unlimited=unlimited(),
        welcome=welcome(viewer=_LISTENER),
        unnamed=unnamed(viewer=_LISTENER),
    )
)


async def allowed(connection: Connection, asked: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of a status and an account of which the account may see the status, and wants to,
    where anybody may listen."""
    if not asked:
        return set()
    values = {"statuses": [status for status, _ in asked], "viewers": [viewer for _, viewer in asked]}
    return {(row[0], row[1]) for row in await (await connection.execute(_ALLOWED, values)).fetchall()}


async def deeds(connection: Connection, statuses: Collection[int], viewers: Collection[int]) -> Deeds:
    """Return what some accounts did with some statuses."""
    done: defaultdict[tuple[int, int], dict[str, tuple[int, ...]]] = defaultdict(dict)
    cursor = await connection.execute(_SQL["deeds"], {"statuses": list(statuses), "viewers": list(viewers)})
    for account, status, deed, choice, _ in await cursor.fetchall():
        before = done[account, status].get(deed, ())
        done[account, status][deed] = before if choice is None else (*before, choice)
    return done


async def quotes_of_many(connection: Connection, found: Iterable[Status], viewers: Collection[int]) -> Quotes:
    """Return what statuses quote, where it looks different to some readers than to nobody in particular."""
    quoting = [each for each in layers_of(found) if each.quote is not None]
    links = await quotes.links_of_many(connection, [each.row.id for each in quoting], viewers)
    ids = {link.quoted_id for link in links.values() if link.quoted_id is not None}
    quoted = {each.row.id: each for each in await statuses.load(connection, list(ids), None)} if ids else {}
    inner = await quotes.links_of_many(connection, [each for each in quoted if quoted[each].quote], viewers)
    seen: dict[tuple[int, int], Quote] = {}
    for each in quoting:
        for viewer in viewers:
            if (link := links.get((viewer, each.row.id))) is not None:
                quote = _quote(link, quoted.get(link.quoted_id or 0), inner.get((viewer, link.quoted_id or 0)))
                if _told_apart(quote) != _told_apart(each.quote):
                    seen[viewer, each.row.id] = quote
    return seen


def _quote(link: Link, quoted: Status | None, inner: Link | None) -> Quote:
    named = None if inner is None else Quote(state=inner.state, quoted_id=inner.quoted_id)
    status = None if quoted is None else msgspec.structs.replace(quoted, quote=named)
    return Quote(state=link.state, quoted_id=link.quoted_id, status=status)


def _told_apart(quote: Quote | None) -> tuple[object, ...]:
    if quote is None:
        return ()
    inner = quote.status.quote if quote.status is not None else None
    return (quote.state, quote.quoted_id, inner and (inner.state, inner.quoted_id))


def layers_of(found: Iterable[Status]) -> Iterator[Status]:
    """Yield statuses and what they boost."""
    for each in found:
        yield each
        if each.boost_of is not None:
            yield each.boost_of


def concerned(found: Status, done: Deeds, quoted: Quotes) -> frozenset[int]:
    """Return who sees a status otherwise than `ANYBODY` does."""
    layers = list(layers_of([found]))
    layers += [each.quote.status for each in layers if each.quote is not None and each.quote.status is not None]
    ids = {each.row.id for each in layers}
    acted = {account for account, status in done if status in ids}
    return frozenset(each.row.account_id for each in layers) | acted | {who for who, status in quoted if status in ids}


def seen_by(found: Status, viewer: int, done: Deeds, quoted: Quotes) -> Status:
    """Return a status that was loaded for nobody as an account sees it."""
    quote = quoted.get((viewer, found.row.id), found.quote)
    if quote is not None and quote.status is not None:
        quote = msgspec.structs.replace(quote, status=seen_by(quote.status, viewer, done, {}))
    did = done.get((viewer, found.row.id), {})
    row = msgspec.structs.replace(
        found.row,
        favourited="favourited" in did,
        boosted="boosted" in did,
        bookmarked="bookmarked" in did,
        pinned="pinned" in did,
        muted="muted" in did,
        own_votes=None if found.row.poll_titles is None else did.get("voted", ()),
        quotable=_quotable(found.row, viewer),
    )
    original = None if found.boost_of is None else seen_by(found.boost_of, viewer, done, quoted)
    return msgspec.structs.replace(found, row=row, boost_of=original, viewer=viewer, quote=quote)


def _quotable(row: StatusRow, viewer: int) -> MayQuote:
    """Return whether an account may quote a status. Whether it follows the author is not asked for each listener."""
    if row.visibility == "direct" or row.boost_of_id is not None:
        return "denied"
    if row.account_id == viewer or "public" in row.quote_automatic:
        return "automatic"
    return "unknown" if row.quote_automatic or row.quote_manual else "denied"
