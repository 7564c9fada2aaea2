"""Putting new views in the place of the old, whatever an earlier attempt left behind."""

import psycopg

from fedi.projections import generation
from fedi.projections.rebuild import rebuild
from fedi.projections.runner import prepare


def test_views_that_a_killed_rebuild_left_behind_are_in_nobodys_way(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        prepare(connection)
        connection.execute("CREATE SCHEMA views_next_retired CREATE TABLE cursor (position bigint)")
        rebuild(database_url)
        assert connection.execute("SELECT generation FROM read.cursor").fetchall() == [("views_next",)]
        assert not generation.exists(connection, "views_next_retired")
