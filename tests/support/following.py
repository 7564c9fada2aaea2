"""Views that have come so far and no further, as who follows them is told."""

import psycopg
from psycopg import AsyncConnection

from fedi.touched import Touched, payloads

Pg = AsyncConnection[psycopg.rows.TupleRow]


async def reach(pg: Pg, position: int) -> None:
    """Move the views to a position, and tell of it."""
    await pg.execute("UPDATE read.cursor SET position = %s", [position])
    for payload in payloads(position, position, Touched()):
        await pg.execute("SELECT pg_notify('fedi_views', %s)", [payload])
