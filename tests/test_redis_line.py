import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as LateError

from fedi import redis_line
from fedi.redis_line import SharingRedis


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[SharingRedis]:
    async with sharing(redis_url) as client:
        await client.flushall()
        yield client


@contextlib.asynccontextmanager
async def sharing(url: str) -> AsyncIterator[SharingRedis]:
    client = SharingRedis.from_pool(ConnectionPool.from_url(url))
    assert isinstance(client, SharingRedis)
    async with client:
        yield client


@contextlib.asynccontextmanager
async def deaf() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Yield the URL of a server that greets, reads what it is asked, and does not answer; set when it was asked."""
    asked = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while heard := await reader.read(4096):
                if b"KEPT" in heard:
                    asked.set()
                else:
                    writer.write(b"+OK\r\n" * heard.count(b"*"))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0?protocol=2", asked


def asking(redis: Redis, key: str) -> "asyncio.Future[object]":
    return asyncio.ensure_future(redis.get(key))


async def test_what_is_asked_at_once_shares_a_connection_and_everybody_gets_their_own_answer(
    redis: SharingRedis, redis_url: str
) -> None:
    async with Redis.from_url(redis_url) as other:
        before = len(await other.client_list())
        await asyncio.gather(*(redis.set(f"key{each}", each) for each in range(50)))
        found = await asyncio.gather(*(redis.get(f"key{each}") for each in reversed(range(50))))
        assert found == [str(each).encode() for each in reversed(range(50))]
        assert len(await other.client_list()) <= before + 1


async def test_answers_are_what_the_library_makes_of_them(redis: SharingRedis) -> None:
    assert await redis.set("kept", "1", ex=60) is True
    assert await redis.hset("hash", mapping={"a": 1}) == 1
    assert await redis.hgetall("hash") == {b"a": b"1"}
    assert (await redis.config_get("maxmemory")).keys() == {"maxmemory"}
    assert await redis.register_script("return KEYS[1]")(keys=["a"]) == b"a"
    assert await redis.ping()


async def test_a_command_that_fails_is_one_askers_error(redis: SharingRedis) -> None:
    await redis.set("text", "abc")
    first, failed, last = await asyncio.gather(
        redis.get("text"), redis.incr("text"), redis.get("text"), return_exceptions=True
    )
    assert first == last == b"abc"
    assert isinstance(failed, ResponseError)


async def test_a_command_that_cannot_be_written_is_one_askers_error(redis: SharingRedis) -> None:
    answers: list[object] = await asyncio.gather(
        redis.get("none"), redis.execute_command("ECHO", object()), return_exceptions=True
    )
    assert answers[0] is None
    assert isinstance(answers[1], TypeError)


async def test_an_answer_that_nothing_can_be_made_of_is_one_askers_error(redis: SharingRedis) -> None:
    def number(response: object, **kwargs: object) -> int:
        return int(str(response))

    redis.set_response_callback("ECHO", number)
    first, failed, last = await asyncio.gather(
        redis.get("none"), redis.echo("abc"), redis.get("none"), return_exceptions=True
    )
    assert first is last is None
    assert isinstance(failed, ValueError)
    assert await redis.get("none") is None


async def test_a_connection_that_the_server_closed_meanwhile_is_made_again(redis: SharingRedis, redis_url: str) -> None:
    await redis.set("kept", "1")
    number = await redis.client_id()
    async with Redis.from_url(redis_url) as other:
        await other.client_kill_filter(_id=str(number))
    await asyncio.sleep(0)
    assert await redis.get("kept") == b"1"
    assert await redis.client_id() != number


async def test_who_gives_up_does_not_take_anothers_answer(redis: SharingRedis) -> None:
    await redis.mset({"a": "1", "b": "2"})
    impatient, patient = asking(redis, "a"), asking(redis, "b")
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == b"2"
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await redis.get("a") == b"1"


async def test_a_server_that_does_not_answer_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_line, "PATIENCE_SECONDS", 0.2)
    async with deaf() as (url, _), sharing(url) as redis:
        answers = await asyncio.gather(*(redis.get("KEPT") for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LateError] * 3


async def test_only_who_asks_first_waits_for_a_silent_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_line, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(redis_line, "AGAIN_SECONDS", 0.05)
    async with deaf() as (url, asked), sharing(url) as redis:
        first = asking(redis, "KEPT")
        await asked.wait()
        second = asking(redis, "KEPT")  # while the first is under way
        assert [type(each) for each in await asyncio.gather(first, second, return_exceptions=True)] == [LateError] * 2
        third = asking(redis, "OTHER")
        await asyncio.sleep(0)
        assert isinstance(third.exception(), LateError)
        async with asyncio.timeout(5):
            while True:  # until it was noticed that the server answers something
                with contextlib.suppress(LateError):
                    assert await redis.get("OTHER") == b"OK"
                    break
                await asyncio.sleep(0.01)


async def test_a_silent_server_that_then_refuses_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_line, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(redis_line, "AGAIN_SECONDS", 0.05)
    async with deaf() as (url, _), sharing(url) as redis:
        with pytest.raises(LateError):
            await redis.get("KEPT")
        redis.connection_pool.connection_kwargs["port"] = 1
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(LateError):
                    with pytest.raises(LostError):
                        await redis.get("KEPT")
                    break
                await asyncio.sleep(0.02)


async def test_a_server_that_is_away_is_an_error_for_everybody() -> None:
    async with sharing("redis://127.0.0.1:1/0") as redis:
        answers = await asyncio.gather(*(redis.get("KEPT") for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LostError] * 3


async def test_who_still_waits_when_the_client_is_closed_is_told() -> None:
    async with deaf() as (url, asked):
        async with sharing(url) as redis:
            waiting = asking(redis, "KEPT")
            await asked.wait()
            later = asking(redis, "KEPT")
            await asyncio.sleep(0)
        assert [type(each) for each in await asyncio.gather(waiting, later, return_exceptions=True)] == [LostError] * 2


async def test_who_asked_just_before_the_client_was_closed_is_told(redis_url: str) -> None:
    async with sharing(redis_url) as redis:
        waiting = asking(redis, "KEPT")
        await asyncio.sleep(0)
        await redis.aclose()
        with pytest.raises(LostError):
            await asyncio.wait_for(waiting, 10)


async def test_whoever_asks_hears_of_a_fault_that_nobody_foresaw(
    redis: SharingRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(connection: object) -> None:
        raise RuntimeError("on purpose")

    async with asyncio.timeout(10):
        with monkeypatch.context() as broken:
            broken.setattr(redis.connection_pool, "ensure_connection", fail)
            await redis.aclose()
            answers = await asyncio.gather(asking(redis, "a"), asking(redis, "b"), return_exceptions=True)
        assert [type(answer) for answer in answers] == [RuntimeError] * 2
        assert await redis.get("a") is None
