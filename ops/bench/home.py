"""Home timelines, read by many people in turn while posts arrive."""

import asyncio
import itertools
import random
from datetime import timedelta

import uvloop

from fedi import clock
from fedi.events import Event
from ops.bench import people
from ops.bench.chatter import Chatter
from ops.bench.inbox import signed
from ops.bench.leaks import look_for_leaks
from ops.bench.load import Caller, Load, clocked, connected, expecting, get, send_all
from ops.bench.marks import Mark, Scale, milliseconds, percentile
from ops.bench.people import Person, Stranger
from ops.bench.running import Server

ORIGIN = "https://authors.localhost"
PEOPLE = 100
AUTHORS = 200
FOLLOWED = 40
POSTS = 3000
READS = 6000
CONCURRENCY = 8
ARRIVING = 20
"""Posts a second that come in meanwhile."""
PAGE = "/api/v1/timelines/home?limit=20"
SETTLE_SECONDS = 1.5


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let people read who follow many others."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    chance = random.Random(1)
    readers = await people.settle(server, [f"reader{number}" for number in range(scale.of(PEOPLE, 5))])
    authors = [people.stranger(ORIGIN, f"author{number}") for number in range(scale.of(AUTHORS, 10))]
    await people.say(server, _past(readers, authors, scale, chance))
    await asyncio.to_thread(people.rest, server)
    requests = [get(server, PAGE, reader.token) for reader in readers]
    runs, size = [], 0
    numbers = itertools.count(10**6)
    async with connected(server, CONCURRENCY) as callers, connected(server, 1) as (mouth,):
        await send_all(callers, requests, Load(), expecting(200))  # whoever reads gets a timeline in Redis
        await asyncio.sleep(SETTLE_SECONDS)
        reply = await callers[0].ask(requests[0])
        size = len(reply.body)
        for _ in range(scale.runs):
            load = Load()
            arriving = asyncio.create_task(_arrive(server, mouth, authors, numbers))
            with clocked(server, load):
                turns = itertools.islice(itertools.cycle(requests), scale.of(READS, 50))
                await send_all(callers, turns, load, expecting(200))
            arriving.cancel()
            await asyncio.wait([arriving])
            runs.append(load)
            await asyncio.sleep(SETTLE_SECONDS * scale.part)
        await look_for_leaks(server, callers, *readers[:2])
    median = sorted(runs, key=lambda load: load.rate)[len(runs) // 2]
    return [
        Mark(
            name=f"home timeline, 20 statuses, concurrency {CONCURRENCY}, {len(readers)} people in turn",
            unit="GETs/s",
            runs=[load.rate for load in runs],
            goal=3000.0,
            loader=median.loader,
            note=f"{milliseconds(median.latencies)}; {size / 1000:.0f} kB, {ARRIVING} posts/s arrive; {median.note}",
        ),
        Mark(
            name="the same, p99",
            unit="ms",
            runs=[percentile(load.latencies, 99) * 1000 for load in runs],
            goal=20.0,
        ),
    ]


def _past(readers: list[Person], authors: list[Stranger], scale: Scale, chance: random.Random) -> list[Event]:
    """Return what was said before: everybody's arrival, who follows whom, and some days of posts."""
    follows = [
        event
        for reader in readers
        for author in chance.sample(authors, min(FOLLOWED, len(authors)))
        for event in people.follows_stranger(reader, author)
    ]
    number = scale.of(POSTS, 100)
    chatter = Chatter(authors, readers, chance, clock.now() - timedelta(minutes=number))
    return [*people.known(authors), *follows, *chatter.posts(number)]


async def _arrive(server: Server, mouth: Caller, authors: list[Stranger], numbers: "itertools.count[int]") -> None:
    """Let posts come in at a steady pace until cancelled."""
    while True:
        author = authors[next(numbers) % len(authors)]
        create = people.note(author, next(numbers), "<p>Something new.</p>", clock.now())
        expecting(202)(await mouth.ask(signed(server, author, create)))
        await asyncio.sleep(1 / ARRIVING)
