"""Lists reach the database as psycopg sends them; those of ids in one piece."""

from typing import Any

import psycopg
import pytest
from psycopg.adapt import PyFormat, Transformer
from psycopg.sql import SQL

from fedi.projections import id_lists

LISTS: list[tuple[str, list[Any]]] = [
    ("bigint", []),
    ("bigint", [7]),
    ("bigint", [1, -2, 2**62]),
    ("bigint", [1, None]),
    ("bigint", [[1, 2], [3, 4]]),
    ("boolean", [True, False]),
    ("text", ["1", "{2}", 'a"b', "c\\d", ""]),
]


@pytest.mark.parametrize(("kind", "given"), LISTS)
def test_what_is_sent_arrives(database_url: str, kind: str, given: list[Any]) -> None:
    with psycopg.connect(database_url) as connection:
        id_lists.quicken(connection)
        found = connection.execute(SQL("SELECT %s::{}[]").format(SQL(kind)), [given]).fetchone()
        assert found == (given,)


def test_ids_are_sent_in_one_piece(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        id_lists.quicken(connection)
        dumper = Transformer(connection).get_dumper([1, 2], PyFormat.AUTO)
        assert dumper.dump([1, 2]) == b"{1, 2}"
