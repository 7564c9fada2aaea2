"""Whatever connection the projector loses while it folds, each event is folded once."""

import logging
import time
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from fedi.log import reader
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.projections import generation
from fedi.projections.rebuild import fold_aside
from fedi.settings import Settings
from tests.support.compared import differences
from tests.support.projector import projecting
from tests.support.world import World

CUT = 4
PATIENCE = 60.0
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def _cut_some(connection: psycopg.Connection[Any]) -> int:
    """Cut all other connections, once there are any: after the last time they have to be made again."""
    deadline = time.monotonic() + PATIENCE
    while (cut := connection.execute(_OTHERS).rowcount) == 0:
        assert time.monotonic() < deadline, "the projector did not come back"
        time.sleep(0.05)
    return cut


def test_connections_that_are_cut_while_folding_cost_time_only(
    database_url: str, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.CRITICAL),
        projecting(database_url, redis_url, Settings().site),
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        cut = 0
        for number, event in enumerate(World(seed=11).events(240)):
            append_now(connection, [Draft(identity=uuid4(), event=event)])
            if number % 60 == 30:
                cut += _cut_some(connection)
        assert cut >= CUT
        last, deadline = reader.last_position(connection), time.monotonic() + PATIENCE
        while generation.position(connection) < last:
            assert time.monotonic() < deadline, "the projector did not come back"
            time.sleep(0.05)
        fold_aside(connection, "in_peace")
        assert connection.execute("SELECT * FROM read.parked").fetchall() == []
        assert differences(connection, "in_peace", generation.LIVE) == []
