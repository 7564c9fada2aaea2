"""The composition root: here, and only here, the parts are put together into what runs.

Nothing is decided in this file; each part gets what it depends on as parameters.
"""

import psycopg

from fedi.log import schema


def create_tables(database_url: str) -> None:
    """Create what is not there yet: the log, the registry and the queues. Running it again changes nothing."""
    with psycopg.connect(database_url) as connection:
        schema.create_tables(connection)
