"""How many events of 1 KB a process appends durably, one unit each, with many waiting producers.

A latency ends when the producer has its position: after COMMIT, with fsync on.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import uvloop

from fedi.events.activities import ActivityReceived
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.running import database

PAYLOAD = 1024
WARM_UP_SECONDS = 0.5
SECONDS = 2.5
PRODUCERS = {1: None, 256: 40_000.0}
"""How many wait at a time, and the goal."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One run. Latencies are milliseconds; `loader` is the CPU time of this process as a share of one core."""

    events_per_second: float
    p50: float
    p99: float
    loader: float


def received() -> ActivityReceived:
    """Return an event whose payload is 1 KB."""
    actor = "https://remote.example/users/felix"
    event = ActivityReceived(
        document=msgspec.Raw(b'""'),
        actor=actor,
        key=f"{actor}#main-key",
        signed_at=datetime(2026, 3, 2, tzinfo=UTC),
        digest="0" * 64,
    )
    rest = PAYLOAD - len(msgspec.json.encode(event))
    return msgspec.structs.replace(event, document=msgspec.Raw(b'"' + b"x" * rest + b'"'))


async def measure_once(dsn: str, producers: int, seconds: float) -> Figures:
    """Let producers append one event after the other for some seconds, or until one of them is counted."""
    event, latencies = received(), list[float]()
    start = time.perf_counter() + WARM_UP_SECONDS
    end = start + seconds

    async def produce(appender: Appender) -> None:
        while (asked := time.perf_counter()) < end or not latencies:
            await appender.append([Draft(identity=uuid4(), event=event)])
            if asked >= start:
                latencies.append(time.perf_counter() - asked)

    async with Appender(dsn) as appender:
        cpu = time.process_time()
        await asyncio.gather(*(produce(appender) for _ in range(producers)))
        cpu, lasted = time.process_time() - cpu, time.perf_counter() - start
    return Figures(
        events_per_second=len(latencies) / lasted,
        p50=percentile(latencies, 50) * 1000,
        p99=percentile(latencies, 99) * 1000,
        loader=cpu / (lasted + WARM_UP_SECONDS),
    )


def settings_of(dsn: str) -> dict[str, Any]:
    """Return what makes the figure honest: the server's version and whether it waits for the disk."""
    with psycopg.connect(dsn) as conn:
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        return {name: conn.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names}


def measure(scale: Scale) -> list[Mark]:
    """Measure on a database of its own."""
    with database() as url:
        return _marks_of(url, scale)


def _run(dsn: str, producers: int, seconds: float) -> Figures:
    """Measure once, on a server that has run for a while: the files of what was written before are there to be reused.

    A new one of 16 MB, which is all noughts at first, holds everybody up for 80 ms.
    """
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
    return uvloop.run(measure_once(dsn, producers, seconds))


def _marks_of(dsn: str, scale: Scale) -> list[Mark]:
    server = " ".join(f"{name}={value[0]}" for name, value in settings_of(dsn).items())
    marks = []
    uvloop.run(measure_once(dsn, max(PRODUCERS), SECONDS * scale.part))
    for producers, goal in PRODUCERS.items():
        runs = [_run(dsn, producers, SECONDS * scale.part) for _ in range(scale.runs)]
        median = sorted(runs, key=lambda run: run.events_per_second)[len(runs) // 2]
        marks.append(
            Mark(
                name=f"appends of 1 KB, {producers} producers",
                unit="events/s",
                runs=[run.events_per_second for run in runs],
                goal=goal,
                loader=median.loader,
                note=f"p50 {median.p50:.1f} ms, p99 {median.p99:.1f} ms, {server}",
            )
        )
    return marks
