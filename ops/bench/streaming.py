"""How long it takes from sending a post until every follower's socket has it, and how much sockets take in a burst."""

import asyncio
import time

import uvloop

from ops.bench import people, sockets
from ops.bench.load import Load, clocked, connected, expecting, post, send_all
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.people import Person
from ops.bench.running import Server
from ops.bench.sockets import Ears

SOCKETS = (100, 1000)
GOALS = {100: (10.0, 20.0), 1000: (25.0, 40.0)}
POSTS = 20
PAUSE_SECONDS = 0.2
BURST = 50
WRITERS = 8


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write whom everybody here follows."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    numbers = [scale.of(number, 3) for number in SOCKETS]
    author, *followers = await people.settle(server, [f"listener{number}" for number in range(max(numbers) + 1)])
    await people.say(server, [event for each in followers for event in people.follows_person(each, author)])
    await asyncio.to_thread(people.rest, server)
    marks = list[Mark]()
    for full, number in zip(SOCKETS, numbers, strict=True):
        async with sockets.listening(server, followers[:number], "user") as ears:
            await burst(server, author, ears, number, 2 * WRITERS)  # what a process does first it has to plan
            runs = [await one_by_one(server, author, ears, number, scale.of(POSTS, 2)) for _ in range(scale.runs)]
            if full == max(SOCKETS):
                bursts = [await burst(server, author, ears, number, scale.of(BURST, 2)) for _ in range(scale.runs)]
        marks += latencies(f"from sending a post to its sight on {number} sockets", runs, GOALS[full])
    return [*marks, _burst(f"messages to {number} user-stream sockets, {scale.of(BURST, 2)} posts at once", bursts)]


async def one_by_one(server: Server, author: Person, ears: Ears, listeners: int, posts: int) -> Load:
    """Post now and then; a latency is that of one socket."""
    load = Load()
    async with connected(server, 1) as (caller,):
        with clocked(server, load):
            for _ in range(posts):
                words, text = sockets.hear_this()
                ears.listen_for([words], listeners)
                begun = time.perf_counter()
                expecting(200)(await caller.ask(_saying(server, author, text)))
                await ears.all_heard()
                load.latencies += [heard - begun for heard in ears.heard]
                await asyncio.sleep(PAUSE_SECONDS)
    return load


async def burst(server: Server, author: Person, ears: Ears, listeners: int, posts: int) -> Load:
    """Post much at once, over several connections; ends when everybody has heard of each."""
    load, said = Load(), [sockets.hear_this() for _ in range(posts)]
    requests = [_saying(server, author, text) for _, text in said]
    ears.listen_for([words for words, _ in said], listeners)
    async with connected(server, WRITERS) as callers:
        with clocked(server, load):
            begun = time.perf_counter()
            await send_all(callers, requests, Load(), expecting(200))
            await ears.all_heard()
            load.latencies = [heard - begun for heard in ears.heard]
    await asyncio.sleep(PAUSE_SECONDS)
    return load


def _saying(server: Server, author: Person, text: str) -> bytes:
    return post(server, "/api/v1/statuses", author.token, {"status": text})


def latencies(name: str, runs: list[Load], goals: tuple[float, float]) -> list[Mark]:
    """Return the marks of what sockets waited for, p50 and p99, with the goals of both."""
    median = sorted(runs, key=lambda load: percentile(load.latencies, 50))[len(runs) // 2]
    return [
        Mark(
            name=f"{name}, p{percent}",
            unit="ms",
            runs=[percentile(load.latencies, percent) * 1000 for load in runs],
            goal=goal,
            loader=median.loader,
        )
        for percent, goal in zip((50, 99), goals, strict=True)
    ]


def _burst(name: str, runs: list[Load]) -> Mark:
    median = sorted(runs, key=lambda load: load.rate)[len(runs) // 2]
    return Mark(
        name=name,
        unit="messages/s",
        runs=[load.rate for load in runs],
        goal=45_000.0,
        loader=median.loader,
        note=f"from the first POST; {median.note}",
    )
