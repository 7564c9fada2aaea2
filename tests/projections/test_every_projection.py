"""What every projection must keep: its rows depend neither on how the log is cut into batches nor on when it is folded.

New projections are found by themselves; the world in tests/support/world.py must say something that concerns them.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.rebuild import fold_aside, rebuild
from fedi.projections.runner import prepare
from fedi.projections.verify import verify
from tests.support.compared import differences
from tests.support.talking import talking_in
from tests.support.world import World


@pytest.fixture(scope="module", params=[1, 2, 3])
def talked_url(admin_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database in whose log a world has talked."""
    with talking_in(admin_url, World(seed=request.param).events(800)) as url:
        yield url


@pytest.fixture
def connection(talked_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(talked_url, autocommit=True) as opened:
        generation.drop(opened, generation.LIVE)
        yield opened


def test_any_batch_size_gives_the_same_views(connection: Connection[Any]) -> None:
    for size in (1, 7, 500):
        fold_aside(connection, f"by_{size}", batch=size)
    assert "\n".join(differences(connection, "by_1", "by_7")) == ""
    assert "\n".join(differences(connection, "by_1", "by_500")) == ""
    parked = connection.execute("SELECT position, error FROM by_1.parked").fetchall()
    assert parked == []
    for table in (b"favourites", b"favourite_counts", b"bookmarks"):
        kept = b"SELECT count(*) FROM by_1.%s WHERE status_id NOT IN (SELECT id FROM by_1.statuses)" % table
        assert connection.execute(kept).fetchone() == (0,), "nothing is kept of a status that is gone"
    counted = connection.execute(
        "SELECT name, count(*) FROM by_1.status_tags JOIN by_1.statuses ON id = status_id AND visibility = 'public'"
        ' GROUP BY name ORDER BY name COLLATE "C"'
    ).fetchall()
    assert connection.execute("SELECT name, uses FROM by_1.tag_uses ORDER BY name").fetchall() == counted


def test_the_world_says_something_to_every_table(connection: Connection[Any]) -> None:
    fold_aside(connection, "once")
    rows = connection.execute(generation.SQL["tables"], {"schema": "once"}).fetchall()
    quiet = {"parked"}
    empty = [
        table
        for (table,) in rows
        if not connection.execute(f"SELECT count(*) FROM once.{table}").fetchone()[0] and table not in quiet  # type: ignore[index]
    ]
    assert empty == []


def test_a_rebuild_replaces_the_live_views_by_equal_ones(connection: Connection[Any], talked_url: str) -> None:
    prepare(connection)
    generation.look_at(connection, generation.LIVE)
    while fold(connection, projections(), live=True, limit=50):
        pass
    before = connection.execute("SELECT count(*), sum(id) FROM read.statuses").fetchone()
    progress = rebuild(talked_url)
    assert progress.position == generation.position(connection)
    assert connection.execute("SELECT count(*), sum(id) FROM read.statuses").fetchone() == before
    verdict = verify(talked_url, None)
    assert [each for each in verdict.compared if not each.equal] == []
    assert verdict.compared


def test_verify_names_the_first_difference(connection: Connection[Any], talked_url: str) -> None:
    prepare(connection)
    generation.look_at(connection, generation.LIVE)
    while fold(connection, projections(), live=True):
        pass
    some = "(SELECT min(account_id) FROM read.follow_counts)"
    connection.execute(f"UPDATE read.follow_counts SET followers = followers + 1 WHERE account_id = {some}")
    verdict = verify(talked_url, None)
    (wrong,) = [each for each in verdict.compared if not each.equal]
    assert wrong.name == "follow_counts"
    assert "only in the" in wrong.difference
