"""A crowd here: somebody posts whom thousands follow who have been here lately, while others read at home.

All timelines are full before, for to write into a full one takes longest. Those of the crowd are alike.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

import uvloop
from redis import Redis

from fedi import homes, shares
from ops.bench import people
from ops.bench.load import PATIENCE_SECONDS, Caller, Load, clocked, connected, expecting, get, post, send_all
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.people import Person
from ops.bench.residents import figure
from ops.bench.running import Server

FOLLOWERS = 10_000
OTHERS = 20
POSTS = 5
CONCURRENCY = 2
WITHIN_SECONDS = 2.0
TIMES = 2.0
"""The others' p95 is not to grow more than so many times."""
LEAST = 20
"""Requests that a p95 is taken from, at least."""
LOOK_SECONDS = 0.005
PAGE = "/api/v1/timelines/home?limit=20"


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write whom everybody here follows, but for those who read meanwhile."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    others = await people.settle(server, [f"other{number}" for number in range(scale.of(OTHERS, 2))])
    (famous,) = await people.settle(server, ["famous"])
    crowd = await people.crowd(server, [f"one{number}" for number in range(scale.of(FOLLOWERS, 20))])
    await people.say(server, [event for each in crowd for event in people.follows_person(each, famous)])
    await people.say(server, [event for each in others for event in people.follows_person(each, others[0])])
    length = scale.of(homes.LENGTH, 20)
    for author in (famous, others[0]):
        await people.wrote(server, author, length)
    await asyncio.to_thread(people.rest, server)
    requests, quiet, busy = [get(server, PAGE, each.token) for each in others], Load(), Load()
    seconds, notes = list[float](), list[str]()
    with Redis.from_url(server.settings.redis_url or "", decode_responses=True) as store:
        async with connected(server, CONCURRENCY) as callers, connected(server, 1) as (mouth,):
            await _everybody_is_here(store, crowd)
            await send_all(callers, requests, Load(), expecting(200))  # whoever reads gets a timeline in Redis
            await _until(lambda: all(_has_one(store, each) for each in others))
            for number in range(scale.of(POSTS, 1)):
                await _read_until(callers, requests, quiet, asyncio.create_task(asyncio.sleep(scale.part)))
                with clocked(server, window := Load()):
                    written = asyncio.create_task(_post(server, mouth, famous, store, number))
                    await _read_until(callers, requests, busy, written)
                status, lasted = written.result()
                _everybody_has(store, crowd, status, length)
                seconds.append(lasted)
                notes.append(window.note)
    before, after = (percentile(load.latencies, 95) * 1000 for load in (quiet, busy))
    return [
        Mark(
            name=f"a post is in {len(crowd):,} home timelines of {length}",
            unit="s",
            runs=seconds,
            goal=WITHIN_SECONDS,
            note=f"from the POST; {notes[-1]}",
        ),
        Mark(
            name="the others' p95 at home meanwhile",
            unit="times as long",
            runs=[after / before],
            goal=TIMES,
            note=f"{before:.1f} ms, and {after:.1f} ms of {len(busy.latencies):,} GETs meanwhile",
        ),
    ]


async def _everybody_is_here(store: Redis, crowd: Sequence[Person]) -> None:
    """Have everybody be here, each with a timeline: one is filled as for whoever reads, the others are copies of it."""
    now, (first, *others) = int(time.time()), crowd
    with store.pipeline(transaction=False) as pipe:
        for each in crowd:
            pipe.zadd(homes.readers(homes.slice_of(each.account_id)), {str(each.account_id): now})
        pipe.sadd(homes.wanted(homes.slice_of(first.account_id)), str(first.account_id))
        pipe.execute()
        await _until(lambda: _has_one(store, first))
        for each in others:
            pipe.copy(homes.timeline(first.account_id), homes.timeline(each.account_id), replace=True)
            pipe.sadd(homes.filled(homes.slice_of(each.account_id)), str(each.account_id))
        pipe.execute()


async def _read_until(
    callers: Sequence[Caller], requests: Sequence[bytes], load: Load, end: "asyncio.Task[Any]"
) -> None:
    """Read in turn until something is over, and often enough to tell how long it takes."""
    before = len(load.latencies)
    turns = itertools.takewhile(
        lambda _: not end.done() or len(load.latencies) < before + LEAST, itertools.cycle(requests)
    )
    await send_all(callers, turns, load, expecting(200))


async def _post(server: Server, mouth: Caller, famous: Person, store: Redis, number: int) -> tuple[int, float]:
    """Post; return which status it is, and the seconds until all timelines are written as far as it stands."""
    begun = time.perf_counter()
    text = {"status": f"News for everybody, number {number} at {time.time()}"}
    reply = await mouth.ask(post(server, "/api/v1/statuses", famous.token, text))
    expecting(200)(reply)
    position = await asyncio.to_thread(figure, server, "SELECT max(notification_id) FROM log.events")
    cursors = [homes.cursor(part) for part in shares.ALL]
    await _until(lambda: all(int(each or 0) >= position for each in cast("list[str | None]", store.mget(cursors))))
    return int(reply.json()["id"]), time.perf_counter() - begun


def _has_one(store: Redis, person: Person) -> bool:
    """Tell whether somebody's timeline is whole."""
    return bool(store.sismember(homes.filled(homes.slice_of(person.account_id)), str(person.account_id)))


async def _until(there: Callable[[], bool]) -> None:
    """Look again and again whether something is there. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if there():
                return
            await asyncio.sleep(LOOK_SECONDS)


def _everybody_has(store: Redis, crowd: Sequence[Person], status: int, length: int) -> None:
    with store.pipeline(transaction=False) as pipe:
        for each in crowd:
            pipe.zscore(homes.timeline(each.account_id), homes.member(status))
        missing = sum(score is None for score in pipe.execute())
        for each in crowd:
            pipe.zcard(homes.timeline(each.account_id))
        short = sum(entries < length for entries in pipe.execute())
    if missing or short:
        raise RuntimeError(f"of {len(crowd)} home timelines {missing} have not the post, and {short} are not full")
