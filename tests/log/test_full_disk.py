"""A disk that is full: who appends is told to come again, each refusal is one line, and it passes."""

import logging
from collections.abc import Iterator

import psycopg
import pytest

from fedi.errors import Unavailable
from fedi.log import reader
from fedi.log.appender import Appender
from tests.support.events import draft

FULL = """
CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full', HINT = 'Buy one.';
END
$$;
CREATE TRIGGER full_disk BEFORE INSERT ON log.events EXECUTE FUNCTION public.full_disk();
"""


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[psycopg.rows.TupleRow]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


async def test_nothing_is_acknowledged_while_the_disk_is_full_and_all_goes_on_when_there_is_room(
    database_url: str, conn: psycopg.Connection[psycopg.rows.TupleRow], caplog: pytest.LogCaptureFixture
) -> None:
    conn.execute(FULL)
    async with Appender(database_url) as appender:
        with caplog.at_level(logging.WARNING, "fedi.log.writer"):
            for _ in range(20):
                with pytest.raises(Unavailable, match=r"No space left on device$"):
                    await appender.append([draft()])
        assert set(caplog.messages) == {"the log did not take it: could not extend file: No space left on device"}
        conn.execute("DROP FUNCTION public.full_disk CASCADE")
        appended = await appender.append([draft()])
    assert [event.position for event in reader.read(conn, 0, 100)] == list(appended.positions) == [1]
