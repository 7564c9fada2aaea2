"""What everybody may read, one thing at a time: a status, an actor, a WebFinger answer."""

import asyncio
import itertools

import uvloop

from ops.bench import people
from ops.bench.load import Load, clocked, connected, expecting, get, post, send_all
from ops.bench.marks import Mark, Scale, milliseconds
from ops.bench.people import Person
from ops.bench.running import Server

PEOPLE = 50
READS = 4000
CONCURRENCY = 8


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let strangers ask."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    writers = await people.settle(server, [f"shown{number}" for number in range(scale.of(PEOPLE, 4))])
    async with connected(server, CONCURRENCY) as callers:
        said = [
            await callers[0].ask(post(server, "/api/v1/statuses", each.token, {"status": f"Read this, by {each.name}"}))
            for each in writers
        ]
        await asyncio.to_thread(people.rest, server)
        kinds = {
            "a status": [get(server, f"/api/v1/statuses/{reply.json()['id']}") for reply in said],
            "an actor": [actor(server, each) for each in writers],
            "WebFinger": [named(server, each) for each in writers],
        }
        marks = []
        for kind, requests in kinds.items():
            await send_all(callers, requests, Load(), expecting(200))
            runs = []
            for _ in range(scale.runs):
                load = Load()
                turns = itertools.islice(itertools.cycle(requests), scale.of(READS, 50))
                with clocked(server, load):
                    await send_all(callers, turns, load, expecting(200))
                runs.append(load)
            marks.append(_mark(kind, len(writers), runs))
    return marks


def actor(server: Server, person: Person) -> bytes:
    """Return a stranger's request for the document of somebody here."""
    return get(server, f"/users/{person.name}", accept="application/activity+json")


def named(server: Server, person: Person) -> bytes:
    """Return a stranger's question who somebody here is, by WebFinger."""
    path = f"/.well-known/webfinger?resource=acct:{person.name}@{server.settings.local_domain}"
    return get(server, path, accept="application/jrd+json")


def _mark(kind: str, number: int, runs: list[Load]) -> Mark:
    median = sorted(runs, key=lambda load: load.rate)[len(runs) // 2]
    return Mark(
        name=f"{kind}, read by strangers, concurrency {CONCURRENCY}, {number} in turn",
        unit="GETs/s",
        goal=4000.0,
        runs=[load.rate for load in runs],
        loader=median.loader,
        note=f"{milliseconds(median.latencies)}; {median.note}",
    )
