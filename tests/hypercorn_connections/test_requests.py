"""Requests of every form, as sockets bring them: answered once, in their turn, or refused with the connection."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from fedi.hypercorn_connections import connection
from tests.support.doors import Door, connected, exchange, opened, until_let_go

GET = b"GET %b HTTP/1.1\r\nHost: here\r\n\r\n"
POST = b"POST %b HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n%b"
CHUNKED = b"POST /body HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
UPGRADE = (
    b"GET /echo HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
HELLO_MASKED = b"\x81\x85\0\0\0\0hello"
FLOOD = 64 * 1_048_576
IDLE = 600.0
"""Longer than any test: what ends here does not end because nobody asked."""
PATIENCE = 30.0
LAST_CHUNK = b"\r\n0\r\n\r\n"


class Seen:
    """What the application was asked, and what became of it."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.sent = 0
        self.left = threading.Event()


class App:
    """Answers by path."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("has no lifespan")
        if scope["type"] == "websocket":
            await self._echo(receive, send)
            return
        self._seen.paths.append(scope["path"])
        await getattr(self, scope["path"].partition("/")[2] or "whole")(scope, receive, send)

    async def whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(send, [(b"content-length", b"5")], b"whole")

    async def unmeasured(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(send, [], b"some")

    async def body(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        await self._answer(send, [(b"content-length", b"%d" % len(body))], body)

    async def nothing(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b"x")]})
        await send({"type": "http.response.body", "body": b"secret"})

    async def fails(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("on purpose")

    async def fails_later(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("on purpose")

    async def ends_early(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    async def too_long(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(send, [(b"content-length", b"2")], b"three")

    async def too_long_at_once(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"three", "more_body": True})

    async def calls(self, scope: Scope, receive: Receive, send: Send) -> None:
        asyncio.get_running_loop().call_soon(self._seen.paths.append, "called")
        await self.whole(scope, receive, send)

    async def sits(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(self._seen.left.wait)
        await self.body(scope, receive, send)

    async def when_gone(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await receive()
        await self.whole(scope, receive, send)

    async def splits(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(send, [(b"location", b"/\r\nSet-Cookie: a=b")], b"")

    async def own_coding(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(send, [(b"transfer-encoding", b"chunked")], b"x")

    async def stays(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b":)", "more_body": True})
        await receive()
        await self._listen(receive)
        await send({"type": "http.response.body", "body": b"nobody reads this", "more_body": True})

    async def answers_and_waits(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(receive))
            await asyncio.sleep(0)
            await self._answer(send, [(b"content-length", b"5")], b"whole")

    async def flood(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while self._seen.sent < FLOOD:
            await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
            self._seen.sent += 65_536
        await send({"type": "http.response.body"})

    async def _listen(self, receive: Receive) -> None:
        if (await receive())["type"] == "http.disconnect":
            self._seen.left.set()

    async def _answer(self, send: Send, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    async def _echo(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def door(seen: Seen) -> Iterator[Door]:
    """A server for each test: an application may begin when the test that asked it has ended already."""
    with opened(App(seen), idle=IDLE) as door:
        yield door


def statuses(answers: bytes) -> list[int]:
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


SMUGGLED = GET % b"/smuggled"
REFUSED = [
    (b"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 501),
    (b"POST /body HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 38\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 0\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\nHost: h\nContent-Length: 0\n\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 0\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nX: a\r\n Content-Length: 38\r\n\r\n", 400),
    (b"POST /body HTTP/1.1\r\nHost: h\r\nHost: other\r\n\r\n", 400),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
]


@pytest.mark.parametrize(("sent", "status"), REFUSED)
async def test_what_is_refused_ends_the_connection(door: Door, seen: Seen, sent: bytes, status: int) -> None:
    answers = await exchange(door, GET % b"/" + sent + SMUGGLED)
    assert statuses(answers) == [200, status]
    assert answers.count(b"connection: close\r\n") == 1
    assert seen.paths == ["/"]


@pytest.mark.parametrize(
    "chunks",
    [
        b"5\r\nhelloXX0\r\n\r\n",
        b"5\r\nhello\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"5 5\r\nhello\r\n0\r\n\r\n",
        b"\r\n5\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\r\n0\r\n\r\n",
        b"f" * 30 + b"\r\nhello\r\n0\r\n\r\n",
        b"5;" + b"x" * 70_000 + b"\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello\r\n0\r\n" + b"x: y\r\n" * 20_000,
    ],
)
async def test_chunks_that_are_none_are_not_read_on(door: Door, seen: Seen, chunks: bytes) -> None:
    answers = await exchange(door, CHUNKED + chunks + SMUGGLED)
    assert b"hello" not in answers
    assert [status for status in statuses(answers) if status < 400] == []
    assert "/smuggled" not in seen.paths


async def test_a_body_in_chunks_is_read_and_is_the_last_of_its_connection(door: Door, seen: Seen) -> None:
    answers = await exchange(door, GET % b"/" + CHUNKED + b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n" + SMUGGLED)
    assert statuses(answers) == [200, 200]
    assert answers.count(b"connection: close\r\n") == 1
    assert answers.endswith(b"\r\n\r\nhello")
    assert seen.paths == ["/", "/body"]


async def test_who_waits_to_be_told_to_go_on_is_told(door: Door) -> None:
    async with connected(door) as (reader, writer):
        writer.write(b"POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(b"hello")
        assert (await reader.read()).endswith(b"\r\n\r\nhello")


async def test_a_request_in_single_bytes_is_a_request(door: Door) -> None:
    async with connected(door) as (reader, writer):
        for byte in POST % (b"/body", 5, b"hello"):
            writer.write(bytes([byte]))
            await asyncio.sleep(0.001)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")


async def test_many_requests_at_once_are_answered_in_turn(door: Door, seen: Seen) -> None:
    bodies = [b"%d" % number for number in range(500)]
    sent = b"".join(POST % (b"/body", len(body), body) for body in bodies)
    answers = await exchange(door, sent + b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n" + SMUGGLED)
    assert [part.rpartition(b"\r\n\r\n")[2] for part in answers.split(b"HTTP/1.1 ")[1:]] == [*bodies, b"whole"]
    assert answers.count(b"connection: close\r\n") == 1


async def test_who_asks_much_at_once_lets_others_have_their_turn(door: Door, seen: Seen) -> None:
    await exchange(door, GET % b"/calls" + GET % b"/" * 10 + b"GET / HTTP/1.0\r\n\r\n")
    assert seen.paths[:3] == ["/calls", "called", "/"]


async def test_a_path_is_what_it_says(door: Door, seen: Seen) -> None:
    assert statuses(await exchange(door, b"GET /who%6ce?%6c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")) == [200]
    assert seen.paths == ["/whole"]


async def test_who_sends_more_than_is_read_must_wait(door: Door, seen: Seen) -> None:
    size = 64_000_000
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(POST % (b"/sits", size, bytes(size)))
        before = 0
        while before != (left := writer.transport.get_write_buffer_size()):
            before = left
            await asyncio.sleep(0.2)
        assert left > size / 2
        seen.left.set()
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        assert len(await reader.readexactly(size)) == size


async def test_a_large_body_comes_through_whole(door: Door) -> None:
    body = bytes(range(256)) * 16_384
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(POST % (b"/body", len(body), body) + GET % b"/")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        assert await reader.readexactly(len(body)) == body
        assert (await reader.readuntil(b"whole")).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path", [b"/", b"/unmeasured"])
async def test_what_is_asked_by_head_is_a_head(door: Door, path: bytes) -> None:
    head = (GET % path).replace(b"GET", b"HEAD")
    answers = await exchange(door, head + head.replace(b"1.1", b"1.0"))
    assert statuses(answers) == [200, 200]
    assert answers.endswith(b"\r\n\r\n")
    assert b"whole" not in answers
    assert b"some" not in answers
    assert (b"content-length: 5\r\n" in answers) is (path == b"/")


async def test_an_answer_of_unknown_length_is_in_chunks_and_one_without_body_is_not(door: Door) -> None:
    answers = await exchange(door, GET % b"/unmeasured" + GET % b"/nothing" + GET % b"/fails")
    chunked, bodiless, failed = answers.split(b"HTTP/1.1 ")[1:]
    assert b"transfer-encoding: chunked\r\n" in chunked
    assert chunked.endswith(b"\r\n\r\n4\r\nsome\r\n0\r\n\r\n")
    assert b"transfer-encoding" not in bodiless
    assert bodiless.endswith(b"\r\n\r\n")
    assert failed.startswith(b"500 ")


async def test_old_http_is_answered_and_let_go(door: Door, seen: Seen) -> None:
    old = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    answers = await exchange(door, old)
    assert statuses(answers) == [200]
    assert answers.endswith(b"whole")
    assert statuses(await exchange(door, old + SMUGGLED)) == [400]
    assert "/smuggled" not in seen.paths


@pytest.mark.parametrize(
    "upgrade",
    [
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n",
    ],
)
async def test_nobody_is_answered_in_http_2(door: Door, upgrade: bytes) -> None:
    answers = await exchange(door, b"GET / HTTP/1.1\r\nHost: here\r\n" + upgrade + b"\r\n")
    assert statuses(answers) == [200]
    assert answers.endswith(b"\r\n\r\nwhole")


@pytest.mark.parametrize("before", [b"", GET % b"/"])
async def test_a_websocket_begins_on_a_connection_old_or_new(door: Door, before: bytes) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(before)
        if before:
            await reader.readuntil(b"whole")
        writer.write(UPGRADE)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        writer.write(HELLO_MASKED)
        assert b"\x81\x05hello" in await reader.readuntil(b"hello")


async def test_a_websocket_that_ends_without_a_word_is_let_go(door: Door) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write_eof()
        await reader.read()


@pytest.mark.parametrize(("path", "whole"), [(b"/fails_later", b"4\r\nhalf\r\n"), (b"/ends_early", b"half")])
async def test_an_answer_that_breaks_off_ends_the_connection(door: Door, path: bytes, whole: bytes) -> None:
    answers = await exchange(door, GET % path + SMUGGLED)
    assert statuses(answers) == [200]
    assert answers.endswith(b"\r\n\r\n" + whole)


@pytest.mark.parametrize("path", [b"/fails", b"/too_long", b"/too_long_at_once", b"/splits", b"/own_coding"])
async def test_an_answer_that_cannot_be_sent_is_an_error(door: Door, seen: Seen, path: bytes) -> None:
    answers = await exchange(door, GET % path + SMUGGLED)
    assert statuses(answers) == [500]
    assert b"Set-Cookie" not in answers
    assert seen.paths == [path.decode()]


async def test_a_body_that_nobody_reads_is_thrown_away(door: Door) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(POST % (b"/", 60_000, b"." * 10))
        assert (await reader.readuntil(b"whole")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"." * 59_990 + GET % b"/")
        assert (await reader.readuntil(b"whole")).startswith(b"HTTP/1.1 200 ")


async def test_a_large_body_that_nobody_reads_ends_the_connection(door: Door, seen: Seen) -> None:
    answers = await exchange(door, POST % (b"/", 70_000, b"." * 10))
    assert statuses(answers) == [200]
    assert b"connection: close\r\n" in answers
    assert seen.paths == ["/"]


async def test_who_sends_much_that_nobody_reads_still_gets_the_answer(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", PATIENCE)

    def send(head: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", door.port), timeout=PATIENCE) as client:
            client.sendall(head + bytes(8_000_000))
            return client.recv(65_536)

    assert statuses(await asyncio.to_thread(send, POST % (b"/", 8_000_000, b""))) == [200]
    assert statuses(await asyncio.to_thread(send, b"GET / HTTP/1.1\r\n\r\n")) == [400]
    unread = CHUNKED.replace(b"/body", b"/")
    assert statuses(await asyncio.to_thread(send, unread + b"%x\r\n" % 8_000_000)) == [200]
    assert statuses(await asyncio.to_thread(send, CHUNKED + b"none\r\n")) == [400]


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


async def test_who_sends_on_for_ever_is_let_go(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.2)
    with opened(App(seen), idle=IDLE) as door:
        async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
            writer.write(POST % (b"/", 8_000_000, b""))
            assert statuses(await reader.read()) == [200]
            with pytest.raises(ConnectionError):
                await drip(writer)


async def test_who_sends_all_and_then_only_listens_is_answered(door: Door) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(GET % b"/" + POST % (b"/body", 5, b"hello"))
        writer.write_eof()
        assert statuses(await reader.read()) == [200, 200]


@pytest.mark.parametrize("before", [b"", GET % b"/when_gone"])
async def test_who_ends_in_the_middle_of_a_body_is_waited_for_no_more(door: Door, before: bytes) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(before + CHUNKED + b"5\r\nhe")
        writer.write_eof()
        answers = await reader.read()
        assert answers.count(b"whole") == bool(before)
        assert b"he" not in answers.rpartition(b"\r\n\r\n")[2].replace(b"whole", b"")


async def test_an_application_hears_that_its_reader_has_gone(door: Door, seen: Seen) -> None:
    async with connected(door) as (reader, writer):
        writer.write(GET % b"/stays")
        await reader.readuntil(b":)")
        assert not seen.left.is_set()
    assert await asyncio.to_thread(seen.left.wait, PATIENCE)


async def test_an_application_hears_that_all_is_said(door: Door, seen: Seen) -> None:
    async with connected(door) as (reader, writer):
        writer.write(GET % b"/answers_and_waits")
        await reader.readuntil(b"whole")
        assert await asyncio.to_thread(seen.left.wait, PATIENCE)


async def test_who_does_not_take_the_answer_is_not_sent_all_of_it(door: Door, seen: Seen) -> None:
    async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
        writer.write(GET % b"/flood")
        await reader.readuntil(b"\r\n\r\n")
        before = -1
        while seen.sent > before:
            before = seen.sent
            await asyncio.sleep(0.2)
        assert seen.sent < FLOOD / 2
        end = b""
        while end != LAST_CHUNK:
            got = await reader.read(1 << 20)
            assert got
            end = (end + got)[-len(LAST_CHUNK) :]
        assert seen.sent == FLOOD


async def test_s_073_a_head_in_drops_has_no_more_time_than_a_head(seen: Seen) -> None:
    with opened(App(seen)) as door:
        async with asyncio.timeout(PATIENCE), connected(door) as (reader, writer):
            ended = asyncio.create_task(until_let_go(reader))
            while not ended.done():
                writer.write(b"G")
                await asyncio.sleep(0.05)
            assert await ended == b""
