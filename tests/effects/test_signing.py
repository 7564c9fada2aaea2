"""Signatures are made in threads, several in one go, and each goes to who asked for it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from unittest import mock

import pytest

from fedi.effects.signing import AT_ONCE, THREADS, Headers, SigningThreads


@pytest.fixture
async def signing() -> AsyncIterator[SigningThreads]:
    signing = SigningThreads()
    yield signing
    signing.close()


def naming(name: str, signed: list[str]) -> Callable[[], Headers]:
    def sign() -> Headers:
        signed.append(name)
        return {"Signature": name, "Thread": threading.current_thread().name}

    return sign


def holding(begun: threading.Event, free: threading.Event) -> Callable[[], Headers]:
    def sign() -> Headers:
        begun.set()
        assert free.wait(5)
        return {}

    return sign


def at_their_end(signing: SigningThreads) -> None:
    """Hold the loop up until all threads are done with what they were at, so that it hears of all in one turn."""
    together = threading.Barrier(THREADS)
    for met in [signing._threads.submit(together.wait, 5) for _ in range(THREADS)]:
        met.result()


def hold_up_until(done: Callable[[], bool]) -> None:
    """Hold the loop up until something is done elsewhere."""
    deadline = time.monotonic() + 5
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.001)


async def test_each_gets_its_own(signing: SigningThreads) -> None:
    names, signed = [str(number) for number in range(5 * AT_ONCE)], list[str]()
    made = await asyncio.gather(*(signing.sign(naming(name, signed)) for name in names))
    assert [each["Signature"] for each in made] == names
    assert sorted(signed) == sorted(names)
    assert all(each["Thread"].startswith("signer") for each in made)


async def test_what_waits_is_signed_in_one_go_and_in_order(signing: SigningThreads) -> None:
    free, signed, held = threading.Event(), list[str](), list[asyncio.Task[Headers]]()
    for _ in range(THREADS):
        begun = threading.Event()
        held.append(asyncio.create_task(signing.sign(holding(begun, free))))
        assert await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.create_task(signing.sign(naming(str(number), signed))) for number in range(AT_ONCE)]
    await asyncio.sleep(0)
    assert signed == []
    free.set()
    made = await asyncio.gather(*waiting)
    assert signed == [str(number) for number in range(AT_ONCE)]
    assert len({each["Thread"] for each in made}) == 1
    await asyncio.gather(*held)


async def test_threads_go_on_while_the_event_loop_is_at_other_work(signing: SigningThreads) -> None:
    signed, number = list[str](), 3 * THREADS * AT_ONCE
    asked = [asyncio.create_task(signing.sign(naming(str(each), signed))) for each in range(number)]
    await asyncio.sleep(0)  # each has asked
    await asyncio.sleep(0)  # the threads are at work
    hold_up_until(lambda: len(signed) == number)
    await asyncio.gather(*asked)


async def test_what_cannot_be_signed_harms_nobody_else(signing: SigningThreads) -> None:
    def fail() -> Headers:
        raise ValueError("no such key")

    asked = [signing.sign(fail), *(signing.sign(naming(name, [])) for name in "ab"), signing.sign(fail)]
    first, second, third, fourth = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(each) for each in (first, fourth)] == ["no such key"] * 2
    assert [each["Signature"] for each in (second, third) if isinstance(each, dict)] == ["a", "b"]


async def test_who_no_longer_waits_harms_nobody_else(signing: SigningThreads) -> None:
    asked = [asyncio.create_task(signing.sign(naming(str(number), []))) for number in range(AT_ONCE)]
    await asyncio.sleep(0)
    for each in asked[1:-1]:
        each.cancel()
    assert (await asked[0])["Signature"] == "0"
    assert (await asked[-1])["Signature"] == str(AT_ONCE - 1)


@pytest.mark.parametrize("turns", range(6))
async def test_who_asks_just_as_the_threads_come_to_an_end_is_not_forgotten(
    signing: SigningThreads, turns: int
) -> None:
    free, begun = threading.Event(), [threading.Event() for _ in range(THREADS)]
    held = list[asyncio.Task[Headers]]()
    for each in begun:
        held.append(asyncio.create_task(signing.sign(holding(each, free))))
        assert await asyncio.to_thread(each.wait, 5)
    free.set()
    at_their_end(signing)
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert (await signing.sign(naming("late", [])))["Signature"] == "late"
    await asyncio.gather(*held)


async def test_where_no_thread_can_be_started_nobody_waits_for_ever(
    signing: SigningThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", mock.Mock(side_effect=RuntimeError("can't start new thread")))
        async with asyncio.timeout(5):
            early = [signing.sign(naming("early", [])) for _ in range(3 * AT_ONCE)]
            answers = await asyncio.gather(*early, return_exceptions=True)
        assert {str(each) for each in answers} == {"can't start new thread"}
    assert (await signing.sign(naming("late", [])))["Signature"] == "late"
