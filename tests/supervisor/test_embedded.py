"""The embedded servers are what the program expects of them."""

import psycopg
import redis


async def test_postgres_is_checksummed_and_sorts_as_utf8(pg: psycopg.AsyncConnection[tuple[str, str, str]]) -> None:
    cursor = await pg.execute(
        "SELECT current_setting('data_checksums'), datcollate, current_setting('listen_addresses')"
        " FROM pg_database WHERE datname = current_database()"
    )
    assert await cursor.fetchone() == ("on", "C.UTF-8", "")


def test_trigrams_are_found_in_cyrillic(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        row = connection.execute("SELECT cardinality(show_trgm('привет'))").fetchone()
    assert row is not None
    assert row[0] > 0


def test_valkey_stores_a_home_timeline_compactly(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.zadd("home", {str(number): number for number in range(800)})
        assert client.object("encoding", "home") == b"listpack"
