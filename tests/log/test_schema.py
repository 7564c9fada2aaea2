"""The tables come into being once, however many processes start."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from fedi.log import schema
from tests.support import servers


def test_processes_that_start_together_do_not_fight(admin_url: str) -> None:
    def start(url: str) -> None:
        with psycopg.connect(url) as conn:
            schema.create_tables(conn)

    with servers.fresh_database(admin_url, template="template0") as url:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(start, [url] * 8))
        with psycopg.connect(url) as conn:
            applied = [file for (file,) in conn.execute("SELECT file FROM log.schema_files ORDER BY file").fetchall()]
    assert applied == sorted(file.name for file in (schema.schemas_folder() / "sql").glob("*.sql"))
    assert "log.sql" in applied


def test_a_second_start_waits_for_nobody(database_url: str) -> None:
    with psycopg.connect(database_url) as busy, psycopg.connect(database_url) as starting:
        busy.execute("LOCK TABLE log.events IN EXCLUSIVE MODE")
        starting.execute("SET lock_timeout = '2s'")
        schema.create_tables(starting)
