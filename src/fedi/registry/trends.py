"""What is popular, as it was counted last: hashtags by name, pages by address, posts by id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, change, several
from fedi.sql import queries

_SQL = queries(__file__)
Kind = Literal["tag", "link", "status"]


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """Something popular. `max_score` is how popular it was at its height, `max_score_at`."""

    key: str
    score: float
    max_score: float = 0.0
    max_score_at: datetime | None = None


async def all_of(connection: Connection, kind: Kind) -> list[Trend]:
    """Return what was popular at the last count."""
    return await several(connection, _SQL["all_of"], {"kind": kind}, Trend)


async def replace(connection: Connection, kind: Kind, trends: Sequence[Trend]) -> None:
    """Keep a new count instead of the last one, in one transaction."""
    values = {
        "kind": kind,
        "keys": [trend.key for trend in trends],
        "scores": [trend.score for trend in trends],
        "heights": [trend.max_score for trend in trends],
        "moments": [trend.max_score_at for trend in trends],
    }
    async with connection.transaction():
        await change(connection, _SQL["forget"], values)
        await change(connection, _SQL["keep"], values)
