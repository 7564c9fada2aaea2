"""Relays that the operator subscribed to."""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Relay(msgspec.Struct, frozen=True, kw_only=True):
    """A relay, and the Follow by which it is subscribed to."""

    inbox: str
    follow_uri: str
    target: str
    state: Literal["pending", "accepted", "rejected"]
    created_at: datetime

    @property
    def announces(self) -> bool:
        """Whether it is of LitePub's kind: an actor that is followed, and announces what is announced to it."""
        return self.target != PUBLIC


async def everything(connection: Connection) -> list[Relay]:
    """Return all relays, the first one first."""
    return await several(connection, _SQL["everything"], {}, Relay)


async def accepted(connection: Connection) -> list[Relay]:
    """Return the relays that let us subscribe."""
    return [each for each in await everything(connection) if each.state == "accepted"]
