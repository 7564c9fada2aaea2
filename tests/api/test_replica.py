"""A standby answers what it can. Nobody reads less than they wrote, and nothing old stays remembered."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest
from redis.asyncio import Redis

from fedi.api.deps import Deps
from fedi.api.dispatch import ApiRoute
from fedi.api.mount import routes
from fedi.api.reading import reading
from fedi.api.replica import Replica, replica
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.table import Table
from fedi.app import process, streaming, web_app
from fedi.cli.checks_replica import of_replica
from fedi.projections.rebuild import rebuild
from fedi.settings import Settings
from fedi.settings.loading import load
from fedi.views import standby as module
from fedi.views.progress import Progress
from fedi.views.standby import BehindError, Standby
from fedi.views.written import Written
from tests.support.listening import until
from tests.support.pair import Pair, pair
from tests.support.phone import Phone
from tests.support.projector import projecting
from tests.support.server import bearer, person, running
from tests.support.web import client

PUBLIC = "/api/v1/timelines/public"
READY = {"ready": True, "postgres": True, "redis": True}


@pytest.fixture(scope="module")
def both(redis_url: str) -> Iterator[Pair]:
    with pair() as made, projecting(made.primary, redis_url, Settings().site):
        yield made


@pytest.fixture
async def deps(both: Pair, redis_url: str, tmp_path: Path) -> AsyncIterator[Deps]:
    async with running(both.primary, redis_url, tmp_path) as parts:
        yield parts


@pytest.fixture
async def there(both: Pair, deps: Deps, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replica]:
    monkeypatch.setattr(module, "MOST_BEHIND", 60.0)
    monkeypatch.setattr(module, "RETRY", 0.05)
    progress = Progress(both.primary)
    standby = Standby(both.standby, progress, connections=4)
    await progress.start()
    await standby.start()
    await eventually(lambda: standby.is_followed and standby.reached >= progress.reached > 0)
    yield replica(deps, standby)
    await standby.stop()
    await progress.stop()


@pytest.fixture
async def ann(deps: Deps, there: Replica) -> Phone:
    return await phone(deps, there, "ann")


@pytest.fixture
async def ben(deps: Deps, there: Replica) -> Phone:
    return await phone(deps, there, "ben")


@pytest.fixture
def paused(both: Pair, there: Replica, ann: Phone, ben: Phone) -> Iterator[None]:
    """Nothing arrives, until the test lets it."""
    both.pause()
    yield
    both.resume()


async def phone(deps: Deps, there: Replica, name: str) -> Phone:
    """Sign somebody up, and wait until the standby knows them."""
    owner = await person(deps, name)
    await eventually(lambda: there.standby.reached >= deps.written.last_known(0)[1])
    return Phone(client(routes(deps, there)), owner, await bearer(deps, owner), deps.written)


async def eventually(look: Callable[[], bool | Awaitable[bool]]) -> None:
    """Return when something is so; fail if it is not in time."""

    async def is_so() -> bool:
        found = look()
        return found if isinstance(found, bool) else await found

    await until(is_so)


async def post(someone: Phone, text: str) -> str:
    return str((await someone.call("POST", "/api/v1/statuses", json={"status": text}))["id"])


async def public(someone: Phone) -> list[str]:
    """Return what strangers read."""
    answer = await someone.http.get(PUBLIC)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()]


async def holds(someone: Phone, status_id: str) -> bool:
    """Tell whether strangers read a status."""
    return status_id in await public(someone)


async def favourites(someone: Phone, status_id: str) -> int:
    """Return how often strangers read that it was favourited."""
    return int((await someone.http.get(f"/api/v1/statuses/{status_id}")).json()["favourites_count"])


@pytest.mark.usefixtures("paused")
async def test_who_wrote_reads_it_at_once_and_others_when_it_has_arrived(both: Pair, ann: Phone, ben: Phone) -> None:
    new = await post(ann, "early")
    mine = await ann.call("GET", f"/api/v1/accounts/{ann.owner.id}/statuses")
    assert [each["id"] for each in mine] == [new]
    assert new not in await public(ben)
    both.resume()
    await eventually(lambda: holds(ben, new))


@pytest.mark.usefixtures("paused")
async def test_a_block_counts_with_the_next_request(ann: Phone, ben: Phone) -> None:
    new = await post(ben, "to everybody")
    await ann.call("POST", f"/api/v1/accounts/{ben.owner.id}/block")
    assert [each["id"] for each in await ann.call("GET", "/api/v1/blocks")] == [str(ben.owner.id)]
    assert new not in [each["id"] for each in await ann.call("GET", PUBLIC)]


@pytest.mark.usefixtures("paused")
async def test_what_is_named_is_found_before_it_has_arrived(ann: Phone, ben: Phone) -> None:
    new = await post(ann, "told by a stream")
    assert new not in await public(ben)
    assert (await ben.http.get(f"/api/v1/statuses/{new}")).status_code == 200
    await ben.call("GET", f"/api/v1/statuses/{new}/context")


async def test_what_was_remembered_is_forgotten_when_the_change_has_arrived(both: Pair, ann: Phone, ben: Phone) -> None:
    new = await post(ann, "liked")
    await eventually(lambda: holds(ben, new))
    both.pause()
    assert await favourites(ben, new) == 0
    await ben.call("POST", f"/api/v1/statuses/{new}/favourite")
    assert (await ben.call("GET", f"/api/v1/statuses/{new}"))["favourites_count"] == 1
    assert await favourites(ben, new) == 0
    both.resume()

    async def liked() -> bool:
        return await favourites(ben, new) == 1

    await until(liked)


async def test_without_redis_the_primary_is_asked_for_nobody_knows_who_wrote(there: Replica, deps: Deps) -> None:
    async with Redis.from_url("redis://127.0.0.1:1") as redis:
        written = Written(redis, deps.pool, Progress(""))
        assert await written.catch_up(5, within=0)
        with pytest.raises(BehindError):
            await written.on_standby(there.standby).catch_up(5)


@pytest.mark.usefixtures("paused")
async def test_a_standby_that_is_too_far_behind_is_not_read(
    both: Pair,
    there: Replica,
    ann: Phone,
    ben: Phone,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "MOST_BEHIND", 0.3)
    caplog.set_level(logging.INFO, module.__name__)
    new = await post(ann, "late")
    await eventually(lambda: holds(ben, new))
    assert not there.standby.is_followed
    await eventually(lambda: len(caplog.messages) == 1)
    assert "too far behind" in caplog.messages[0]
    both.resume()
    await eventually(lambda: there.standby.is_followed)
    await eventually(lambda: len(caplog.messages) == 2)
    assert new in await public(ben)


async def test_a_standby_that_is_killed_is_not_missed(
    both: Pair, there: Replica, ann: Phone, ben: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await public(ben)
    both.kill()
    new = await post(ann, "alone")
    assert new in await public(ben)
    assert not there.standby.is_followed
    assert new in await public(ben)
    assert [record.levelname for record in caplog.records if record.name == module.__name__] == ["WARNING"]
    both.start()
    await eventually(lambda: holds(ben, new))
    await eventually(lambda: there.standby.is_followed)


async def test_rebuilt_views_take_their_place_while_people_read(
    both: Pair, there: Replica, ann: Phone, ben: Phone
) -> None:
    told: list[bool] = []
    there.standby.tell(lambda touched: told.append(touched.everything))
    new = await post(ann, "kept")
    await eventually(lambda: holds(ben, new))
    building = asyncio.create_task(asyncio.to_thread(rebuild, both.primary))
    while not building.done():
        assert new in await public(ben)
        assert (await ben.http.get(f"/api/v1/statuses/{new}/context")).status_code == 200
    await eventually(lambda: any(told))
    assert new in await public(ben)
    assert there.standby.is_followed


async def test_the_web_role_reads_there_and_says_so(both: Pair, redis_url: str, tmp_path: Path) -> None:
    settings = load({"DATABASE_URL": both.primary, "REDIS_URL": redis_url, "FEDI_DATA_DIR": str(tmp_path)})
    async with process(settings, connections=2, replica_url=both.standby) as parts, streaming(parts) as hub:
        transport = httpx.ASGITransport(app=web_app(parts, hub))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:

            async def is_read() -> bool:
                seen: object = (await http.get("/readyz")).json()
                return seen == READY | {"replica": True}

            await until(is_read)
            both.kill()
            assert (await http.get(PUBLIC)).status_code == 200
            assert (await http.get("/readyz")).json() == READY | {"replica": False}
            both.start()


def test_the_doctor_tells_how_far_it_is_behind(both: Pair) -> None:
    settings = Settings(database_url=both.primary, replica_database_url=both.standby)
    [seen] = of_replica(settings)
    assert (seen.verdict, seen.finding.partition(" ")[2][2:]) == ("good", "events behind"), seen
    [seen] = of_replica(msgspec.structs.replace(settings, replica_database_url=both.primary))
    assert seen.verdict == "bad"
    [seen] = of_replica(msgspec.structs.replace(settings, replica_database_url="postgresql://127.0.0.1:1/fedi"))
    assert seen.verdict == "doubtful"
    assert of_replica(msgspec.structs.replace(settings, replica_database_url=None)) == []


async def test_a_query_that_the_standby_breaks_off_is_asked_of_the_primary(
    both: Pair, there: Replica, deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    begun = asyncio.Event()

    @route("GET", "/api/v1/slow", scope=None, auth="public", of_views=True)
    async def slow(request: ApiRequest) -> bool:
        """Say whether the primary answers; the standby would take long."""
        async with reading(request) as connection, connection.transaction():
            found = await connection.execute("SELECT position FROM read.cursor WHERE pg_is_in_recovery()")
            if await found.fetchone() is None:
                return True
            begun.set()
            await connection.execute("SELECT pg_sleep(60)")
            return False

    async with client([ApiRoute(Table([slow]), deps, there)]) as http:
        asking = asyncio.create_task(http.get("/api/v1/slow"))
        await asyncio.wait_for(begun.wait(), 10)
        async with await psycopg.AsyncConnection.connect(both.primary) as connection:
            await connection.execute("LOCK TABLE read.cursor IN ACCESS EXCLUSIVE MODE")
        assert (await asyncio.wait_for(asking, 20)).json() is True
    assert there.standby.is_followed
    assert not caplog.messages
