"""Comparing two generations of the views."""

from typing import Any

from psycopg import Connection
from psycopg.sql import Identifier

from fedi.projections import generation
from fedi.projections.verify import SQL


def differences(connection: Connection[Any], one: str, other: str) -> list[str]:
    """Return the first difference of each table but the cursor."""
    found = []
    rows = connection.execute(generation.SQL["tables"], {"schema": one}).fetchall()
    for (table,) in rows:
        if table == "cursor":
            continue
        query = SQL["difference"].format(live=Identifier(one, table), fresh=Identifier(other, table))
        row = connection.execute(query).fetchone()
        if row:
            found.append(f"{table}: only in {one if row[0] == 'live' else other}: {row[1]}")
    return found
