"""What is remembered of questions that failed."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable

import pytest

from fedi.activitypub.resolve.errors import Gone, NotLearnt
from fedi.activitypub.resolve.quotas import Once
from fedi.errors import PeerError


class Large:
    """Stands for the document that somebody sent, or that was found."""


def failing(kept: list[weakref.ref[Large]], make: Callable[[], PeerError]) -> Callable[[], Awaitable[str]]:
    async def do() -> str:
        found = Large()
        kept.append(weakref.ref(found))
        try:
            raise ValueError
        except ValueError as cause:
            raise make() from cause

    return do


async def asked(
    once: Once[str], name: str, kept: list[weakref.ref[Large]], do: Callable[[], Awaitable[str]]
) -> PeerError:
    sent = Large()
    kept.append(weakref.ref(sent))
    with pytest.raises(PeerError) as caught:
        await once.get(name, do)
    return type(caught.value)(str(caught.value), status=caught.value.status, reason=caught.value.reason)


@pytest.mark.parametrize("make", [lambda: NotLearnt("No.", status=400, reason="why"), lambda: Gone(status=410)])
async def test_a_failure_that_is_remembered_keeps_no_document(make: Callable[[], PeerError]) -> None:
    """Ten thousand keys, each found in a megabyte that is no key, would be ten gigabytes."""
    once, kept, error = Once[str](), list[weakref.ref[Large]](), make()
    told = [await asked(once, f"{number // 2}", kept, failing(kept, make)) for number in range(40)]
    assert {(type(each), str(each), each.status, each.reason) for each in told} == {
        (type(error), str(error), error.status, error.reason)
    }
    gc.collect()
    assert len(kept) == 60, "each was asked once, and told twice"
    assert sum(each() is not None for each in kept) <= 2, "the event loop keeps the last"


async def test_a_failure_that_nobody_waits_for_any_more_is_remembered_and_is_no_fault() -> None:
    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    once, asked = Once[str](), asyncio.Event()

    async def fail() -> str:
        await asked.wait()
        raise NotLearnt("No.")

    waiting = asyncio.create_task(once.get("it", fail))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    del waiting  # it holds on to what it waited for
    asked.set()
    await asyncio.sleep(0.05)
    with pytest.raises(NotLearnt):
        await once.get("it", pytest.fail)
    gc.collect()
    assert faults == []
