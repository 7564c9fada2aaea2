"""Quotes: what a status quotes and how that looks to a reader, who may quote what, and what quotes a status."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Literal

import msgspec
from psycopg.sql import SQL

from fedi.descriptions import Visibility
from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, numbers, one, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.pages import Page
from fedi.views.welcome import welcome

_SQL = queries(__file__)

State = Literal[
    "pending",
    "accepted",
    "rejected",
    "revoked",
    "deleted",
    "unauthorized",
    "blocked_account",
    "blocked_domain",
    "muted_account",
]
MayQuote = Literal["automatic", "manual", "denied", "unknown"]
SHOWN: frozenset[State] = frozenset({"accepted", "blocked_account", "blocked_domain", "muted_account"})
"""The states in which a reader gets the quoted status: they may see it, though they may not want to."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a status quotes, in the eyes of a reader; `quoted_id` is None where they are not to know what it is."""

    status_id: int
    state: State
    quoted_id: int | None


class _LinkOfOne(Link, frozen=True, kw_only=True):
    viewer: int


class Quotable(msgspec.Struct, frozen=True, kw_only=True):
    """A status as somebody who sees it may quote it, or not."""

    id: int
    account_id: int
    uri: str
    url: str
    author_uri: str
    author_local: bool
    visibility: Visibility
    may_quote: MayQuote


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A local status that somebody asks to quote; `allowed` tells whether they may."""

    account_id: int
    quoted_id: int
    author_id: int
    author_uri: str
    allowed: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A quote of a status, with its stamp, "" where there is none."""

    status_id: int
    account_id: int
    quoted_account_id: int
    state: State
    stamp: str


class Quoting(msgspec.Struct, frozen=True, kw_only=True):
    """A local post that quotes something, as it is served; `stamp` is "" where it has none."""

    status_id: int
    account_id: int
    document: bytes
    stamp: str
    hide_totals: bool


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """A stamp that a local author gave."""

    uri: str
    author_uri: str
    quote_uri: str
    quoted_uri: str


async def links(connection: Connection, ids: Sequence[int], viewer: int | None) -> list[Link]:
    """Return what some statuses quote, as far as they do."""
    return await several(connection, _LINKS, {"ids": list(ids), "viewer": viewer}, Link)


async def links_of_many(
    connection: Connection, ids: Sequence[int], viewers: Collection[int]
) -> dict[tuple[int, int], Link]:
    """Return what some statuses quote in the eyes of some readers, by reader and status."""
    if not ids or not viewers:
        return {}
    found = await several(connection, _LINKS_OF_MANY, {"ids": list(ids), "viewers": list(viewers)}, _LinkOfOne)
    return {(each.viewer, each.status_id): each for each in found}


async def quotable(connection: Connection, status_id: int, viewer: int) -> Quotable | None:
    """Return a status, or what it boosts, if the viewer may see it (S-122: the original decides)."""
    return await one(connection, _QUOTABLE, {"id": status_id, "viewer": viewer}, Quotable)


async def asked(connection: Connection, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Asked]:
    """Return, for pairs of an account and a status of local people, whether the one may quote the other."""
    values = {"accounts": [account for account, _ in pairs], "statuses": [status for _, status in pairs]}
    found = await several(connection, _ASKED, values, Asked)
    return {(each.account_id, each.quoted_id): each for each in found}


async def of_status(connection: Connection, status_id: int, viewer: int, page: Page) -> list[int]:
    """Return a page of the statuses that quote a status, with its author's leave, and that the viewer may see."""
    query = _of_status(page.form)
    return page.turned(await numbers(connection, query, {**page.values, "id": status_id, "viewer": viewer}))


async def standing(connection: Connection, status_id: int, quoted_id: int) -> Standing | None:
    """Return the quote of one status by another."""
    return await one(connection, _SQL["standing"], {"status_id": status_id, "quoted_id": quoted_id}, Standing)


async def quoting(connection: Connection, ids: Sequence[int]) -> list[Quoting]:
    """Return those among some statuses that are local posts and quote something, with the stamps they have now."""
    return await several(connection, _SQL["quoting_posts"], {"ids": list(ids)}, Quoting)


async def url_of(connection: Connection, uri: str) -> str:
    """Return the address of the page of a status, "" if it is not known here."""
    found = await one(connection, _SQL["url_of"], {"key": key_of(uri)}, _Url)
    return found.url if found else ""


async def stamp(connection: Connection, username: str, path: str) -> Stamp | None:
    """Return the stamp at a path below a local actor, if it was given and not taken back."""
    return await one(connection, _SQL["stamp"], {"username": username, "path": path}, Stamp)


class _Url(msgspec.Struct, frozen=True):
    url: str


@cache
def _of_status(form: Page) -> SQL:
    return flat(_SQL["of_status"].format(visible=visible(), welcome=welcome(), window=form.window("s.id")))


def may_quote(viewer: SQL) -> SQL:
    """Return the column that tells whether a viewer may quote the row s of read.statuses."""
    return flat(_SQL["may_quote"].format(viewer=viewer))


_READER = SQL("%(viewer)s::bigint")
_LINKS = flat(_SQL["links"].format(visible=visible(), viewer=_READER, columns=SQL(""), crossed=SQL("")))
_EACH = SQL("each.viewer")
_LINKS_OF_MANY = flat(
    _SQL["links"].format(
        visible=visible(viewer=_EACH),
        viewer=_EACH,
        columns=SQL("each.viewer, "),
        crossed=SQL("CROSS JOIN unnest(%(viewers)s::bigint[]) AS each (viewer)"),
    )
)
_QUOTABLE = flat(_SQL["quotable"].format(visible=visible(), may_quote=may_quote(_READER)))
_ASKER = SQL("asked.account_id")
_ASKED = flat(_SQL["asked"].format(visible=visible(viewer=_ASKER), may_quote=may_quote(_ASKER)))
