"""What the works cost on a server that has grown: worlds of several sizes, each beside the smallest.

Every run is the median of one request after the other, alone: it shows what a work costs, not how many fit in.
"""

import asyncio
import contextlib
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
import uvloop
from redis import Redis

from fedi import clock, homes
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.projections.rebuild import rebuild
from ops.bench import people, reading
from ops.bench.inbox import signed
from ops.bench.load import Caller, connected, expecting, get, post
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.people import Person
from ops.bench.residents import figure, residents
from ops.bench.running import Server, free_port, scratch, serving

SIZES = (10_000, 100_000)
MOST = 1_000_000
FLAT = 1.3
"""No work may cost more than so many times what it costs in the smallest world."""
READERS = 40
READS = 200
BUSY = 10
"""How many authors of the newest posts are read: those who wrote most, for whom a page is full."""
WRITES = 60
TIMELINE_BYTES = 16_384
_CHUNK = 1 << 20
LOOK_SECONDS = 0.002
LOOKS = 5000
SETTLE_SECONDS = 1.5
_INDEX_FILES = """
    SELECT current_setting('data_directory') || '/' || pg_relation_filepath(c.oid)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'i' AND n.nspname IN ('log', 'read')"""
_numbers = itertools.count(time.time_ns())
"""Of what strangers say: a world that is kept has heard of others already."""

Costs = dict[str, float]
"""Milliseconds or bytes, by what costs them."""


def measure(scale: Scale) -> list[Mark]:
    """Compare worlds of ten and of a hundred thousand statuses."""
    return compare(scale, [scale.of(size, 1000) for size in SIZES])


def measure_million(scale: Scale) -> list[Mark]:
    """Compare these with a world of a million, whose load alone takes many minutes."""
    return compare(scale, [scale.of(size, 1000) for size in (*SIZES, MOST)])


def compare(scale: Scale, sizes: Sequence[int]) -> list[Mark]:
    """Return a line for each work and each world; the goal stands at the largest.

    All of them run, and are measured in turn: a machine has slow minutes, in which none is to be measured alone.
    """
    with contextlib.ExitStack() as used:
        worlds = [(size, used.enter_context(_served(scale, size))) for size in sizes]
        turns = [[uvloop.run(works(server, scale)) for _, server in worlds] for _ in range(scale.runs)]
        found = [
            (size, _runs([*costs, {**_sizes(server), "start": server.seconds * 1000, **_folding(server)}]))
            for (size, server), costs in zip(worlds, zip(*turns, strict=True), strict=True)
        ]
    smallest = {what: statistics.median(runs) for what, runs in found[0][1].items()}
    return [
        Mark(
            name=f"{what}, {size:,} statuses",
            unit="bytes" if "bytes" in what else "ms",
            runs=costs[what],
            goal=_goal(what, smallest, last=size == sizes[-1]),
            note=f"{statistics.median(costs[what]) / smallest[what]:.2f} of that at {sizes[0]:,}",
        )
        for what in smallest
        for size, costs in found
    ]


def _runs(costs: Iterable[Costs]) -> dict[str, list[float]]:
    """Return what each thing cost each time that it was measured."""
    found: dict[str, list[float]] = {}
    for some in costs:
        for what, cost in some.items():
            found.setdefault(what, []).append(cost)
    return found


def _goal(what: str, smallest: Costs, *, last: bool) -> float | None:
    if what.startswith("a home timeline"):
        return TIMELINE_BYTES
    return smallest[what] * FLAT if last else None


@contextlib.contextmanager
def _served(scale: Scale, size: int) -> Iterator[Server]:
    """Run the server of a world that is kept, or of a new one."""
    with contextlib.ExitStack() as used:
        data_dir, port = _kept(scale.worlds, size) if scale.worlds else _new(used.enter_context(scratch()), size)
        server = used.enter_context(serving(data_dir, port))
        _run_in(server)
        yield server


def _new(data_dir: Path, size: int) -> tuple[Path, int]:
    """Load a world; return where it is, and on which port alone it can be served."""
    port = free_port()
    fill(data_dir, port, size)
    return data_dir, port


def _kept(worlds: Path, size: int) -> tuple[Path, int]:
    """Return a world that is kept, loaded now if it is not there: it is named by its size and its port."""
    for data_dir in worlds.glob(f"{size}-*"):
        return data_dir, int(data_dir.name.rpartition("-")[2])
    worlds.mkdir(mode=0o711, parents=True, exist_ok=True)  # any user may enter, as the database's
    with scratch(worlds) as loading:
        data_dir, port = _new(loading, size)
        return data_dir.rename(worlds / f"{size}-{port}"), port


def fill(data_dir: Path, port: int, statuses: int, *more: str) -> None:
    """Load a world as an operator would, for a server that will listen on `port`."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    environ |= {"FEDI_DATA_DIR": str(data_dir), "PORT": str(port)}
    arguments = ["-m", "fedi", "bench", "load", "--statuses", str(statuses), *more]
    subprocess.run([sys.executable, *arguments], env=environ, check=True, stdout=subprocess.DEVNULL)


def _run_in(server: Server) -> None:
    """Bring the database where one is that has run for a day: vacuumed, and with its indexes in memory.

    A page of the log's identities, which are random, is a new one for each append, and to read it from the disk takes
    longer than all else.
    """
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        for (path,) in connection.execute(_INDEX_FILES).fetchall():
            with Path(path).open("rb", buffering=0) as file:
                while file.read(_CHUNK):
                    pass


async def works(server: Server, scale: Scale) -> Costs:
    """Return what the works cost, each in milliseconds."""
    readers = await residents(server, scale.of(READERS, 4))
    await asyncio.to_thread(people.rest, server)
    number, found = scale.of(READS, 4), Costs()
    async with connected(server, 1) as (caller,):
        for what, requests in (await _reads(server, caller, readers)).items():
            await _alone(caller, requests[:READERS])
            if what == "home GET":
                await asyncio.sleep(SETTLE_SECONDS)  # whoever reads gets a timeline in Redis
            found[what] = await _alone(caller, itertools.islice(itertools.cycle(requests), number))
        authors = itertools.islice(itertools.cycle(readers), scale.of(WRITES, 2))
        writes = [post(server, "/api/v1/statuses", each.token, {"status": f"So be it ({uuid4()})"}) for each in authors]
        found["POST status"] = await _alone(caller, writes)
        found |= await _arriving(server, caller, readers[0], scale)
    found["append"] = await _appending(server, scale)
    return found


async def _reads(server: Server, caller: Caller, readers: Sequence[Person]) -> dict[str, list[bytes]]:
    """Return what is asked in a world. Pages are full in each of them, or the smallest would have the least to show."""
    public = (await caller.ask(get(server, "/api/v1/timelines/public?limit=40", readers[0].token))).json()
    authors = {status["account"]["id"]: status["account"]["statuses_count"] for status in public}
    busy = sorted(authors, key=authors.__getitem__, reverse=True)[:BUSY]
    paths = {
        "home GET": ["/api/v1/timelines/home?limit=20"],
        "status GET": [f"/api/v1/statuses/{status['id']}" for status in public],
        "public timeline": ["/api/v1/timelines/public?limit=20", "/api/v1/timelines/public?limit=20&local=true"],
        "hashtag": [f"/api/v1/timelines/tag/topic{rank}?limit=20" for rank in range(4)],
        "account's statuses": [f"/api/v1/accounts/{author}/statuses?limit=20" for author in busy],
        "thread": [f"/api/v1/statuses/{status['id']}/context" for status in public],
        "search": [f"/api/v2/search?q={words}" for words in ("train", "coffee+window", "topic3", "w1_30")],
        "notifications": ["/api/v1/notifications?limit=10", "/api/v2/notifications?limit=10"],
    }
    turns = {what: itertools.cycle(given) for what, given in paths.items()}
    number = max(len(readers), len(public))
    return {
        "actor GET": [reading.actor(server, each) for each in readers],
        "WebFinger GET": [reading.named(server, each) for each in readers],
        **{
            what: [get(server, next(turn), readers[each % len(readers)].token) for each in range(number)]
            for what, turn in turns.items()
        },
    }


async def _alone(caller: Caller, requests: Sequence[bytes] | Iterator[bytes]) -> float:
    seconds = []
    for request in requests:
        begun = time.perf_counter()
        reply = await caller.ask(request)
        seconds.append(time.perf_counter() - begun)
        expecting(200)(reply)
    return percentile(seconds, 50) * 1000


async def _arriving(server: Server, caller: Caller, reader: Person, scale: Scale) -> Costs:
    """Return how long it takes from the POST of somebody's note until it is accepted, and a follower has it at home."""
    writer = people.stranger("https://writers.localhost", "writer", "writer")
    accepted, visible = list[float](), list[float]()
    await people.say(server, [*people.known([writer]), *people.follows_stranger(reader, writer)])
    for _ in range(scale.of(WRITES, 2)):
        create = people.note(writer, next(_numbers), "<p>Something new.</p>", clock.now())
        request = signed(server, writer, create)
        begun = time.perf_counter()
        expecting(202)(await caller.ask(request))
        accepted.append(time.perf_counter() - begun)
        for _ in range(LOOKS):
            if await _at_home(server, caller, reader, create["object"]["id"]):
                break
            await asyncio.sleep(LOOK_SECONDS)
        else:
            raise RuntimeError("what was accepted does not come home")
        visible.append(time.perf_counter() - begun)
    return {
        "inbox POST until accepted": percentile(accepted, 50) * 1000,
        "inbox POST until visible": percentile(visible, 50) * 1000,
    }


async def _at_home(server: Server, caller: Caller, reader: Person, uri: str) -> bool:
    reply = await caller.ask(get(server, "/api/v1/timelines/home?limit=1", reader.token))
    expecting(200)(reply)
    return any(status["uri"] == uri for status in reply.json())


async def _appending(server: Server, scale: Scale) -> float:
    teller, seconds = people.stranger("https://writers.localhost", "teller", "writer"), list[float]()
    async with Appender(server.database_url) as appender:
        for _ in range(scale.of(READS, 4)):
            said = people.received(teller, people.note(teller, next(_numbers), "<p>Something new.</p>", clock.now()))
            begun = time.perf_counter()
            await appender.append([Draft(identity=uuid4(), event=said)])
            seconds.append(time.perf_counter() - begun)
    return percentile(seconds, 50) * 1000


def _sizes(server: Server) -> Costs:
    """Return the bytes for each status of the log, the views and Redis, and of the longest home timeline."""
    statuses = figure(server, "SELECT count(*) FROM read.statuses")
    with Redis.from_url(server.settings.redis_url or "") as redis:
        longest = max(redis.scan_iter(match=f"{homes.timeline(0)[:-1]}[0-9]*"), key=redis.zcard)
        entries, held = redis.zcard(longest), redis.memory_usage(longest, samples=0)
        used = int(redis.info("memory")["used_memory"])
    return {
        "bytes of log for a status": _relations(server, "log") / statuses,
        "bytes of views for a status": _relations(server, "read") / statuses,
        "bytes of Redis for a status": used / statuses,
        f"a home timeline of {homes.LENGTH} entries, bytes": held / entries * homes.LENGTH,
    }


def _relations(server: Server, schema: str) -> int:
    size = "sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    return figure(server, f"SELECT {size} WHERE n.nspname = '{schema}' AND relkind = 'r'")


def _folding(server: Server) -> Costs:
    """Return what it costs to fold an event when all views are folded anew."""
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    begun = time.perf_counter()
    number = rebuild(server.database_url).position
    return {"fold of an event, all views": (time.perf_counter() - begun) * 1000 / number}
