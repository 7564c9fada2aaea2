"""A generated world: the same for the same seed, folded without a fault, and loaded only where it belongs."""

from collections.abc import Iterator

import psycopg
import pytest

from fedi.app import create_tables
from fedi.bench import blocks, talk
from fedi.bench.blocks import World
from fedi.bench.load import Sizes, load
from fedi.errors import ClientError
from fedi.events import identity
from fedi.events.tags import TagFollowed
from fedi.log.drafts import Draft
from fedi.log.founding import ensure_founded
from fedi.log.insert import append_now
from fedi.log.reader import last_position
from fedi.projections import generation
from fedi.projections.rebuild import rebuild
from fedi.site import Site
from tests.support.whole import eventually

SITE = Site(domain="localhost:3000", web_domain="localhost:3000", https=False)
WORLD = World(site=SITE, seed=7, accounts=500, public_pem="")
SMALL = Sizes(accounts=1, statuses=1, follows=1)
Connection = psycopg.Connection[tuple[int]]


@pytest.fixture(scope="module")
def log(database_url: str) -> Iterator[Connection]:
    """An empty server, which is loaded and grows from test to test."""
    create_tables(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        ensure_founded(connection, SITE)
        yield connection


def _grow(database_url: str, sizes: Sizes, seed: int = 7) -> Sizes:
    return load(database_url, SITE, seed, sizes, lambda _done, _total: None)


def _number(log: Connection, query: str) -> int:
    row = log.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_seed_says_the_same_and_another_something_else() -> None:
    assert talk.statuses(WORLD, 3) == talk.statuses(WORLD, 3)
    assert blocks.follows(WORLD, 3) == blocks.follows(WORLD, 3)
    other = World(site=SITE, seed=8, accounts=500, public_pem="")
    assert {draft.identity for draft in talk.statuses(WORLD, 3)}.isdisjoint(
        draft.identity for draft in talk.statuses(other, 3)
    )


def test_blocks_begin_with_what_tells_that_they_are_there() -> None:
    for block in (0, 4):
        assert blocks.accounts(WORLD, block)[0].identity == blocks.first_account(WORLD, block)
        assert blocks.follows(WORLD, block)[0].identity == blocks.first_follow(WORLD, block)
        assert talk.statuses(WORLD, block)[0].identity == talk.first_status(WORLD, block)


def test_nothing_is_said_twice() -> None:
    said = [draft.identity for block in range(3) for draft in talk.statuses(WORLD, block)]
    assert len(set(said)) == len(said)


def test_an_empty_server_is_loaded_and_everything_folds(log: Connection, database_url: str) -> None:
    assert _grow(database_url, SMALL) == Sizes(accounts=500, statuses=1000, follows=1000)
    rebuild(database_url)
    assert _number(log, "SELECT count(*) FROM read.parked") == 0
    assert _number(log, "SELECT count(*) FROM read.statuses") == 1000
    assert _number(log, "SELECT count(*) FROM read.accounts") >= 500
    assert _number(log, "SELECT count(*) FROM registry.users") == 100
    assert _number(log, "SELECT count(*) FROM read.follows") > 900


def test_what_is_there_is_not_said_again_and_the_world_grows(log: Connection, database_url: str) -> None:
    before = last_position(log)
    assert _grow(database_url, SMALL).statuses == 1000
    assert last_position(log) == before
    assert _grow(database_url, Sizes(accounts=0, statuses=2001, follows=0)) == Sizes(
        accounts=500, statuses=3000, follows=1000
    )
    assert _number(log, "SELECT min(position) FROM effects.cursors") == last_position(log)


def _wait_for_ends(log: Connection) -> None:
    """Wait until the database has noticed that sessions ended that were the only ones to do something."""
    held = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
               WHERE locktype = 'advisory' AND datname = current_database()"""
    eventually(lambda: _number(log, held) == 0)


def test_a_server_that_holds_something_else_or_runs_is_left_alone(log: Connection, database_url: str) -> None:
    before = last_position(log)
    with pytest.raises(ClientError, match="not empty"):
        _grow(database_url, SMALL, seed=8)
    _wait_for_ends(log)
    with psycopg.connect(database_url) as projector:
        assert generation.take(projector, "leader")
        with pytest.raises(ClientError, match="stop it"):
            _grow(database_url, SMALL)
    _wait_for_ends(log)
    unseen = Draft(identity=identity.of_keyed_request(1, "x"), event=TagFollowed(account_id=1, name="cats"))
    append_now(log, [unseen])
    with pytest.raises(ClientError, match="effects"):
        _grow(database_url, SMALL)
    assert last_position(log) == before + 1
