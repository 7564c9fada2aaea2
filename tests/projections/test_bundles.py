"""What goes from one process to the other arrives as it was, whatever it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection

from fedi.log import reader
from fedi.meaning.references import References
from fedi.projections.bundles import Bundles
from fedi.projections.catalogue import projections
from fedi.projections.fold import mean
from tests.support.talking import live_views, talking_in
from tests.support.world import World

EVENTS = 800


@pytest.fixture(scope="module")
def connection(admin_url: str) -> Iterator[Connection[Any]]:
    """Where a world has talked, and nothing of it is folded yet."""
    with talking_in(admin_url, World(seed=5).events(EVENTS)) as url, live_views(url) as opened:
        yield opened


def test_entries_arrive_as_they_were(connection: Connection[Any]) -> None:
    entries, _ = mean(References(connection.cursor(), 0), reader.read(connection, 0, EVENTS))
    folded = {kind for projection in projections() for kind in projection.handles}
    position, arrived = Bundles(projections()).unpacked(Bundles(projections()).packed(EVENTS, entries))
    assert position == EVENTS
    assert arrived == [entry for entry in entries if type(entry.fact) in folded]
    kinds = {type(entry.fact) for entry in arrived}
    assert len(kinds) > 50, "the world says nearly everything that is folded"
