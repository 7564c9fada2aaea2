"""The queue before the writer: what is drawn together, what is held back, what is refused."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from fedi.errors import Unavailable
from fedi.log import queue as module
from fedi.log.drafts import Unit, unit_of
from fedi.log.insert import Call, call_of
from fedi.log.queue import Queue, Waiting
from tests.support.events import draft


def waiting(*identities: UUID) -> Waiting:
    future = asyncio.get_running_loop().create_future()
    return Waiting(unit_of([draft(identity=identity) for identity in identities]), future)


async def drawn(queue: Queue) -> list[Waiting]:
    batch = await queue.take(0)
    assert batch is not None
    return list(batch.waiting)


async def test_what_waits_is_drawn_at_once_and_in_order() -> None:
    queue, units = Queue(), [waiting(uuid4()) for _ in range(5)]
    for unit in units:
        queue.put(unit)
    assert await drawn(queue) == units
    assert await drawn(queue) == []


async def test_units_that_share_an_identity_are_drawn_one_after_another() -> None:
    one, two = uuid4(), uuid4()
    queue, units = Queue(), [waiting(one), waiting(one, two), waiting(uuid4()), waiting(two)]
    for unit in units:
        queue.put(unit)
    assert await drawn(queue) == [units[0], units[2]]
    assert await drawn(queue) == [units[1]]
    assert await drawn(queue) == [units[3]]


async def test_a_batch_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue()
    monkeypatch.setattr(module, "BATCH_UNITS", 2)
    for _ in range(3):
        queue.put(waiting(uuid4()))
    assert [len(await drawn(queue)), len(await drawn(queue))] == [2, 1]
    monkeypatch.setattr(module, "BATCH_BYTES", 1)
    for _ in range(2):
        queue.put(waiting(uuid4()))
    assert [len(await drawn(queue)), len(await drawn(queue))] == [1, 1]


async def test_a_batch_that_is_full_is_ready_before_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_UNITS", 2)
    made: list[int] = []

    def counted(units: Sequence[Unit]) -> Call:
        made.append(len(units))
        return call_of(units)

    monkeypatch.setattr(module, "call_of", counted)
    queue, units = Queue(), [waiting(uuid4()) for _ in range(5)]
    for unit in units:
        queue.put(unit)
    assert made == [2, 2]
    assert [await drawn(queue) for _ in range(3)] == [units[:2], units[2:4], units[4:]]
    assert made == [2, 2]


async def test_who_was_held_back_makes_no_batch_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each copy of what many send at once would be a batch of its own."""
    monkeypatch.setattr(module, "BATCH_UNITS", 3)
    queue, twin, other = Queue(), uuid4(), [waiting(uuid4()) for _ in range(2)]
    twins = [waiting(twin) for _ in range(4)]
    for unit in (*twins, *other):
        queue.put(unit)
    assert await drawn(queue) == [twins[0]]
    assert await drawn(queue) == [twins[1], *other]
    assert [await drawn(queue), await drawn(queue)] == [[twins[2]], [twins[3]]]


async def test_what_is_ready_counts_as_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_UNITS", 2)
    monkeypatch.setattr(module, "QUEUE_UNITS", 3)
    queue = Queue()
    for _ in range(3):
        queue.put(waiting(uuid4()))
    with pytest.raises(Unavailable, match="too many"):
        queue.put(waiting(uuid4()))
    assert len(await drawn(queue)) == 2
    queue.put(waiting(uuid4()))
    queue.close()
    assert len(await drawn(queue)) == 2
    assert await queue.take(0) is None


async def test_too_much_is_refused_until_some_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, one = Queue(), waiting(uuid4())
    monkeypatch.setattr(module, "QUEUE_BYTES", one.unit.size)
    for _ in range(3):
        queue.put(one)
        with pytest.raises(Unavailable, match="too many"):
            queue.put(waiting(uuid4()))
        assert await drawn(queue) == [one]
    monkeypatch.setattr(module, "QUEUE_UNITS", 0)
    with pytest.raises(Unavailable, match="too many"):
        queue.put(waiting(uuid4()))


async def test_a_closed_queue_hands_out_the_rest_and_takes_no_more() -> None:
    queue, unit = Queue(), waiting(uuid4())
    queue.put(unit)
    queue.close()
    with pytest.raises(Unavailable, match="closed"):
        queue.put(waiting(uuid4()))
    assert await drawn(queue) == [unit]
    assert await queue.take(0) is None


async def test_all_bytes_count_until_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every event of a unit, and of units in batches that are ready."""
    monkeypatch.setattr(module, "BATCH_UNITS", 2)
    size = waiting(uuid4()).unit.size
    monkeypatch.setattr(module, "QUEUE_BYTES", 8 * size)
    queue = Queue()
    for _ in range(3):
        for _ in range(4):
            queue.put(waiting(uuid4(), uuid4()))
        with pytest.raises(Unavailable, match="too many"):
            queue.put(waiting(uuid4()))
        assert len(await drawn(queue)) == 2
        for _ in range(2):
            queue.put(waiting(uuid4(), uuid4()))
        with pytest.raises(Unavailable, match="too many"):
            queue.put(waiting(uuid4()))
        assert [len(await drawn(queue)) for _ in range(3)] == [2, 2, 0]


async def test_who_is_held_back_counts_until_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, twin = Queue(), uuid4()
    monkeypatch.setattr(module, "QUEUE_BYTES", 3 * waiting(twin).unit.size)
    for _ in range(3):
        queue.put(waiting(twin))
    assert len(await drawn(queue)) == 1
    queue.put(waiting(twin))
    with pytest.raises(Unavailable, match="too many"):
        queue.put(waiting(twin))
