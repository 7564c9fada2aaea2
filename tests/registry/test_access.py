"""Who asks is looked up once a second, together with everybody else who asks."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from fedi.registry import access, tokens
from fedi.registry.access import Access
from fedi.registry.pool import Pool, new_pool
from fedi.registry.rows import Connection
from fedi.registry.secrets import digest
from fedi.registry.tokens import Viewer
from tests.support.people import somebody

KEY = "a secret of the server, long enough"


class Times:
    """A clock that stands until it is moved, and the seconds since then."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> datetime:
        return datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
async def pool(pg: Connection, database_url: str) -> AsyncIterator[Pool]:
    async with new_pool(database_url, most=2) as found:
        yield found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[bytes]]:
    """What was looked up, one set for each query."""
    queries: list[set[bytes]] = []
    viewers = tokens.viewers

    async def counted(connection: Connection, hashes: Iterable[bytes]) -> dict[bytes, Viewer]:
        queries.append(set(hashes))
        return await viewers(connection, queries[-1])

    monkeypatch.setattr(access, "viewers", counted)
    return queries


async def issued(pg: Connection) -> tokens.Issued:
    return await tokens.issue(pg, KEY, app_id=None, user_id=(await somebody(pg)).id, scopes=["read"])


async def test_who_asks_often_is_looked_up_together_with_others(
    pg: Connection, pool: Pool, asked: list[set[bytes]]
) -> None:
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    ada, bob, eve = [(await issued(pg)).secret for _ in range(3)]
    for _ in range(3):
        for each in (ada, bob, eve):
            assert await found.viewer(each) is not None
    assert asked == [{digest(ada)}, {digest(bob)}, {digest(eve)}]
    asked.clear()
    times.seconds = 1.1
    for each in (bob, ada, eve, bob):
        assert await found.viewer(each) is not None
    assert asked == [{digest(ada), digest(bob), digest(eve)}]
    asked.clear()
    times.seconds = 2.2
    await found.viewer(eve)
    assert asked == [{digest(ada), digest(bob), digest(eve)}]
    asked.clear()
    times.seconds = 3.3
    await found.viewer(eve)
    assert asked == [{digest(eve)}], "who does not ask any more is not looked up"


async def test_who_asks_less_often_is_taken_along_as_well(pg: Connection, pool: Pool, asked: list[set[bytes]]) -> None:
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    ada, bob = [(await issued(pg)).secret for _ in range(2)]
    for seconds, each in ((0.0, ada), (0.1, bob), (1.5, ada), (1.6, bob)):
        times.seconds = seconds
        assert await found.viewer(each) is not None
    assert asked == [{digest(ada)}, {digest(bob)}, {digest(ada), digest(bob)}]


async def test_who_was_taken_along_is_refused_as_soon_as_anybody(pg: Connection, pool: Pool) -> None:
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    ada, bob = await issued(pg), await issued(pg)
    for _ in range(2):
        for each in (ada, bob):
            assert await found.viewer(each.secret) is not None
    await tokens.revoke(pg, [bob.id])
    times.seconds = 1.1
    assert (viewer := await found.viewer(ada.secret)) is not None
    assert (viewer.token_id, viewer.revoked) == (ada.id, False)
    assert (viewer := await found.viewer(bob.secret)) is not None
    assert (viewer.token_id, viewer.revoked) == (bob.id, True)
    await tokens.revoke(pg, [ada.id])
    times.seconds = 2.2
    assert (viewer := await found.viewer(ada.secret)) is not None
    assert viewer.revoked


async def test_what_is_forgotten_while_it_is_looked_up_is_not_remembered(
    pg: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    token = await issued(pg)
    viewers = tokens.viewers

    async def late(connection: Connection, hashes: Iterable[bytes]) -> dict[bytes, Viewer]:
        before = await viewers(connection, hashes)
        await tokens.revoke(pg, [token.id])
        found.forget(token.secret)
        return before

    with monkeypatch.context() as patching:
        patching.setattr(access, "viewers", late)
        await found.viewer(token.secret)
    assert (viewer := await found.viewer(token.secret)) is not None
    assert viewer.revoked


async def test_the_last_use_of_each_is_noted_every_hour(pg: Connection, pool: Pool) -> None:
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    ada, bob = await issued(pg), await issued(pg)
    for seconds in (0.0, 0.1, 4000.0, 4000.1):
        times.seconds = seconds
        for each in (ada, bob):
            await found.viewer(each.secret)
    cursor = await pg.execute("SELECT last_used_at FROM registry.tokens WHERE id = ANY(%s)", [[ada.id, bob.id]])
    assert await cursor.fetchall() == [(times.clock() - timedelta(seconds=0.1),)] * 2


async def test_it_does_not_grow_for_ever(
    pg: Connection, pool: Pool, asked: list[set[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "CAPACITY", 2)
    times = Times()
    found = Access(pool, times.clock, times.monotonic)
    first, *others = [(await issued(pg)).secret for _ in range(3)]
    for each in (first, *others, first):
        assert await found.viewer(each) is not None
    assert len(asked) == 4
