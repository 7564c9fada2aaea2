"""Erasure: the views are the same whether the log is folded before or after its payloads were overwritten."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import Identifier

from fedi.activitypub.vocabulary.claims import Deleted, Edited, Posted
from fedi.activitypub.vocabulary.stubs import stub
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.log.reader import read
from fedi.log.redaction import redact
from fedi.meaning.interpret import understand
from fedi.projections import generation
from fedi.projections.rebuild import fold_aside
from fedi.projections.verify import SQL
from tests.support import servers
from tests.support.world import World

# Claims that wait for somebody unknown hold what was said until the views are folded again; nobody reads them.
UNREAD = {"cursor", "pending_claims"}


@pytest.fixture(params=[1, 2])
def connection(admin_url: str, request: pytest.FixtureRequest) -> Iterator[Connection[Any]]:
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as opened:
        for event in World(seed=request.param).events(400):
            append_now(opened, [Draft(identity=uuid4(), event=event)])
        yield opened


def positions_of_the_deleted(connection: Connection[Any]) -> list[int]:
    """Return where the log holds what posts said that their author has deleted."""
    said = [understand(recorded) for recorded in read(connection, 0, 10_000)]
    gone = {(each.actor, claim.uri) for each in said for claim in each.claims if isinstance(claim, Deleted)}
    return [
        each.recorded.position
        for each in said
        for claim in each.claims
        if isinstance(claim, Posted | Edited) and (claim.post.author, claim.post.uri) in gone
    ]


def test_a_fold_of_stubs_gives_the_same_views(connection: Connection[Any]) -> None:
    fold_aside(connection, "before")
    positions = positions_of_the_deleted(connection)
    assert len(redact(connection, positions, stub, "author")) == len(set(positions)) > 0
    fold_aside(connection, "after")
    differences = []
    for (table,) in connection.execute(generation.SQL["tables"], {"schema": "before"}).fetchall():
        query = SQL["difference"].format(live=Identifier("before", table), fresh=Identifier("after", table))
        row = connection.execute(query).fetchone()
        if row and table not in UNREAD:
            differences.append((table, row))
    assert differences == []
