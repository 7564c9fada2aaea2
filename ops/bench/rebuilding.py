"""Folding every view anew from a long log, as `fedi projections rebuild --all` does."""

import random
from datetime import timedelta

import uvloop

from fedi import clock
from fedi.projections.rebuild import rebuild
from ops.bench import people
from ops.bench.chatter import Chatter
from ops.bench.marks import Mark, Scale
from ops.bench.running import Server

ORIGIN = "https://talkers.localhost"
EVENTS = 40_000
AUTHORS = 800
PEOPLE = 50
FOLLOWED = 40


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let a server hear much, then fold it all beside the views that people read."""
    uvloop.run(_talk(server, scale))
    people.rest(server)
    rates, number = [], 0
    for _ in range(scale.runs):
        done = rebuild(server.database_url)
        number = done.position
        rates.append(number / done.seconds)
    return [Mark(name=f"rebuild of all views from {number} mixed events", unit="events/s", runs=rates, goal=20_000.0)]


async def _talk(server: Server, scale: Scale) -> None:
    chance = random.Random(2)
    locals_ = await people.settle(server, [f"native{number}" for number in range(PEOPLE)])
    authors = [people.stranger(ORIGIN, f"talker{number}") for number in range(scale.of(AUTHORS, 20))]
    follows = [
        event
        for person in locals_
        for author in chance.sample(authors, min(FOLLOWED, len(authors)))
        for event in people.follows_stranger(person, author)
    ]
    number = scale.of(EVENTS, 300)
    chatter = Chatter(authors, locals_, chance, clock.now() - timedelta(seconds=60 * number))
    await people.say(server, [*people.known(authors), *follows, *chatter.events(number)])
