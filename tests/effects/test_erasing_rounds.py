"""Erasing goes on by itself, and says in the log once in a while what it did."""

import asyncio
import contextlib
import functools
import logging

import pytest

from fedi.effects import erasing as rounds
from fedi.effects.erase import Erase
from fedi.effects.erasing import Erasing
from fedi.effects.facts_reader import FactsReader
from fedi.effects.runner import Runner
from tests.effects.test_erasing import BOB, activity, actor
from tests.support.erasing import forgotten
from tests.support.here import PUBLIC, Here, Progress
from tests.support.listening import until

POSTS = (1, 2, 3)


def post(number: int) -> str:
    return f"{BOB}/statuses/{number}"


async def test_it_erases_when_it_is_woken_and_says_so_once_a_minute(
    here: Here, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "TOGETHER_SECONDS", 0.01)
    await here.meet(actor(BOB))
    for number in POSTS:
        note = {"id": post(number), "type": "Note", "attributedTo": BOB, "content": f"word{number}", "to": [PUBLIC]}
        await here.hear(activity("Create", BOB, note, number, to=[PUBLIC]))
    erasing = Erasing(
        database_url=here.url,
        pool=here.pool,
        storage=here.storage,
        list_file=here.folder / "list",
        forget=forgotten,
    )
    facts = FactsReader(here.url)
    runner = Runner(here.pool, facts, Progress(), [Erase(erasing.wake)])

    async def erased(number: int) -> bool:
        """Let the effects see what is said; tell whether the words of so many posts are gone."""
        await runner.step()
        await here.rows("UPDATE effects.cursors SET position = (SELECT position FROM read.cursor) RETURNING 1")
        return await here.rows("SELECT sum(payloads) FROM effects.erasures") == [(number,)]

    here.fold()
    with caplog.at_level(logging.INFO, logger="fedi.effects.erasing"):
        running = asyncio.create_task(erasing.run())
        for number in POSTS:
            await here.hear(activity("Delete", BOB, {"id": post(number), "type": "Tombstone"}, 10 + number))
            here.fold()
            await until(functools.partial(erased, number))
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    facts.close()
    assert [record.message for record in caplog.records] == ["erased 1 payloads of 1 posts and accounts that are gone"]
