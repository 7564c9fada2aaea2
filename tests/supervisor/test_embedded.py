"""The embedded servers are what the program expects of them."""

from datetime import timedelta
from typing import cast

import psycopg
import redis

from fedi import clock, homes
from fedi.ids import id_at


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
    now = clock.now()
    ids = [id_at(now - timedelta(minutes=7 * number), 40_503 * number) for number in range(homes.LENGTH)]
    with redis.Redis.from_url(redis_url) as client:
        client.zadd("home", {homes.member(each): 0 for each in ids})
        assert client.object("encoding", "home") == b"listpack"
        held = cast("int", client.memory_usage("home", samples=0))
        assert held < 10_000, "ids are kept as numbers"
