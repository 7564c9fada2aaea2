"""Threads that are completed behind an answer: begun by people who are signed in, and told of."""

import re

import msgspec
import pytest

from fedi.api import async_refreshes
from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.registry import refreshes
from fedi.services.limiter import Limit, Limiter
from tests.support import views
from tests.support.reader import World
from tests.support.schemas import assert_valid
from tests.support.web import client


async def test_an_opened_thread_is_completed_behind_the_answer(deps: Deps, world: World) -> None:
    path = f"/api/v1/statuses/{world.answer}/context"
    opened = await world.get(path)
    assert_valid(opened.json(), "Context")
    told = opened.headers["mastodon-async-refresh"]
    match = re.fullmatch(r'id="([0-9a-f-]{36})", retry=3, result_count=0', told)
    assert match is not None
    assert (await world.get(path)).headers["mastodon-async-refresh"] == told
    asked = f"/api/v1_alpha/async_refreshes/{match[1]}"
    assert (await world.get(asked)).json()["async_refresh"]["status"] == "running"

    async with deps.pool.connection() as connection:
        jobs = await connection.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'threads.fetch_replies' AND args::text LIKE %s",
            [f"%{world.answer}%"],
        )
        assert len(await jobs.fetchall()) == 1
        await refreshes.found(connection, world.answer, 2)
        await refreshes.finish(connection, world.answer, deps.clock())
    state = (await world.get(asked)).json()
    assert_valid(state, "AsyncRefresh")
    assert state["async_refresh"] == {"id": match[1], "status": "finished", "result_count": 2}
    assert "mastodon-async-refresh" not in (await world.get(path)).headers


async def test_nobody_else_begins_anything(deps: Deps, world: World) -> None:
    for status, who in ((world.answer, None), (world.secret, "ben"), (world.post, "ann")):
        answer = await world.get(f"/api/v1/statuses/{status}/context", who)
        assert "mastodon-async-refresh" not in answer.headers
    for unknown in ("x", "00000000-0000-0000-0000-000000000000"):
        assert (await world.get(f"/api/v1_alpha/async_refreshes/{unknown}")).status_code == 404
    assert (await world.get("/api/v1_alpha/async_refreshes/x", None)).status_code == 401
    assert (await world.get("/api/v1_alpha/async_refreshes/x", "pusher")).status_code == 403


async def test_whichever_post_of_a_thread_is_opened_it_is_completed_once(deps: Deps, world: World) -> None:
    async with deps.pool.connection() as connection:
        await views.insert(connection, "threads", status_id=world.answer, thread_id=world.post)
    told = (await world.get(f"/api/v1/statuses/{world.post}/context")).headers["mastodon-async-refresh"]
    assert (await world.get(f"/api/v1/statuses/{world.answer}/context")).headers["mastodon-async-refresh"] == told
    async with deps.pool.connection() as connection:
        await refreshes.finish(connection, world.post, deps.clock())
    for post in (world.post, world.answer):
        assert "mastodon-async-refresh" not in (await world.get(f"/api/v1/statuses/{post}/context")).headers


async def test_one_person_cannot_have_any_number_of_threads_completed(
    deps: Deps, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(async_refreshes, "THREADS", Limit("threads", 1, 3600))
    limited = msgspec.structs.replace(deps, limiter=Limiter(deps.redis, deps.clock))
    async with deps.pool.connection() as connection:
        another = await views.status(connection, world.zoe, local=False)
    http = client(routes(limited))
    begun = [
        "mastodon-async-refresh" in answer.headers
        for post in (world.answer, another)
        for answer in [
            await http.get(
                f"/api/v1/statuses/{post}/context", headers={"Authorization": f"Bearer {world.tokens['ann']}"}
            )
        ]
    ]
    assert begun == [True, False]


async def test_a_card_is_still_asked_for_by_old_apps(world: World) -> None:
    assert (await world.get(f"/api/v1/statuses/{world.answer}/card")).json() == {}
    assert (await world.get("/api/v1/statuses/1/card")).status_code == 404
    assert (await world.get(f"/api/v1/statuses/{world.secret}/card", None)).status_code == 404
