"""Arrays in PostgreSQL's binary format: what it reads is what was meant."""

from uuid import UUID

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from psycopg import pq

from fedi.log.arrays import arrays_of
from fedi.log.drafts import Unit

LONG = st.integers(-(2**63), 2**63 - 1)
EVENT = st.tuples(
    st.uuids(),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    st.integers(-(2**31), 2**31 - 1),
    st.none() | LONG,
    st.binary(max_size=40),
)
TYPES = ("integer", "uuid", "text", "integer", "bigint", "bytea")
READ = f"SELECT {', '.join(f'unnest(${n}::{kind}[])' for n, kind in enumerate(TYPES, 1))}"


def unit_of(events: list[tuple[UUID, str, int, int | None, bytes]]) -> Unit:
    identities, names, versions, causes, payloads = zip(*events, strict=True)
    return Unit(identities, names, versions, causes, payloads)


def read_back(connection: psycopg.Connection[psycopg.rows.TupleRow], arrays: list[bytes]) -> list[tuple[object, ...]]:
    binary = [pq.Format.BINARY] * len(arrays)
    result = connection.pgconn.exec_params(READ.encode(), arrays, None, binary, pq.Format.BINARY)
    assert result.status == pq.ExecStatus.TUPLES_OK, result.get_error_message()
    transformer = psycopg.adapt.Transformer(connection)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def test_every_value_is_read_as_it_was_meant(database_url: str) -> None:
    @given(st.lists(st.lists(EVENT, min_size=1, max_size=4), min_size=1, max_size=4))
    def check(units: list[list[tuple[UUID, str, int, int | None, bytes]]]) -> None:
        rows = read_back(connection, arrays_of([unit_of(events) for events in units]))
        assert rows == [(number, *event) for number, events in enumerate(units, 1) for event in events]

    with psycopg.connect(database_url, autocommit=True) as connection:
        check()
