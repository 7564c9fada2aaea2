"""What stands, or stood, at URIs: for those who erase it."""

from typing import Literal

import msgspec

from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A post or an account, known here now or once, or a grave. `author_id` is its own id for an account."""

    uri: str
    kind: Literal["status", "account", "tombstone"]
    author_id: int | None
    actor: str | None
    local: bool
    ended: bool


async def at(connection: Connection, uri: str, actor: str = "") -> Standing | None:
    """Return what stands or stood at a URI, or else the grave that an actor has there."""
    keys = [key_of(uri), key_of("tombstone", actor, uri)]
    found = {each.kind == "tombstone": each for each in await several(connection, _SQL["at"], {"keys": keys}, Standing)}
    return found.get(False) or found.get(True)
