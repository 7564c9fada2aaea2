"""The composition root: here, and only here, the parts are put together into what runs.

Nothing is decided in this file; each part gets what it depends on as parameters.
"""

from pathlib import Path

import psycopg
from psycopg import sql

_SCHEMAS = Path(__file__).parents[2] / "schemas" / "sql"
_CREATING = 7_310_455_213_009
"""Advisory lock: roles that start together create the tables one after another."""


def create_tables(database_url: str) -> None:
    """Create what is not there yet: the log, the registry and the queues. Running it again changes nothing."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CREATING])
        for file in sorted(_SCHEMAS.glob("*.sql")):
            connection.execute(sql.SQL(file.read_text(encoding="utf-8")))
