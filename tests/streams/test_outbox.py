"""What waits for a client, and frames."""

import asyncio
import json

import pytest
from wsproto.connection import Connection as WebSocket
from wsproto.connection import ConnectionType
from wsproto.events import TextMessage

from fedi.streams.frames import Frame, Payload, label
from fedi.streams.outbox import LIMIT, End, Outbox


async def test_frames_come_out_in_order_and_wait_for_nobody() -> None:
    outbox = Outbox()
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    for text in ("a", "b"):
        outbox.put([Frame(text, 1)])
    assert [(await taking).content, (await outbox.take()).content] == ["a", "b"]


async def test_a_client_that_takes_nothing_is_cut_off_at_the_limit() -> None:
    outbox = Outbox()
    outbox.put([Frame("x", LIMIT)])
    assert not outbox.end.done()
    await outbox.take()
    outbox.put([Frame("x", 1)])
    assert outbox.end.result() is End.TOO_SLOW


async def test_what_was_sent_waits_no_longer() -> None:
    outbox = Outbox()
    for _ in range(10):
        outbox.put([Frame("x", LIMIT // 2)])
        outbox.put([Frame("x", LIMIT // 2)])
        await outbox.take()
        await outbox.take()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await outbox.take()
    assert not outbox.end.done()


async def test_nothing_leaves_a_closed_outbox() -> None:
    outbox = Outbox()
    outbox.put([Frame("x", 1)])
    outbox.close(End.KILLED)
    outbox.close(End.TOO_SLOW)
    outbox.put([Frame("x", 1)])
    assert outbox.end.result() is End.KILLED
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await outbox.take()


class Connection:
    """What frames are written to, as long as it is free."""

    def __init__(self) -> None:
        self.free = True
        self.written: list[bytes] = []

    def write(self, frames: bytes) -> bool:
        if self.free:
            self.written.append(frames)
        return self.free


def lettered(text: str) -> Frame:
    return Frame(text, len(text), text.encode())


async def test_what_is_put_at_once_goes_out_in_one_write() -> None:
    connection = Connection()
    outbox = Outbox(connection.write)
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    outbox.put([lettered("a"), lettered("b")])
    outbox.put([lettered("c")])
    assert connection.written == [b"ab", b"c"]
    await asyncio.sleep(0)
    assert not taking.done()
    taking.cancel()


async def test_what_was_written_at_once_waits_no_longer() -> None:
    outbox = Outbox(Connection().write)
    for _ in range(10):
        outbox.put([Frame("x", LIMIT)])
    assert not outbox.end.done()


async def test_whoever_is_behind_is_sent_everything_in_its_order() -> None:
    connection, sent = Connection(), list[str | bytes]()
    outbox = Outbox(connection.write)
    connection.free = False
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    outbox.put([lettered("a")])
    await asyncio.sleep(0)
    connection.free = True
    outbox.put([lettered("b")])
    await asyncio.sleep(0)
    sent.append((await taking).content)
    outbox.put([lettered("c")])
    await asyncio.sleep(0)
    assert connection.written == []  # the first is still being sent: nothing overtakes it
    sent += [(await outbox.take()).content for _ in "bc"]
    assert sent == ["a", "b", "c"]
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    outbox.put([lettered("d")])
    assert connection.written == [b"d"]
    taking.cancel()


async def test_nothing_is_written_to_a_closed_connection() -> None:
    connection = Connection()
    outbox = Outbox(connection.write)
    outbox.close(End.KILLED)
    outbox.put([lettered("a")])
    await asyncio.sleep(0)
    assert connection.written == []


@pytest.mark.parametrize("length", [0, 74, 75, 65_484, 65_485, 70_000])
def test_a_frame_is_what_the_library_would_send(length: int) -> None:
    frame = Payload("update", b"x" * length).message(label(("public",)))
    connection = WebSocket(ConnectionType.SERVER)
    assert frame.wire == connection.send(TextMessage(data=str(frame.content)))
    assert frame.size == len(str(frame.content))


def test_a_message_wraps_json_in_json_and_is_written_once() -> None:
    payload = Payload("update", '{"content":"é \\"x\\""}'.encode())
    frame = payload.message(label(("hashtag", 'Ca"ts')))
    message = json.loads(frame.content)
    assert message == {"stream": ["hashtag", 'Ca"ts'], "event": "update", "payload": '{"content":"é \\"x\\""}'}
    assert list(message) == ["stream", "event", "payload"]
    assert frame.size == len(str(frame.content).encode())
    assert payload.message(label(("hashtag", 'Ca"ts'))) is frame


def test_an_event_has_no_wrapping() -> None:
    frame = Payload("delete", b"12").event()
    assert frame.content == b"event: delete\ndata: 12\n\n"
    assert frame.size == 24


async def test_all_that_is_put_at_once_counts() -> None:
    outbox = Outbox()
    outbox.put([Frame("x", LIMIT // 4)] * 2)
    outbox.put([Frame("x", LIMIT // 4)] * 2)
    assert not outbox.end.done()
    outbox.put([Frame("x", 0), Frame("x", 1), Frame("x", 0)])
    assert outbox.end.result() is End.TOO_SLOW
