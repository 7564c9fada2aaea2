"""Those who write at the same moment are looked up together, each as they are and with the app that they write with."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.errors import UndefinedTable
from psycopg_pool import PoolTimeout

from fedi.registry import apps
from fedi.registry.pool import Pool, pool_of_one
from fedi.registry.question import Question
from fedi.views.authors import Author, Authors
from tests.support import views

Pg = AsyncConnection[psycopg.rows.TupleRow]


@pytest.fixture
async def asking(database_url: str, read: Pg) -> AsyncIterator[Pool]:
    async with pool_of_one(database_url) as opened:
        yield opened


@pytest.fixture
async def who(asking: Pool) -> AsyncIterator[Authors]:
    async with Authors(asking) as looking:
        yield looking


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Whom each query asked for."""
    lots: list[set[int]] = []
    ask = Question.ask

    async def noted(self: Question, values: Sequence[bytes]) -> bytes:
        lots.append({int(each) for each in values[0].strip(b"{}").split(b",")})
        return await ask(self, values)

    monkeypatch.setattr(Question, "ask", noted)
    return lots


def begin(who: Authors, account_id: int, app_id: int | None = None) -> asyncio.Task[Author | None]:
    return asyncio.create_task(who.author(account_id, app_id))


async def turn() -> None:
    """Let what was begun go as far as it can without the database."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_asks_while_a_query_is_under_way_is_told_what_was_so_after_they_asked(
    who: Authors, asking: Pool, read: Pg, asked: list[set[int]]
) -> None:
    ann, ben, cid = [await views.account(read, name) for name in ("ann", "ben", "cid")]
    async with asking.connection():
        first = begin(who, ann)
        await turn()
        rest = [begin(who, ben), begin(who, cid), begin(who, ben), begin(who, 7)]
        await turn()
        await read.execute("UPDATE read.accounts SET display_name = 'Ben' WHERE id = %s", [ben])
    found = await asyncio.gather(first, *rest)
    assert [each and each.username for each in found] == ["ann", "ben", "cid", "ben", None]
    assert found[1] is not None
    assert found[1].display_name == "Ben"
    assert asked == [{ann}, {ben, cid, 7}]


async def test_nothing_is_remembered(who: Authors, read: Pg) -> None:
    ann = await views.account(read, "ann")
    before = await who.author(ann, None)
    await read.execute("UPDATE read.accounts SET locked = NOT locked WHERE id = %s", [ann])
    after = await who.author(ann, None)
    assert before is not None
    assert after is not None
    assert after.locked is not before.locked


async def test_each_has_the_app_that_they_write_with(who: Authors, read: Pg) -> None:
    ann, ben = await views.account(read, "ann"), await views.account(read, "ben")
    made = [
        await apps.register(read, name=name, website=site, redirect_uris=["a:b"], scopes=["read"])
        for name, site in (("One", None), ("Two", "https://two.example"))
    ]
    one, two = (app.id for app, _ in made)
    found = await asyncio.gather(*(begin(who, ann, app) for app in (one, two, None)), begin(who, ben, one))
    assert [each and (each.username, each.application) for each in found] == [
        ("ann", ("One", "")),
        ("ann", ("Two", "https://two.example")),
        ("ann", None),
        ("ben", ("One", "")),
    ]


async def test_a_failure_is_told_to_all_who_asked_and_to_nobody_else(who: Authors, read: Pg) -> None:
    ann = await views.account(read, "ann")
    await read.execute("ALTER TABLE read.filter_versions RENAME TO gone")
    failed = await asyncio.gather(begin(who, ann), begin(who, ann, 1), return_exceptions=True)
    assert [type(each) for each in failed] == [UndefinedTable, UndefinedTable]
    await read.execute("ALTER TABLE read.gone RENAME TO filter_versions")
    assert await who.author(ann, None) is not None


async def test_who_goes_away_takes_nobody_along(who: Authors, asking: Pool, read: Pg) -> None:
    ann, ben = await views.account(read, "ann"), await views.account(read, "ben")
    async with asking.connection():
        gone, stays = begin(who, ann), begin(who, ben)
        await turn()
        gone.cancel()
    found = await stays
    assert found is not None
    assert found.username == "ben"
    assert gone.cancelled()


async def test_who_cannot_be_looked_up_hears_so_in_time(database_url: str, read: Pg) -> None:
    async with (
        pool_of_one(database_url, patience=0.05) as impatient,
        impatient.connection(),
        Authors(impatient) as who,
    ):
        first = begin(who, 1)
        await turn()
        told = await asyncio.gather(first, *(begin(who, each) for each in range(2, 500)), return_exceptions=True)
    assert {type(each) for each in told} == {PoolTimeout}
    assert impatient.get_stats()["requests_errors"] == 2
