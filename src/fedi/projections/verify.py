"""Proving that the views are what folding the log gives: fold again in the shade and compare, table by table.

Live folding waits while the two are compared at one position; people go on reading. Home timelines in Redis are
compared with the query that defines them. The first difference of each table is named.
"""

import threading
from typing import Any, cast

import msgspec
import psycopg
from psycopg import Connection
from psycopg.sql import Identifier
from redis import Redis

from fedi import homes, shares
from fedi.projections import generation, home
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.rebuild import Report, fold_aside
from fedi.redis_clients import connected
from fedi.sql import queries

SQL = queries(__file__)
_OWN = frozenset({"cursor"})


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One table or timeline: how many rows, whether equal, and if not, the first difference."""

    name: str
    rows: int
    equal: bool
    difference: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification found at a position."""

    position: int
    compared: list[Compared]

    @property
    def equal(self) -> bool:
        """Tell whether everything was equal."""
        return all(each.equal for each in self.compared)


def verify(
    database_url: str,
    redis_url: str | None,
    *,
    report: Report | None = None,
    stop: threading.Event | None = None,
    schema: str = "views_verified",
    batch: int | None = None,
) -> Verdict:
    """Fold the log in the shade and compare every table, and every home timeline in Redis."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        try:
            fold_aside(connection, schema, report=report, stop=stop, batch=batch, until=_live(connection))
            with connection.transaction():
                connection.execute(generation.SQL["fold_lock"])
                position = _catch_up(connection, schema)
                compared = [_compare(connection, schema, table) for table in _tables(connection, schema)]
                if redis_url is not None:
                    with connected(redis_url, decode_responses=True) as store:
                        compared += _timelines(connection, store, position)
        finally:
            generation.drop(connection, schema)
    return Verdict(position=position, compared=compared)


def _live(connection: Connection[Any]) -> int:
    return generation.position(connection)


def _catch_up(connection: Connection[Any], schema: str) -> int:
    live = _live(connection)
    known = projections()
    while (behind := live - generation.position(connection, schema)) > 0:
        fold(connection, known, live=False, limit=min(behind, 500))
    return live


def _tables(connection: Connection[Any], schema: str) -> list[str]:
    rows = connection.execute(generation.SQL["tables"], {"schema": schema}).fetchall()
    return [row[0] for row in rows if row[0] not in _OWN]


def _compare(connection: Connection[Any], schema: str, table: str) -> Compared:
    live, fresh = Identifier(generation.LIVE, table), Identifier(schema, table)
    have = connection.execute(SQL["fingerprint"].format(table=live)).fetchone()
    want = connection.execute(SQL["fingerprint"].format(table=fresh)).fetchone()
    assert have is not None
    if have == want:
        return Compared(name=table, rows=have[0], equal=True)
    row = connection.execute(SQL["difference"].format(live=live, fresh=fresh)).fetchone()
    difference = f"only in the {row[0]} view: {row[1][:300]}" if row else "rows differ"
    return Compared(name=table, rows=have[0], equal=False, difference=difference)


def _timelines(connection: Connection[Any], store: Redis, position: int) -> list[Compared]:
    """Compare the timelines that are whole, of those who are written as far as the views are folded."""
    compared = []
    for reader in _whole(store, position):
        generation.look_at(connection, generation.LIVE, local=True)
        asked = {"viewer": int(reader), "above": 0, "count": homes.LENGTH}
        rows = connection.execute(home.SQL["timeline"], asked).fetchall()
        want = [homes.member(row[0]) for row in rows]
        have = cast("list[str]", store.zrange(homes.timeline(int(reader)), 0, -1))
        first = next(
            (pair for pair in zip([*have, "nothing"], [*want, "nothing"], strict=False) if pair[0] != pair[1]), None
        )
        difference = f"the timeline has {first[0]} where the query has {first[1]}" if first else ""
        compared.append(Compared(name=f"home:{reader}", rows=len(have), equal=have == want, difference=difference))
    return compared


def _whole(store: Redis, position: int) -> list[str]:
    found: set[str] = set()
    for each in shares.ALL:
        if cast("str | None", store.get(homes.cursor(each))) == str(position):
            found |= cast("set[str]", store.smembers(homes.filled(each)))
    return sorted(found, key=int)
