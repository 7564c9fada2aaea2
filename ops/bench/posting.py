"""Posts of local people: how many a second, and how long one waits for the answer and until the post can be read."""

import asyncio
import itertools
import time
from collections.abc import Iterator

import uvloop

from ops.bench import people
from ops.bench.load import Caller, Load, Reply, clocked, connected, expecting, get, post, send_all
from ops.bench.marks import Mark, Scale, milliseconds, percentile
from ops.bench.people import Person
from ops.bench.running import Server

AUTHORS = 50
FOLLOWERS = 10
POSTS = 1500
ALONE = 150
CONCURRENCY = 8
TEXT = "A post of middling length, about nothing in particular, as people write them while they wait for a train."
_numbers = itertools.count(1)


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let people write who have followers here."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    authors = await people.settle(server, [f"poster{number}" for number in range(scale.of(AUTHORS, 4))])
    await people.say(server, [event for pair in _circle(authors) for event in people.follows_person(*pair)])
    await asyncio.to_thread(people.rest, server)
    together = [await _together(server, authors, scale.of(POSTS, 16)) for _ in range(scale.runs)]
    alone = [await _alone(server, authors, scale.of(ALONE, 4)) for _ in range(scale.runs)]
    median = sorted(together, key=lambda load: load.rate)[len(together) // 2]
    answered = [percentile(answers, 50) * 1000 for answers, _ in alone]
    readable = [percentile(reads, 50) * 1000 for _, reads in alone]
    return [
        Mark(
            name=f"POST statuses, concurrency {CONCURRENCY}, until the last can be read",
            unit="posts/s",
            runs=[load.rate for load in together],
            goal=800.0,
            loader=median.loader,
            note=f"{milliseconds(median.latencies)}; {median.note}",
        ),
        Mark(name="POST statuses, alone, p50 of the answer", unit="ms", runs=answered, goal=3.0),
        Mark(name="the same, p50 until it stands in the author's home timeline", unit="ms", runs=readable),
    ]


async def _together(server: Server, authors: list[Person], number: int) -> Load:
    load, said = Load(), list[str]()

    def check(reply: Reply) -> None:
        expecting(200)(reply)
        said.append(reply.json()["id"])

    requests = [_new(server, authors[each % len(authors)]) for each in range(number)]
    async with connected(server, CONCURRENCY) as callers:
        with clocked(server, load):
            await send_all(callers, requests, load, check)
            reply = await callers[0].ask(get(server, f"/api/v1/statuses/{max(said, key=int)}", authors[0].token))
            expecting(200)(reply)
    return load


async def _alone(server: Server, authors: list[Person], number: int) -> tuple[list[float], list[float]]:
    answers, reads = list[float](), list[float]()
    async with connected(server, 2) as (mouth, eyes):
        for author in _in_turn(authors, number):
            begun = time.perf_counter()
            reply = await mouth.ask(_new(server, author))
            expecting(200)(reply)
            answers.append(time.perf_counter() - begun)
            await _read(server, eyes, author, reply.json()["id"])
            reads.append(time.perf_counter() - begun)
            await asyncio.sleep(0.01)
    return answers, reads


async def _read(server: Server, eyes: Caller, author: Person, status_id: str) -> None:
    reply = await eyes.ask(get(server, "/api/v1/timelines/home", author.token))
    expecting(200)(reply)
    if status_id not in {status["id"] for status in reply.json()}:
        raise RuntimeError("somebody did not find their own post at home")


def _circle(authors: list[Person]) -> Iterator[tuple[Person, Person]]:
    """Yield who follows whom: everybody those who come next."""
    for place, author in enumerate(authors):
        for step in range(1, min(FOLLOWERS, len(authors) - 1) + 1):
            yield authors[(place + step) % len(authors)], author


def _in_turn(authors: list[Person], number: int) -> Iterator[Person]:
    return itertools.islice(itertools.cycle(authors), number)


def _new(server: Server, author: Person) -> bytes:
    return post(server, "/api/v1/statuses", author.token, {"status": f"{TEXT} ({next(_numbers)})"})
