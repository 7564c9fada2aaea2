"""Those who ask to follow local accounts, and what there is between the two."""

from collections.abc import Sequence

import msgspec

from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`uri` is the asked actor's. `limited`: the operator limits the asker, who is
    to be decided about. `accepted`: the follow stands already; `blocked`: the asked blocks the asker."""

    asker_id: int
    asked_id: int
    uri: str
    locked: bool
    limited: bool
    accepted: bool
    blocked: bool


async def between(connection: Connection, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Asked]:
    """Return what is between askers and asked, given as pairs of account ids; local accounts alone are answered for."""
    found = await several(
        connection,
        _SQL["asked"],
        {"asker_ids": [asker for asker, _ in pairs], "asked_ids": [asked for _, asked in pairs]},
        Asked,
    )
    return {(each.asker_id, each.asked_id): each for each in found}
