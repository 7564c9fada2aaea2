"""The doctor tells operators of a pooler that makes the database plan every query anew."""

import psycopg

from fedi.cli.checks_pooler import of_pooler
from fedi.settings import Settings
from tests.support.pooler import pooler


def test_what_does_not_prepare_is_doubtful(database_url: str) -> None:
    """The database itself keeps no names but ours, as a pooler does that cannot prepare."""
    [seen] = of_pooler(Settings(pooled_database_url=database_url))
    assert seen.verdict == "doubtful"


def test_what_is_away_is_bad_and_what_is_not_wanted_is_not_looked_at() -> None:
    [seen] = of_pooler(Settings(pooled_database_url="postgresql://127.0.0.1:1/fedi"))
    assert seen.verdict == "bad"
    assert of_pooler(Settings()) == []


def test_a_pooler_is_judged_by_what_it_does(database_url: str) -> None:
    with pooler(database_url) as url:
        [seen] = of_pooler(Settings(pooled_database_url=url))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT 77", prepare=True)
            renamed = connection.execute("SELECT FROM pg_prepared_statements WHERE name LIKE 'PGBOUNCER%'").rowcount
            connection.execute("DEALLOCATE ALL")
    assert (seen.verdict == "good") == (renamed > 0)
