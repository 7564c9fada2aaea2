"""What the machine gives by itself, without this program: with it, figures of one machine can be read on another.

The marks were set on a machine whose figures stand in the notes.
"""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
import uvloop
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypercorn.asyncio import serve
from hypercorn.config import Config

from ops.bench.load import Load, connected_to, expecting, send_all
from ops.bench.marks import Mark, Scale
from ops.bench.running import PATIENCE_SECONDS, database, free_port

SECONDS = 0.4
ROWS = 10_000
REQUESTS = 4000
CONCURRENCY = 8
BIND = "127.0.0.1"
_MESSAGE = b"x" * 300
_REQUEST = f"GET / HTTP/1.1\r\nHost: {BIND}\r\n\r\n".encode()
_WHERE = "{:,} where the marks were set"


def measure(scale: Scale) -> list[Mark]:
    """Measure what bounds delivering, receiving, appending and answering, whoever does it."""
    seconds = SECONDS * scale.part
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public, signature = key.public_key(), key.sign(_MESSAGE, PKCS1v15(), SHA256())
    return [
        Mark(
            name="RSA-2048, one thread signs",
            unit="signatures/s",
            runs=[_rate(lambda: key.sign(_MESSAGE, PKCS1v15(), SHA256()), seconds) for _ in range(scale.runs)],
            note=_WHERE.format(3_400),
        ),
        Mark(
            name="RSA-2048, one thread verifies",
            unit="signatures/s",
            runs=[
                _rate(lambda: public.verify(signature, _MESSAGE, PKCS1v15(), SHA256()), seconds)
                for _ in range(scale.runs)
            ],
            note=_WHERE.format(50_000),
        ),
        Mark(
            name=f"COPY of {scale.of(ROWS):,} rows of 1 KB into a table like the log's",
            unit="rows/s",
            runs=_copied(scale.of(ROWS), scale.runs),
            note=_WHERE.format(91_000),
        ),
        Mark(
            name=f"an empty handler on hypercorn, one process, concurrency {CONCURRENCY}",
            unit="GETs/s",
            runs=_answered(scale),
            note=_WHERE.format(5_000),
        ),
    ]


def _rate(work: Callable[[], object], seconds: float) -> float:
    """Return how often something can be done in a second."""
    begun, done = time.perf_counter(), 0
    while (now := time.perf_counter()) < begun + seconds:
        work()
        done += 1
    return done / (now - begun)


def _copied(rows: int, runs: int) -> list[float]:
    """Return how many rows a second are copied in and durable, from bytes that were made before."""
    with database() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE copied (LIKE log.events INCLUDING ALL)")
        connection.execute(
            "INSERT INTO copied (originator_id, notification_id, recorded_at, version, topic, state)"
            " SELECT gen_random_uuid(), number, now(), 1, 'activity.received', repeat('x', 950)::bytea"
            " FROM generate_series(1, %s) AS number",
            [rows],
        )
        with connection.cursor().copy("COPY copied TO STDOUT (FORMAT binary)") as pipe:
            given = b"".join(bytes(part) for part in pipe)
        return [_copy(connection, given, rows) for _ in range(runs)]


def _copy(connection: psycopg.Connection[Any], given: bytes, rows: int) -> float:
    connection.execute("TRUNCATE copied")
    connection.execute("CHECKPOINT")
    begun = time.perf_counter()
    with connection.cursor().copy("COPY copied FROM STDIN (FORMAT binary)") as pipe:
        pipe.write(given)
    return rows / (time.perf_counter() - begun)


def _answered(scale: Scale) -> list[float]:
    """Return how many requests a second a handler answers that does nothing."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", __name__, str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            return uvloop.run(_ask(port, scale))
        finally:
            process.terminate()


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection((BIND, port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


async def _ask(port: int, scale: Scale) -> list[float]:
    requests, rates = [_REQUEST] * scale.of(REQUESTS, CONCURRENCY), []
    async with connected_to(BIND, port, CONCURRENCY) as callers:
        await send_all(callers, requests, Load(), expecting(200))
        for _ in range(scale.runs):
            load, begun = Load(), time.perf_counter()
            await send_all(callers, requests, load, expecting(200))
            rates.append(len(requests) / (time.perf_counter() - begun))
    return rates


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    config = Config()
    config.bind = [f"{BIND}:{sys.argv[1]}"]
    config.keep_alive_max_requests = 1_000_000_000
    uvloop.run(serve(_nothing, config, shutdown_trigger=asyncio.Event().wait))
