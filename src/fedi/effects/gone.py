"""Asks after people whose inbox is gone: that it was there no more may mean that they are.

An inbox that answers 404 or 410 says little: an address may have changed. What counts is what the actor's own id
answers, and only a 410 (contract ActivityPub §4): `fetching` asks, and whoever is gone follows nobody any more.
"""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import uris
from fedi.effects.lane import Result
from fedi.sql import queries

_SQL = queries(__file__)
MOST = 30
"""Behind one inbox: a whole server that has closed is looked into by and by."""

_NOT_THERE = frozenset({404, 410})


async def ask_after(connection: AsyncConnection[TupleRow], results: Sequence[Result]) -> None:
    """Queue a look at those behind inboxes that are not there any more who follow the sender or are followed."""
    doubtful = [each for each in results if each.outcome == "refused" and each.status in _NOT_THERE]
    if not doubtful:
        return
    given = {
        "positions": [each.position for each in doubtful],
        "inbox_ids": [each.inbox_id for each in doubtful],
        "most": MOST,
    }
    found = await (await connection.execute(_SQL["behind"], given)).fetchall()
    if found:
        asked = {
            "uris": [uri for uri, _ in found],
            "hosts": [uris.parse(uri, fragment=True).authority for uri, _ in found],
            "causes": [position for _, position in found],
        }
        await connection.execute(_SQL["ask"], asked)
