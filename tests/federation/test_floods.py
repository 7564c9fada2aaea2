"""S-073: as many junk POSTs as one machine can send, at a server that runs, from one address and from five hundred."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

import httpx
import psycopg
import pytest

from fedi.activitypub.server.junk import MOST
from tests.support.peer_signing import sha256_base64
from tests.support.whole import Server

SENDERS = 8
EACH = 5
"""Requests in a connection, which a sender writes before it reads what is answered."""
BODY = b'{"type":"Like","actor":"http://10.0.0.1/users/mallory","object":"http://localhost/1"}'


def junk(here: Server, number: int) -> bytes:
    """Return a POST whose signature can be read, by a key at an address that nobody may be asked at."""
    signature = (
        f'keyId="http://10.0.0.1/users/{number}#key",headers="(request-target) host date digest",signature="QUJD"'
    )
    lines = [
        *("POST /inbox HTTP/1.1", f"Host: {here.domain}", f"Date: {formatdate(usegmt=True)}"),
        *(f"Digest: SHA-256={sha256_base64(BODY)}", f"Signature: {signature}"),
        *("Content-Type: application/activity+json", f"Content-Length: {len(BODY)}", "", ""),
    ]
    return "\r\n".join(lines).encode() + BODY


async def send(here: Server, address: str, requests: list[bytes], answers: Counter[tuple[int, bool]]) -> None:
    """Send requests from an address over one connection; count the answers by status and whether they say to wait."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(here.domain.split(":")[1]), local_addr=(address, 0))
    writer.write(b"".join(requests))
    for _ in requests:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        answers[int(head.split(b" ", 2)[1]), b"retry-after: 60" in head] += 1
    writer.close()
    await writer.wait_closed()


async def flood(here: Server, addresses: list[str], most: int) -> Counter[tuple[int, bool]]:
    """Send all junk, each sender its part, from all addresses in turn."""
    answers, waiting = Counter[tuple[int, bool]](), list(range(most))

    async def pour(addresses: Iterator[str]) -> None:
        for address in addresses:
            mine, waiting[:] = waiting[:EACH], waiting[EACH:]
            await send(here, address, [junk(here, number) for number in mine], answers)

    turns = itertools.islice(itertools.cycle(addresses), most // EACH)
    await asyncio.gather(*(pour(turns) for _ in range(SENDERS)))
    return answers


@asynccontextmanager
async def somebody_reading(here: Server) -> AsyncIterator[list[float]]:
    """Have somebody read the home timeline all the while; yields how many seconds each answer takes."""
    took: list[float] = []
    headers = {"Authorization": f"Bearer {here.people['ann'].access_token}"}
    async with httpx.AsyncClient(base_url=f"http://{here.domain}", headers=headers, timeout=20) as http:

        async def read() -> None:
            while True:
                begun = time.perf_counter()
                assert (await http.get("/api/v1/timelines/home")).status_code == 200
                took.append(time.perf_counter() - begun)

        reading = asyncio.create_task(read())
        try:
            yield took
            assert not reading.done(), reading.exception()
        finally:
            reading.cancel()


def resident(pid: int) -> int:
    """Return the memory of a process and all that it started, in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return pages * 4096 + sum(resident(int(child)) for child in children)


@pytest.fixture
def connections(here: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(here.database, autocommit=True) as connection:
        yield connection


def connected(connection: psycopg.Connection) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    ).fetchone() or (0,)
    return int(count)


@pytest.mark.parametrize(("addresses", "most"), [(1, 5_000), (500, 2_000)])
async def test_s_073_whoever_pours_out_junk_is_told_to_wait_and_nobody_else_waits(
    here: Server, connections: psycopg.Connection, addresses: int, most: int
) -> None:
    callers = [f"127.{addresses % 250}.{number // 250}.{number % 250 + 1}" for number in range(addresses)]
    await flood(here, callers, 250)  # for what is made once
    before, open_before = resident(here.pid), connected(connections)
    async with somebody_reading(here) as took:
        answers = await flood(here, callers, most)
    assert sum(answers.values()) == most
    assert {status for status, _ in answers} <= {401, 429}
    assert all(told for (status, told) in answers if status == 429)
    if addresses == 1:
        assert answers[429, True] >= most - MOST
    else:
        assert answers == {(401, False): most}, "of none of them it is much"
    assert connected(connections) <= open_before + 4, "a pool grows to its size, and no farther"
    assert resident(here.pid) - before < 50_000_000
    assert took
    assert sorted(took)[len(took) * 95 // 100] < 0.5, "though the flood comes from the same machine"
