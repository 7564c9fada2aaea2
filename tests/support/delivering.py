"""A server of our own that delivers into a fake fediverse, under a clock that only the test moves.

async def test_...(post: Delivering) -> None:
    alice, host = await post.here.person("alice"), post.everywhere.host("away.example", behaviours.dead)
    await post.followed(alice, host)
    note = await post.here.post(alice)
    await post.deliver()                    # all that is due by now
    host.behave(behaviours.honest)
    await post.pass_time(hours=1)           # and all that falls due meanwhile, at its time
    assert post.contents(host) == [note["content"]]
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from fedi.clock import now
from fedi.effects.deliver import Deliver
from fedi.effects.fetching import Fetching
from fedi.effects.lanes import Lanes
from tests.support.fake_actor import FakeActor
from tests.support.fake_host import FakeRemote
from tests.support.fediverse import Fediverse
from tests.support.here import Here, Person, running, until

PATIENCE_SECONDS = 60.0
ASKED = "SELECT count(*) FROM effects.fetches WHERE finished_at IS NULL AND due_at <= now()"
"""How much is to be fetched by now."""


class Hands:
    """A clock whose hands are moved by hand."""

    def __init__(self) -> None:
        self.time = now()

    def __call__(self) -> datetime:
        return self.time


class Delivering:
    """The server `here` and its deliveries. Nothing is sent but in `deliver` and `pass_time`."""

    def __init__(self, here: Here, everywhere: Fediverse, clock: Hands, lanes: Lanes) -> None:
        self.here = here
        self.everywhere = everywhere
        self.clock = clock
        self._lanes = lanes

    async def followed(self, person: Person, *hosts: FakeRemote, name: str = "fan") -> list[FakeActor]:
        """Let somebody on each host follow a person here, without any delivery."""
        fans = [host.actors.get(name) or host.actor(name) for host in hosts]
        follows = [fan.follow(person.id) for fan in fans]
        await asyncio.gather(*(self.here.meet(fan.document()) for fan in fans))
        await asyncio.gather(*(self.here.hear(follow) for follow in follows))
        await asyncio.gather(*(self.here.say(person, "Accept", follow) for follow in follows))
        await self.skip()
        return fans

    async def skip(self) -> None:
        """Take what was said so far as delivered."""
        self.here.fold()
        await self.here.rows("UPDATE effects.cursors SET position = (SELECT position FROM read.cursor) RETURNING 1")

    async def queue(self) -> None:
        """Queue what was said, and send nothing yet unless it is sent at once."""
        await self.here.run(Deliver(self.here.borders, self.clock))

    async def deliver(self, *besides: FakeRemote) -> None:
        """Send all that is due; hosts `besides` may be left waiting for an answer."""
        await self.queue()
        self._lanes.wake()
        left = [host.authority for host in besides]
        due = "SELECT name FROM effects.hosts WHERE wake_at <= %s AND name <> ALL(%s) LIMIT 1"
        deadline = monotonic() + PATIENCE_SECONDS
        while found := await self.here.rows(due, self.clock(), left):
            assert monotonic() < deadline, f"something is due for {found[0][0]} and not sent"
            await asyncio.sleep(0.005)

    async def learn(self) -> None:
        """Fetch all that somebody asked for."""
        fetching = Fetching(self.here.pool, self.here.means)
        task = asyncio.create_task(fetching.run())
        await until(self.here, ASKED, [(0,)])
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        self.here.fold()

    async def pass_time(self, *besides: FakeRemote, **by: float) -> int:
        """Let time go by, and send what falls due at each moment; return at how many moments something did."""
        end, moments = self.clock() + timedelta(**by), 0
        await self.deliver(*besides)
        left = [host.authority for host in besides]
        next_wake = "SELECT min(wake_at) FROM effects.hosts WHERE name <> ALL(%s)"
        while (wake := (await self.here.rows(next_wake, left))[0][0]) is not None and wake <= end:
            self.clock.time = wake
            await self.deliver(*besides)
            moments += 1
        self.clock.time = end
        return moments

    async def outcomes(self, host: FakeRemote | None = None) -> dict[str | None, int]:
        """Return how many deliveries ended in which way; None are those that wait."""
        query = "SELECT outcome, count(*) FROM effects.deliveries WHERE %s::text IS NULL OR host = %s GROUP BY outcome"
        name = None if host is None else host.authority
        found: list[tuple[Any, ...]] = await self.here.rows(query, name, name)
        return {row[0]: row[1] for row in found}

    async def state(self, host: FakeRemote) -> dict[str, Any]:
        """Return what is remembered of a host."""
        ((row,),) = await self.here.rows("SELECT to_jsonb(hosts) FROM effects.hosts WHERE name = %s", host.authority)
        found: dict[str, Any] = row
        return found


def contents(host: FakeRemote) -> list[str]:
    """Return the contents of the posts that a host was sent and took, in the order in which they came."""
    taken = [each for each in host.deliveries("Create") if each.answered.startswith(b"HTTP/1.1 2")]
    return [each.activity["object"]["content"] for each in taken]


def types(host: FakeRemote) -> list[str]:
    """Return what kinds of activities a host was sent."""
    return [each.activity["type"] for each in host.deliveries()]


async def posts(here: Here, person: Person, number: int, text: str = "post") -> list[str]:
    """Let somebody write several posts; return their contents."""
    written = [f"<p>{text} {each}</p>" for each in range(number)]
    for content in written:
        await here.post(person, content=content)
    return written


@contextlib.asynccontextmanager
async def delivering(url: str, everywhere: Fediverse) -> AsyncIterator[Delivering]:
    """Run a server on an empty database, with its lanes."""
    clock = Hands()
    async with running(url, everywhere.client()) as here:
        here.fold()
        lanes = Lanes(database_url=here.url, pool=here.pool, http=here.http, clock=clock)
        task = asyncio.create_task(lanes.run())
        try:
            yield Delivering(here, everywhere, clock, lanes)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
