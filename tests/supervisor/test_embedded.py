"""The embedded servers are what the program expects of them."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import psycopg
import pytest
import redis

from fedi import clock, homes
from fedi.ids import id_at
from fedi.supervisor.embedded import Embedded
from tests.support import scratch


async def test_postgres_is_checksummed_and_sorts_utf8_by_itself(
    pg: psycopg.AsyncConnection[tuple[str, str, str, str]],
) -> None:
    cursor = await pg.execute(
        "SELECT current_setting('data_checksums'), datlocprovider, datlocale, current_setting('listen_addresses')"
        " FROM pg_database WHERE datname = current_database()"
    )
    assert await cursor.fetchone() == ("on", "b", "C.UTF-8", "")


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


def _middle(files: Path) -> None:
    log = next(files.glob("*.incr.aof"))
    data = bytearray(log.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20] = bytes(20)
    log.write_bytes(data)


def _end(files: Path) -> None:
    with next(files.glob("*.incr.aof")).open("ab") as log:
        log.write(bytes(100))


def _base(files: Path) -> None:
    base = next(files.glob("*.rdb"))
    base.write_bytes(base.read_bytes()[:10] + b"\xff" * 40)


def _no_base(files: Path) -> None:
    next(files.glob("*.rdb")).unlink()


def _manifest(files: Path) -> None:
    next(files.glob("*.manifest")).write_bytes(bytes(20))


@pytest.mark.parametrize("damage", [_middle, _end, _base, _no_base, _manifest])
def test_valkey_begins_anew_when_its_files_are_damaged(damage: Callable[[Path], None]) -> None:
    with scratch.directory() as directory:
        for attempt in range(2):
            parts = Embedded(directory, want_postgres=False, want_valkey=True, durable=True)
            try:
                assert parts.valkey is not None
                with redis.Redis.from_url(parts.valkey.url) as client:
                    assert client.dbsize() == 0, f"start {attempt}"
                    for number in range(50):
                        client.set(f"key{number}", "value" * 10)
            finally:
                parts.stop()
            damage(parts.home.valkey / "appendonlydir")
        assert (parts.home.root / "valkey.damaged" / "appendonlydir").is_dir()


def test_postgres_waits_for_the_memory_that_a_killed_one_still_holds() -> None:
    with scratch.directory() as directory:
        parts = Embedded(directory, want_postgres=True, want_valkey=False, durable=False)
        try:
            assert parts.postgres is not None
            before, dying = parts.postgres.process, _background_writer(parts.postgres.process.pid)
            os.kill(dying, signal.SIGSTOP)  # it cannot let go
            before.kill()
            before.wait()
            letting_go = threading.Timer(0.5, os.kill, (dying, signal.SIGKILL))
            letting_go.start()
            assert parts.restart_dead() == ["PostgreSQL"]
            letting_go.join()
            with psycopg.connect(parts.postgres.url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            parts.stop()


def _background_writer(postmaster: int) -> int:
    children = map(int, Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split())
    (found,) = (pid for pid in children if b"background writer" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return found
