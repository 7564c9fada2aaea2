"""kill -9 of a process that appends: what it acknowledged is there, and of no unit a half."""

import random
import subprocess
import sys
import time
from uuid import UUID

import psycopg

from fedi.log import reader

UNIT = 3


def run_and_kill(database_url: str) -> list[UUID]:
    """Let a writer run until some moment after its first acknowledgement; return what it acknowledged."""
    command = [sys.executable, "-m", "tests.support.appending", database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(random.uniform(0, 0.1))
        writer.kill()
        rest = writer.stdout.read()
    lines = (first + rest).split(b"\n")[:-1]  # the last may be cut, or is empty
    return [UUID(line.decode()) for line in lines]


def test_no_acknowledged_event_is_lost(durable_database_url: str, kills: int) -> None:
    acknowledged: list[UUID] = []
    for _ in range(kills):
        acknowledged += run_and_kill(durable_database_url)
    assert len(acknowledged) >= kills
    with psycopg.connect(durable_database_url, autocommit=True) as conn:
        stored = reader.read_stored(conn, 0, 10**9)
    assert [event.position for event in stored] == list(range(1, len(stored) + 1))
    assert len(stored) % UNIT == 0
    assert set(acknowledged) <= {event.identity for event in stored[::UNIT]}
