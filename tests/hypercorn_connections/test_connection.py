"""Connections as clients meet them: answers in one piece, and an end for those on which nobody asks any more."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from fedi.hypercorn_connections import patience
from tests.support.doors import GRACE, IDLE, Door, connected, opened, until_let_go

LONG = 600.0
"""Longer than any test."""
SEND = b"POST /taken HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"
ASK = b"GET %b HTTP/1.1\r\nHost: here\r\n\r\n"


async def whole(_: Request) -> Response:
    return PlainTextResponse("whole")


async def empty(_: Request) -> Response:
    return Response(status_code=204)


async def slow(request: Request) -> Response:
    request.app.state.begun.set()
    await asyncio.sleep(2 * IDLE)
    return PlainTextResponse("at last")


async def take_in(request: Request) -> Response:
    return PlainTextResponse(f"took in {len(await request.body())}")


async def drop_by_drop(_: Request) -> Response:
    async def drops() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(IDLE / 2)
        yield "second"

    return StreamingResponse(drops())


ROUTES = [
    Route("/whole", whole),
    Route("/empty", empty),
    Route("/slow", slow),
    Route("/drops", drop_by_drop),
    Route("/taken", take_in, methods=["POST"]),
]


@pytest.fixture
def app() -> Starlette:
    app = Starlette(routes=ROUTES)
    app.state.begun = threading.Event()
    return app


@pytest.fixture
def door(app: Starlette) -> Iterator[Door]:
    with opened(app, idle=LONG) as door:
        yield door


@pytest.fixture
def hasty_door(app: Starlette) -> Iterator[Door]:
    """One where nobody may ask nothing for long."""
    with opened(app) as door:
        yield door


async def ask(door: Door, path: bytes) -> bytes:
    """Return what comes in one piece."""
    async with connected(door) as (reader, writer):
        writer.write(ASK % path)
        return await reader.read(65536)


async def test_an_answer_is_one_packet(door: Door) -> None:
    for _ in range(20):
        answer = await ask(door, b"/whole")
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(b"\r\n\r\nwhole")


async def test_an_answer_without_a_body_comes_at_once(door: Door) -> None:
    assert (await ask(door, b"/empty")).startswith(b"HTTP/1.1 204 ")


async def test_a_stream_begins_with_its_first_words_and_goes_on(door: Door) -> None:
    async with connected(door) as (reader, writer):
        writer.write(ASK % b"/drops")
        assert (await reader.readuntil(b"first\r\n")).startswith(b"HTTP/1.1 200 ")
        assert b"second" in await reader.readuntil(b"0\r\n\r\n")


async def test_requests_that_are_sent_ahead_are_answered_in_turn(door: Door) -> None:
    async with connected(door) as (reader, writer):
        writer.write(ASK % b"/whole" * 3 + ASK % b"/empty")
        await reader.readuntil(b" 204 ")


async def test_who_asks_no_more_is_let_go_and_who_waits_is_not(hasty_door: Door) -> None:
    async with connected(hasty_door) as (reader, writer):
        asked = time.monotonic()
        writer.write(ASK % b"/slow")
        await reader.readuntil(b"at last")
        assert await reader.read() == b""
        assert time.monotonic() - asked > IDLE * 2.9  # it is answered after two of them


async def test_at_the_end_nobody_is_kept_and_what_is_asked_is_answered(app: Starlette) -> None:
    with opened(app, idle=LONG) as door:
        async with connected(door) as (idle, _), connected(door) as (busy, writer), connected(door) as (gone, leaves):
            leaves.write(ASK % b"/whole")
            await gone.readuntil(b"whole")
            leaves.close()
            writer.write(ASK % b"/slow")
            await asyncio.to_thread(app.state.begun.wait)
            told = time.monotonic()
            door.tell_to_end()
            assert await idle.read() == b""
            assert b"at last" in await busy.read()
            await asyncio.to_thread(door.wait)
            assert time.monotonic() - told < GRACE


@pytest.mark.parametrize("pause", [None, 0.05])
async def test_s_073_who_stops_halfway_or_sends_drop_by_drop_is_let_go(
    hasty_door: Door, monkeypatch: pytest.MonkeyPatch, pause: float | None
) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", IDLE)
    async with asyncio.timeout(30), connected(hasty_door) as (reader, writer):
        writer.write(SEND % 1_000 + b"half")
        ended = asyncio.create_task(until_let_go(reader))
        while pause and not ended.done():
            writer.write(b".")
            await asyncio.sleep(pause)
        assert await ended == b""


async def test_who_sends_much_has_the_time_that_it_takes(hasty_door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 5 * IDLE)
    async with connected(hasty_door) as (reader, writer):
        writer.write(SEND % 40_000)
        for _ in range(20):
            writer.write(b"." * 2_000)
            await asyncio.sleep(IDLE / 3)
        assert (await reader.readuntil(b"took in 40000")).startswith(b"HTTP/1.1 200 ")
