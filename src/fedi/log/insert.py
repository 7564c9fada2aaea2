"""The one statement that writes to the log, and the look-up that tells afterwards whether it did."""

from collections.abc import Sequence
from datetime import UTC
from itertools import chain, count, repeat
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from fedi.log.drafts import Appended, Conflict, Draft, Unit, unit_of
from fedi.sql import queries

_sql = queries(__file__)
Answer = Appended | Conflict


def insert(conn: Connection[Any], units: Sequence[Unit]) -> list[Answer]:
    """Append units in one round trip; answers in their order.

    In autocommit mode the answer comes after COMMIT. Within a transaction the log is locked until its end, so it must
    end soon. No identity may stand in two of the units.
    """
    parameters = {
        "units": list(chain.from_iterable(repeat(n, len(u.identities)) for n, u in enumerate(units, 1))),
        "identities": [identity for unit in units for identity in unit.identities],
        "names": [name for unit in units for name in unit.names],
        "versions": [version for unit in units for version in unit.versions],
        "causes": [cause for unit in units for cause in unit.causes],
        "payloads": [payload for unit in units for payload in unit.payloads],
    }
    with conn.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(_sql["append"], parameters, prepare=True).fetchall()
    *conflicts, (_, _, first, recorded_at) = rows
    dropped = {n: Conflict(identity, position, at.astimezone(UTC)) for n, identity, position, at in conflicts}
    recorded_at, positions = recorded_at.astimezone(UTC), count(first)
    return [
        dropped.get(n) or Appended(positions=tuple(next(positions) for _ in unit.identities), recorded_at=recorded_at)
        for n, unit in enumerate(units, 1)
    ]


def append_now(conn: Connection[Any], drafts: Sequence[Draft]) -> Appended:
    """Append one unit on a connection of the caller's, in its transaction if it is in one.

    For the command line and for what belongs in one transaction with other tables; servers use the `Appender`.

    Raises:
        Conflict: an identity is taken; the transaction goes on.
    """
    (answer,) = insert(conn, [unit_of(drafts)])
    if isinstance(answer, Conflict):
        raise answer
    return answer


def find(conn: Connection[Any], unit: Unit) -> Appended | None:
    """Return where a unit stands if the log holds it exactly as it is, else None.

    After a COMMIT whose answer was lost, what is found is taken for our own. It may be the same thing said by somebody
    else, to the byte; then it is no loss to say that it was appended.
    """
    rows = conn.execute(_sql["find"], {"identities": list(unit.identities)}, binary=True).fetchall()
    held = [(identity, name, version, payload) for _, _, identity, name, version, payload in rows]
    ours = list(zip(unit.identities, unit.names, unit.versions, unit.payloads, strict=True))
    if held != ours:
        return None
    return Appended(positions=tuple(row[0] for row in rows), recorded_at=rows[0][1].astimezone(UTC))
