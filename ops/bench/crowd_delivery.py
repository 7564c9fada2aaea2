"""A crowd elsewhere: somebody posts whom thousands follow from two thousand hosts, of which some do not answer."""

import asyncio

import uvloop

from ops.bench import people
from ops.bench.delivery import inboxes_on, mark, run
from ops.bench.marks import Mark, Scale
from ops.bench.people import Stranger
from ops.bench.running import Server

FOLLOWERS = 10_000
HOSTS = 2_000
SILENT = 10
"""One host of so many takes what is sent and never answers."""
POSTS = 3


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write, and count what comes to the hosts that answer."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    hosts, followers = scale.of(HOSTS, SILENT), scale.of(FOLLOWERS, 2 * SILENT)
    (author,) = await people.settle(server, ["crier"])
    async with inboxes_on(hosts) as inboxes:
        fans = [people.stranger(inboxes.origins[each % hosts], f"fan{each}") for each in range(followers)]
        await people.say(server, [people.fetched(_sharing(fan)) for fan in fans])
        await people.say(server, [people.asks_to_follow(fan, author) for fan in fans])
        await asyncio.to_thread(people.rest, server)
        await inboxes.wait_for(followers)  # every one of them hears that the follow is accepted
        inboxes.silent.update(inboxes.addresses[::SILENT])
        healthy = hosts - len(inboxes.silent)
        runs = [await run(server, author, inboxes, healthy, POSTS) for _ in range(scale.runs)]
    name = f"deliveries of {POSTS} posts for {followers:,} followers to the {healthy:,} of {hosts:,} hosts that answer"
    return [mark(name, healthy * POSTS, runs)]


def _sharing(fan: Stranger) -> people.Document:
    """Return somebody's document with the inbox that all of their host share."""
    return {**fan.document(), "endpoints": {"sharedInbox": f"{fan.uri.partition('/users/')[0]}/inbox"}}
