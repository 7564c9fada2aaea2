"""A generation of the views: one schema with all their tables and the cursor that says how far they are folded.

The live generation is the schema `read`. Another is folded beside it under a name of its own and then takes its place:
both schemas are renamed in one transaction. Readers take no lock that could wait for it, and Postgres plans prepared
statements anew by itself.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Literal, TypeVar

import psycopg
from psycopg import Connection, sql
from psycopg.errors import QueryCanceled
from psycopg.sql import Identifier

from fedi.projections import id_lists
from fedi.projections.catalogue import versions
from fedi.projections.projection import Projection
from fedi.sql import queries
from fedi.touched import CHANNEL, EVERYTHING, payloads

LIVE = "read"
STOP_SECONDS = 0.2
"""How long it takes until a stop is noticed while indexes are made."""
_Item = TypeVar("_Item")
SQL = queries(__file__)


def take(connection: Connection[Any], right: Literal["leader", "rebuilder"]) -> bool:
    """Take what only one may have at a time, until the connection ends; False if another has it."""
    row = connection.execute(SQL[right]).fetchone()
    return bool(row and row[0])


def exists(connection: Connection[Any], schema: str = LIVE) -> bool:
    """Tell whether a generation is there."""
    row = connection.execute(SQL["exists"], {"table": f"{schema}.cursor"}).fetchone()
    return bool(row and row[0])


def create(connection: Connection[Any], schema: str, projections: Iterable[Projection]) -> None:
    """Make the tables of a new generation, empty; one of the same name that was left behind is dropped.

    What readers look by is not there before `index` has made it.
    """
    known = versions(projections)
    with connection.transaction():
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        look_at(connection, schema, local=True)
        connection.execute(SQL["create"])
        for projection in projections:
            connection.execute(projection.create)
        connection.execute(SQL["begin"], {"generation": schema})
        connection.execute(SQL["begin_versions"], {"names": list(known), "versions": list(known.values())})
        connection.execute("SET LOCAL search_path TO DEFAULT")


def index(connection: Connection[Any], schema: str, projections: Iterable[Projection]) -> None:
    """Make the indexes by which only readers look.

    To keep them while a whole log is folded takes twice the work: each row is put in its place by itself, and many are
    changed and taken away again.
    """
    for projection in projections:
        if projection.indexes is not None:
            with connection.transaction():
                look_at(connection, schema, local=True)
                connection.execute(projection.indexes)
                connection.execute("SET LOCAL search_path TO DEFAULT")


def index_by_two(database_url: str, schema: str, projections: Iterable[Projection], stop: threading.Event) -> None:
    """Do so with two connections: one database's process makes an index on one core. Stopped, it leaves off."""
    _by_two(database_url, lambda connection, each: index(connection, schema, [each]), projections, stop)


def analyze_by_two(database_url: str, schema: str, stop: threading.Event) -> None:
    """Look at what the tables hold, so that statements are planned by it; with two connections as well.

    The database does so by itself, but perhaps not within a minute, and more thoroughly: until then, a page of a
    hashtag took eight times as long. Stopped, it leaves off.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = connection.execute(SQL["filled"], {"schema": schema}).fetchall()

    def analyze(connection: Connection[Any], table: str) -> None:
        connection.execute(sql.SQL("ANALYZE {}").format(Identifier(schema, table)))

    _by_two(database_url, analyze, [table for (table,) in tables], stop)


def _by_two(
    database_url: str, do: Callable[[Connection[Any], _Item], None], items: Iterable[_Item], stop: threading.Event
) -> None:
    """Do something to each item, with two connections that take one after the other.

    Stopped, what is underway is cancelled: an index of a large table takes minutes.
    """
    left = iter(list(items))

    def work(connection: Connection[Any]) -> None:
        connection.execute(SQL["build"])
        for item in left:
            if stop.is_set():
                return
            do(connection, item)

    with (
        psycopg.connect(database_url, autocommit=True) as one,
        psycopg.connect(database_url, autocommit=True) as other,
        ThreadPoolExecutor(2) as builders,
    ):
        works = [builders.submit(work, one), builders.submit(work, other)]
        while wait(works, STOP_SECONDS).not_done:
            if stop.is_set():
                one.cancel_safe()
                other.cancel_safe()
        for done in works:
            try:
                done.result()
            except QueryCanceled:
                if not stop.is_set():
                    raise


def look_at(connection: Connection[Any], schema: str, *, local: bool = False) -> None:
    """Let unqualified names mean the tables of one generation, and of no other."""
    scope = sql.SQL("LOCAL" if local else "SESSION")
    connection.execute(sql.SQL("SET {} search_path TO {}, public").format(scope, Identifier(schema)))


def prepare_to_fold(connection: Connection[Any]) -> None:
    """Set up a session that changes views: they may be lost in a crash, and are then folded again.

    What a fold asks it asks by key. Plans are kept, and of a table that was still small the kept one reads all of it.
    To make an index it needs no help: the other core is at work as well.
    """
    connection.execute("SET synchronous_commit TO off")
    connection.execute("SET enable_seqscan TO off")
    connection.execute("SET max_parallel_maintenance_workers TO 0")
    id_lists.quicken(connection)


def is_current(connection: Connection[Any], projections: Iterable[Projection]) -> bool:
    """Tell whether the live generation was folded by just these projections, in these versions."""
    statement = sql.SQL("SELECT name, version FROM {}.projections").format(Identifier(LIVE))
    return dict(connection.execute(statement).fetchall()) == versions(projections)


def replace_live(connection: Connection[Any], schema: str) -> None:
    """Put a generation in the place of the live one; the old one is dropped afterwards, by itself.

    To be called in a transaction that holds the fold lock and has seen both at the same position.
    """
    if exists(connection):
        aside = Identifier(retired(schema))
        connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(LIVE), aside))
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(schema), Identifier(LIVE)))
    reached = position(connection)
    for payload in payloads(reached, reached, EVERYTHING):
        connection.execute(SQL["tell"], {"channel": CHANNEL, "payload": payload})


def retired(schema: str) -> str:
    """Return what the live generation is called once the generation of a name has taken its place."""
    return f"{schema}_retired"


def drop(connection: Connection[Any], schema: str) -> None:
    """Drop a generation that nobody reads any longer."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


def position(connection: Connection[Any], schema: str = LIVE) -> int:
    """Return how far a generation is folded."""
    row = connection.execute(sql.SQL("SELECT position FROM {}.cursor").format(Identifier(schema))).fetchone()
    assert row is not None
    reached: int = row[0]
    return reached
