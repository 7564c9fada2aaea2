"""What waits for a client, and frames."""

import asyncio
import json

import pytest

from fedi.streams.frames import Frame, Payload, label
from fedi.streams.outbox import LIMIT, End, Outbox


async def test_frames_come_out_in_order_and_wait_for_nobody() -> None:
    outbox = Outbox()
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    for text in ("a", "b"):
        outbox.put(Frame(text, 1))
    assert [(await taking).content, (await outbox.take()).content] == ["a", "b"]


async def test_a_client_that_takes_nothing_is_cut_off_at_the_limit() -> None:
    outbox = Outbox()
    outbox.put(Frame("x", LIMIT))
    assert not outbox.end.done()
    await outbox.take()
    outbox.put(Frame("x", 1))
    assert outbox.end.result() is End.TOO_SLOW


async def test_what_was_sent_waits_no_longer() -> None:
    outbox = Outbox()
    for _ in range(10):
        outbox.put(Frame("x", LIMIT // 2))
        outbox.put(Frame("x", LIMIT // 2))
        await outbox.take()
        await outbox.take()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await outbox.take()
    assert not outbox.end.done()


async def test_nothing_leaves_a_closed_outbox() -> None:
    outbox = Outbox()
    outbox.put(Frame("x", 1))
    outbox.close(End.KILLED)
    outbox.close(End.TOO_SLOW)
    outbox.put(Frame("x", 1))
    assert outbox.end.result() is End.KILLED
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await outbox.take()


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
