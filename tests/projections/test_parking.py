"""What a fault of ours keeps out of the views is in its place among the others once the fault is mended."""

import logging
from collections.abc import Sequence

import pytest

from fedi.events import Recorded
from fedi.facts import Entry
from fedi.log import reader
from fedi.meaning.names import Index
from fedi.meaning.references import References
from fedi.projections import fold, generation
from fedi.projections.catalogue import projections
from fedi.projections.rebuild import fold_aside, rebuild
from tests.support.compared import differences
from tests.support.talking import live_views, say
from tests.support.world import World

EVERY = 9
"""Of so many events one cannot be taken at first."""


def test_what_was_parked_is_folded_where_it_belongs_among_what_is_about_the_same(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = fold.mean

    def stumble(refs: References, batch: Sequence[Recorded]) -> tuple[list[Entry], Index]:
        if any(recorded.position % EVERY == 0 for recorded in batch):
            raise ValueError("poison")
        return whole(refs, batch)

    with live_views(database_url) as connection, caplog.at_level(logging.CRITICAL):
        say(connection, World(seed=7).events(200))
        with monkeypatch.context() as patch:
            patch.setattr(fold, "mean", stumble)
            while fold.fold(connection, projections(), live=True, limit=40):
                pass
        parked = connection.execute("SELECT position FROM parked ORDER BY position").fetchall()
        assert [position for (position,) in parked] == list(range(EVERY, reader.last_position(connection) + 1, EVERY))
        rebuild(database_url)
        fold_aside(connection, "never_parked")
        assert connection.execute("SELECT * FROM read.parked").fetchall() == []
        assert differences(connection, "never_parked", generation.LIVE) == []
