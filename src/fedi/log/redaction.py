"""Erasure: the one exception to a log that is only appended to.

Payloads are overwritten in place by stubs, and the log says which and on whose demand. Order, identities, times and
causes stay, so duplicates are still refused. What a stub must keep for the fold is the business of whoever makes it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from psycopg import Connection

from fedi import clock
from fedi.events import Event, Recorded, encode, identity
from fedi.events.server import LogRedacted
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.log.reader import Stored, stored_of
from fedi.sql import queries

_sql = queries(__file__)
CHUNK = 500
VACUUM = _sql["vacuum"]
"""Frees the space of overwritten payloads, so that they do not linger in the table's files. In autocommit mode only."""
Demand = Literal["author", "moderator", "origin"]


def redact(
    conn: Connection[Any], positions: Sequence[int], stub: Callable[[Recorded], Event], demand: Demand
) -> Sequence[int]:
    """Overwrite what stands at some positions by what `stub` makes of it; return the positions that changed.

    Works in transactions of 500 events, each with its own `log.redacted`: appending waits for the last instant of each
    only. Doing it again changes nothing and records nothing. Afterwards execute `VACUUM`, once for many redactions.
    `conn` must not be in a transaction.

    Raises:
        ValueError: the log does not hold one of the positions.
    """
    changed: list[int] = []
    wanted = sorted(set(positions))
    for start in range(0, len(wanted), CHUNK):
        changed += _redact(conn, wanted[start : start + CHUNK], stub, demand)
    return changed


def _redact(
    conn: Connection[Any], positions: Sequence[int], stub: Callable[[Recorded], Event], demand: Demand
) -> Sequence[int]:
    with conn.transaction():
        rows = stored_of(conn.execute(_sql["lock_rows"], {"positions": list(positions)}, binary=True))
        if missing := set(positions) - {row.position for row in rows}:
            raise ValueError(f"the log holds nothing at {sorted(missing)}")
        stubs = [(row, encode(stub(row.decoded()))) for row in rows]
        changed = [(row, new) for row, new in stubs if new != (row.name, row.version, row.payload)]
        if not changed:
            return []
        conn.execute(_sql["overwrite"], _parameters(changed))
        changed_positions = tuple(row.position for row, _ in changed)
        event = LogRedacted(positions=changed_positions, demand=demand)
        append_now(conn, [Draft(identity=identity.fresh(clock.now()), event=event)])
    return changed_positions


def _parameters(changed: Sequence[tuple[Stored, tuple[str, int, bytes]]]) -> dict[str, list[Any]]:
    return {
        "positions": [row.position for row, _ in changed],
        "names": [name for _, (name, _, _) in changed],
        "versions": [version for _, (_, version, _) in changed],
        "payloads": [payload for _, (_, _, payload) in changed],
    }
