"""Projections that are folded by sessions of their own need nothing of each other."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection

from fedi.log import reader
from fedi.meaning.references import References
from fedi.projections import generation
from fedi.projections.catalogue import parted, projections
from fedi.projections.fold import apply, lives, mean
from tests.support.talking import live_views, talking_in
from tests.support.world import World

EVENTS = 800


@pytest.fixture(scope="module")
def connection(admin_url: str) -> Iterator[Connection[Any]]:
    """Where a world has talked, and nothing of it is folded yet."""
    with talking_in(admin_url, World(seed=6).events(EVENTS)) as url, live_views(url) as opened:
        yield opened


def test_each_part_is_folded_where_there_are_no_tables_but_its_own(connection: Connection[Any]) -> None:
    entries, _ = mean(References(connection.cursor(), 0), reader.read(connection, 0, EVENTS))
    parts = parted(projections())
    assert all(parts)
    assert sorted(each.name for part in parts for each in part) == sorted(each.name for each in projections())
    for part in parts:
        generation.create(connection, "part", part)
        generation.look_at(connection, "part")
        with connection.transaction():
            apply(connection.cursor(), part, lives(entries))
