"""Folding every view anew from a long log, as `fedi projections rebuild --all` does."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import uvloop

from fedi import clock
from fedi.events import Event
from fedi.ids import id_at
from fedi.projections.rebuild import rebuild
from fedi.site import Site
from ops.bench import people
from ops.bench.chatter import Chatter
from ops.bench.marks import Mark, Scale
from ops.bench.running import database

ORIGIN = "https://talkers.localhost"
SITE = Site(domain="bench.localhost", web_domain="bench.localhost", https=True)
EVENTS = 40_000
AUTHORS = 800
PEOPLE = 50
FOLLOWED = 40


def measure(scale: Scale) -> list[Mark]:
    """Fold a log that holds much, several times; from the second on beside the views that were folded before."""
    with database() as url:
        uvloop.run(people.append(url, _said(scale)))
        people.settle_database(url)
        done = [rebuild(url) for _ in range(scale.runs)]
    rates = [each.position / each.seconds for each in done]
    name = f"rebuild of all views from {done[0].position} mixed events"
    return [Mark(name=name, unit="events/s", runs=rates, goal=20_000.0)]


def _said(scale: Scale) -> Iterator[Event]:
    """Yield what the log holds: who there is, who follows whom, and what they say."""
    chance, number = random.Random(2), scale.of(EVENTS, 300)
    start = clock.now() - timedelta(seconds=60 * number)
    ids = count(id_at(start), 1 << 16)
    locals_ = [people.newcomer(SITE, f"native{each}", next(ids)) for each in range(PEOPLE)]
    authors = [people.stranger(ORIGIN, f"talker{each}") for each in range(scale.of(AUTHORS, 20))]
    yield from people.arrivals(SITE, locals_)
    yield from people.known(authors)
    for person in locals_:
        for author in chance.sample(authors, min(FOLLOWED, len(authors))):
            yield from people.follows_stranger(person, author)
    yield from Chatter(authors, locals_, chance, start + timedelta(seconds=60)).events(number)
