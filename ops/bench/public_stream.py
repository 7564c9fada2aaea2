"""The public stream before a thousand people of whom each blocks, mutes and filters others: nobody hears what another
does, so nothing can be written for all without looking at each."""

import asyncio
import random
from collections.abc import Iterator
from uuid import uuid4

import uvloop

from fedi.events import Event
from fedi.events.accounts import AccountMuted
from fedi.events.activities import ActivityPublished
from fedi.events.filters import FilterSaved, Keyword
from ops.bench import people, sockets
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.people import CONTEXT, Person
from ops.bench.running import Server
from ops.bench.streaming import burst, latencies, one_by_one

LISTENERS = 1000
TROUBLE = 50
"""People who are blocked and muted."""
EACH = 5
"""How many of them each listener blocks, and how many each mutes."""
POSTS = 10
BURST = 50


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write whom everybody here may hear."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    number, posts = scale.of(LISTENERS, 3), scale.of(BURST, 2)
    author, *others = await people.settle(server, [f"public{each}" for each in range(number + TROUBLE + 1)])
    listeners, trouble = others[:number], others[number:]
    chance = random.Random(3)
    await people.say(server, [event for each in listeners for event in _dislikes(each, trouble, chance)])
    await asyncio.to_thread(people.rest, server)
    async with sockets.listening(server, listeners, "public") as ears:
        await one_by_one(server, author, ears, number, 2)
        runs = [await one_by_one(server, author, ears, number, scale.of(POSTS, 2)) for _ in range(scale.runs)]
        bursts = [await burst(server, author, ears, number, posts) for _ in range(scale.runs)]
    return [
        *latencies(f"public stream, {number} people who block, mute and filter: one post", runs, (80.0, 200.0)),
        Mark(
            name=f"the same, {posts} posts at once: until everybody has all of them",
            unit="s",
            goal=3.0,
            runs=[load.seconds for load in bursts],
            loader=bursts[0].loader,
            note=f"p50 {percentile(bursts[0].latencies, 50):.2f} s; {bursts[0].note}",
        ),
    ]


def _dislikes(person: Person, trouble: list[Person], chance: random.Random) -> Iterator[Event]:
    """Yield what makes somebody block and mute some people, and filter some words."""
    chosen = chance.sample(trouble, 2 * EACH)
    for other in chosen[:EACH]:
        block = {"@context": CONTEXT, "id": f"{person.uri}#blocks/{uuid4()}", "type": "Block"}
        document = people.raw({**block, "actor": person.uri, "object": other.uri})
        yield ActivityPublished(document=document, account_id=person.account_id)
    for other in chosen[EACH:]:
        yield AccountMuted(account_id=person.account_id, target_id=other.account_id, notifications=True)
    yield FilterSaved(
        filter_id=person.account_id,
        account_id=person.account_id,
        title="words",
        context=("public",),
        action="hide",
        keywords=tuple(
            Keyword(id=person.account_id + place, keyword=f"word{person.name}{place}", whole_word=True)
            for place in range(EACH)
        ),
    )
