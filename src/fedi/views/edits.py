"""The versions of statuses, and the source they were made of."""

from datetime import datetime

import msgspec

from fedi.descriptions import Attachment, Emoji
from fedi.registry.rows import Connection, one, several
from fedi.sql import queries

_SQL = queries(__file__)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a status; `edited_at` is when it was made."""

    edited_at: datetime
    content: str
    spoiler_text: str
    sensitive: bool
    attachments: tuple[Attachment, ...]
    emojis: tuple[Emoji, ...]
    poll_options: tuple[str, ...] | None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a local status as it was typed; None for a remote one."""

    text: str | None
    spoiler_text: str


async def of_status(connection: Connection, status_id: int) -> list[Edit]:
    """Return every version of a status, the first one first; nothing if it was never edited."""
    return await several(connection, _SQL["edits"], {"id": status_id}, Edit)


async def source(connection: Connection, status_id: int) -> Source | None:
    """Return what a status was made of; None if there is no such status."""
    return await one(connection, _SQL["source"], {"id": status_id}, Source)
