"""The one statement that writes to the log, and the look-up that tells afterwards whether it did."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, pq
from psycopg.pq.abc import PGresult
from psycopg.sql import SQL

from fedi.libpq import answer_of, check
from fedi.log.arrays import arrays_of, premises_of
from fedi.log.drafts import Appended, Conflict, Draft, Fallen, Unit, unit_of
from fedi.sql import queries

_sql = queries(__file__)
Answer = Appended | Conflict | Fallen
_STATEMENT = _sql["append"].format(fallen=SQL("NULL::integer[]")).as_string().encode()
_TELL = _sql["tell"].as_string().encode()
_NAME, _NAME_ON_PREMISES = b"fedi_append", b"fedi_append_on_premises"
_BINARY = [pq.Format.BINARY] * 7
_YES, _NO = b"\1", b"\0"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""What PostgreSQL counts the microseconds of a moment from."""


def prepare(conn: Connection[Any], premises: SQL | None = None) -> None:
    """Have the session remember the statement, for `insert_prepared`; raises psycopg.Error.

    Where units are to stand on premises, `premises` is a query for the numbers of those whose premise is not so any
    more, as an array or NULL. Its parameters, from $8 on, are arrays: the numbers of the units that stand on anything,
    and as many of bigint as a premise has numbers.
    """
    check(conn.pgconn.prepare(_NAME, _STATEMENT))
    if premises is not None:
        check(conn.pgconn.prepare(_NAME_ON_PREMISES, _sql["append"].format(fallen=premises).as_string().encode()))


class Call(msgspec.Struct, frozen=True):
    """Units as they are sent: the name of a prepared statement, and its parameters before and after `tell`."""

    units: Sequence[Unit]
    name: bytes
    arrays: list[bytes]
    premises: list[bytes]

    def parameters(self, *, tell: bool) -> list[bytes]:
        """Return the parameters of the statement."""
        return [*self.arrays, _YES if tell else _NO, *self.premises]


def call_of(units: Sequence[Unit]) -> Call:
    """Make units ready to be sent; there must be one."""
    if all(unit.premise is None for unit in units):
        return Call(units, _NAME, arrays_of(units), [])
    return Call(units, _NAME_ON_PREMISES, arrays_of(units), premises_of(units))


def insert_prepared(conn: Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]:
    """As `insert`, on a connection that was given to `prepare`; without `tell` nobody is told of it (see `telling`)."""
    if not units:
        return []
    call = call_of(units)
    given = call.parameters(tell=tell)
    result = conn.pgconn.exec_prepared(call.name, given, [pq.Format.BINARY] * len(given), pq.Format.BINARY)
    return _answers(units, result)


async def send_prepared(conn: Connection[Any], call: Call, *, tell: bool) -> list[Answer]:
    """As `insert_prepared`, while the event loop goes on."""
    given = call.parameters(tell=tell)
    conn.pgconn.send_query_prepared(call.name, given, [pq.Format.BINARY] * len(given), pq.Format.BINARY)
    return _answers(call.units, await answer_of(conn.pgconn))


async def send_tell(conn: Connection[Any]) -> None:
    """Tell of all that is in the log, while the event loop goes on."""
    conn.pgconn.send_query(_TELL)
    check(await answer_of(conn.pgconn))


def insert(conn: Connection[Any], units: Sequence[Unit]) -> list[Answer]:
    """Append units in one round trip; answers in their order. Raises psycopg.Error.

    In autocommit mode the answer comes after COMMIT. Within a transaction the log is locked until its end, so it must
    end soon. No identity may stand in two of the units.
    """
    if not conn.autocommit and conn.info.transaction_status == pq.TransactionStatus.IDLE:
        conn.execute(_sql["begin"])
    given = [*arrays_of(units), _YES]
    return _answers(units, conn.pgconn.exec_params(_STATEMENT, given, None, _BINARY, pq.Format.BINARY))


def _answers(units: Sequence[Unit], result: PGresult) -> list[Answer]:
    """Read what the statement returned, without a cursor of psycopg's."""
    check(result)
    *conflicts, (_, _, first, recorded_at) = [_row(result, number) for number in range(result.ntuples)]
    dropped = {
        unit: Conflict(identity, position, at) if identity else Fallen() for unit, identity, position, at in conflicts
    }
    positions = count(first)
    return [
        dropped.get(n) or Appended(positions=tuple(next(positions) for _ in unit.identities), recorded_at=recorded_at)
        for n, unit in enumerate(units, 1)
    ]


def _row(result: PGresult, number: int) -> tuple[int, UUID | None, int, datetime]:
    unit, identity, position, moment = [result.get_value(number, column) for column in range(4)]
    return (
        _number(unit),
        UUID(bytes=identity) if identity else None,
        _number(position),
        _EPOCH + timedelta(microseconds=_number(moment)),
    )


def _number(value: bytes | None) -> int:
    return int.from_bytes(value or b"", "big", signed=True)


def append_now(conn: Connection[Any], drafts: Sequence[Draft]) -> Appended:
    """Append one unit on a connection of the caller's, in its transaction if it is in one.

    For the command line and for what belongs in one transaction with other tables; servers use the `Appender`.

    Raises:
        Conflict: an identity is taken; the transaction goes on.
    """
    (answer,) = insert(conn, [unit_of(drafts)])
    if not isinstance(answer, Appended):
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
