"""Projections that are folded by sessions of their own need nothing of each other."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from fedi.log import reader
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.meaning.references import References
from fedi.projections import generation
from fedi.projections.catalogue import parted, projections
from fedi.projections.fold import apply, lives, mean
from tests.support import servers
from tests.support.world import World

EVENTS = 800


@pytest.fixture(scope="module")
def connection(admin_url: str) -> Iterator[Connection[Any]]:
    """A database in whose log a world has talked, and the tables of an empty generation."""
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as opened:
        append_now(opened, [Draft(identity=uuid4(), event=event) for event in World(seed=6).events(EVENTS)])
        generation.create(opened, "whole", projections())
        generation.look_at(opened, "whole")
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
