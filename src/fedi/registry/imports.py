"""Lists that people brought along from another server, line by line, and how far each has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from fedi.registry.rows import Connection, change, numbers, one, several
from fedi.sql import queries

_SQL = queries(__file__)
ListKind = Literal["follows", "blocks", "mutes", "domain_blocks", "bookmarks", "lists"]
KINDS: tuple[ListKind, ...] = get_args(ListKind)
SHOWN = 10
"""Imports that somebody is shown, the last ones."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a list: a handle, a domain or a post's address; the rest as far as its kind of list has it."""

    subject: str
    boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None
    hide_notifications: bool | None = None
    title: str = ""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A line in its place."""

    place: int
    row: Line


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody brought along; `overwrite`: what the list does not name is ended first, `cleared` once it was."""

    id: int
    user_id: int
    account_id: int
    kind: ListKind
    overwrite: bool
    cleared: bool
    created_at: datetime
    total: int
    done: int
    failed: int

    @property
    def finished(self) -> bool:
        return self.done + self.failed == self.total


async def begin(connection: Connection, user_id: int, kind: ListKind, lines: Sequence[Line], *, overwrite: bool) -> int:
    """Note a list that is to be carried out; return its number. To be called in a transaction."""
    (number,) = await numbers(connection, _SQL["begin"], {"user_id": user_id, "kind": kind, "overwrite": overwrite})
    await change(connection, _SQL["add_rows"], {"id": number, "rows": msgspec.json.encode(lines).decode()})
    return number


async def load(connection: Connection, import_id: int) -> Import | None:
    """Return one import."""
    return await one(connection, _SQL["load"], {"id": import_id, "user_id": None, "limit": 1}, Import)


async def of_user(connection: Connection, user_id: int) -> list[Import]:
    """Return somebody's last imports, the newest first."""
    return await several(connection, _SQL["load"], {"id": None, "user_id": user_id, "limit": SHOWN}, Import)


async def waiting(connection: Connection, import_id: int, limit: int) -> list[Placed]:
    """Return the next lines that are to be carried out."""
    return await several(connection, _SQL["waiting"], {"id": import_id, "limit": limit}, Placed)


async def every(connection: Connection, import_id: int) -> list[Placed]:
    """Return all lines of an import."""
    return await several(connection, _SQL["every"], {"id": import_id}, Placed)


async def failed(connection: Connection, import_id: int) -> list[Placed]:
    """Return the lines of an import that could not be carried out."""
    return await several(connection, _SQL["failed"], {"id": import_id}, Placed)


async def settle(connection: Connection, import_id: int, place: int, *, done: bool) -> None:
    """Note what became of a line."""
    await change(connection, _SQL["settle"], {"id": import_id, "place": place, "outcome": "done" if done else "failed"})


async def clear(connection: Connection, import_id: int) -> None:
    """Note that what the list does not name was ended."""
    await change(connection, _SQL["clear"], {"id": import_id})


async def forget(connection: Connection, before: datetime) -> None:
    """Forget imports of long ago."""
    await change(connection, _SQL["forget"], {"before": before})
