"""Signed POSTs to the shared inbox: how many are accepted, and how many of them a follower can read at home."""

import asyncio
import time
from datetime import datetime, timedelta

import uvloop

from fedi import clock
from fedi.activitypub.signatures import sign
from fedi.activitypub.vocabulary import uris
from ops.bench import people
from ops.bench.load import Caller, Load, clocked, connected, expecting, get, send_all
from ops.bench.marks import Mark, Scale, milliseconds
from ops.bench.people import Document, Person, Stranger
from ops.bench.running import Server

ORIGIN = "https://writers.localhost"
"""Where the strangers live. Nobody answers there; the name is like most names, for to read it is part of the work."""
ACTORS = 5
CONNECTIONS = 16
ACTIVITIES = 4000
BYTES = 1024
PAGE = 40
LOOK_SECONDS = 0.005
LOOKS = 5000


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let five strangers write to somebody who follows them all."""
    return uvloop.run(_measure(server, scale))


def signed(server: Server, author: Stranger, activity: Document) -> bytes:
    """Return a POST to the shared inbox, ready to be sent; it stays valid for an hour."""
    body = people.encoded(activity)
    url = uris.parse(f"{server.settings.site.base_url}/inbox")
    headers = sign("cavage", "POST", url, key_id=author.key_id, key=author.key, now=clock.now(), body=body)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /inbox HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    strangers = [people.stranger(ORIGIN, f"writer{number}", f"writer{number}") for number in range(ACTORS)]
    (reader,) = await people.settle(server, ["inboxreader"])
    follows = [event for each in strangers for event in people.follows_stranger(reader, each)]
    await people.say(server, [*people.known(strangers), *follows])
    await asyncio.to_thread(people.rest, server)
    number = scale.of(ACTIVITIES, PAGE)
    accepted, visible = [], []
    async with connected(server, 1) as (eyes,):
        await _look(eyes, server, reader)  # from now on the projector keeps this timeline
        for run in range(scale.runs):
            load, seconds = await _run(server, eyes, reader, strangers, run * number, number)
            accepted.append(load)
            visible.append(number / seconds)
    median = sorted(accepted, key=lambda load: load.rate)[len(accepted) // 2]
    kind = f"{BYTES} B, RSA-2048, {ACTORS} actors, {CONNECTIONS} connections"
    return [
        Mark(
            name=f"signed inbox POSTs accepted, {kind}",
            unit="POSTs/s",
            runs=[load.rate for load in accepted],
            goal=2000.0,
            loader=median.loader,
            note=f"{milliseconds(median.latencies)}; {median.note}",
        ),
        Mark(
            name="the same until all are in a follower's home timeline",
            unit="POSTs/s",
            runs=visible,
            goal=1500.0,
            loader=median.loader,
        ),
    ]


async def _run(
    server: Server, eyes: Caller, reader: Person, strangers: list[Stranger], first: int, number: int
) -> tuple[Load, float]:
    """Send activities; return what accepting them came to, and the seconds until they could all be read."""
    # None is from the future: its id would follow the moment of its arrival, not the order in which they were sent.
    begin = clock.now() - timedelta(milliseconds=number)
    creates = [
        _padded(strangers[each % ACTORS], first + each, begin + timedelta(milliseconds=each)) for each in range(number)
    ]
    requests = [signed(server, strangers[each % ACTORS], create) for each, create in enumerate(creates)]
    uris_said = [create["object"]["id"] for create in creates]
    load, begun = Load(), time.perf_counter()
    async with connected(server, CONNECTIONS) as callers:
        begun = time.perf_counter()
        with clocked(server, load):
            await send_all(callers, requests, load, expecting(202))
    # The views hold what came first before what came later, so the last page tells that all are there.
    last = set(uris_said[-PAGE:])
    for _ in range(LOOKS):
        if last <= {status["uri"] for status in await _look(eyes, server, reader)}:
            break
        await asyncio.sleep(LOOK_SECONDS)
    else:
        raise RuntimeError("the newest page of the timeline is not what was sent last")
    seconds = time.perf_counter() - begun
    await _check(server, eyes, reader, set(uris_said))
    return load, seconds


async def _look(eyes: Caller, server: Server, reader: Person, below: str = "") -> list[Document]:
    older = f"&max_id={below}" if below else ""
    reply = await eyes.ask(get(server, f"/api/v1/timelines/home?limit={PAGE}{older}", reader.token))
    expecting(200)(reply)
    found: list[Document] = reply.json()
    return found


async def _check(server: Server, eyes: Caller, reader: Person, expected: set[str]) -> None:
    """Turn all the pages: everything that was accepted must be there."""
    below, missing = "", set(expected)
    while missing:
        page = await _look(eyes, server, reader, below)
        if not page:
            raise RuntimeError(f"{len(missing)} of {len(expected)} activities that were accepted cannot be read")
        missing -= {status["uri"] for status in page}
        below = page[-1]["id"]


def _padded(author: Stranger, number: int, moment: datetime) -> Document:
    """Return a Create of 1 KB."""
    bare = len(people.encoded(people.note(author, number, "<p></p>", moment)))
    return people.note(author, number, f"<p>{'lorem ipsum ' * 99:.{BYTES - bare}}</p>", moment)
