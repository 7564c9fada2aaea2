"""Queues what somebody spoke of and nobody here knows: parents, boosted posts, authors, mentioned people.

A new follow of somebody elsewhere asks for all that a profile shows, and whoever speaks to us after long silence is
looked at again. `fetching` learns what is queued here. A chain of replies is climbed a bounded number of steps.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Literal

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import uris, values
from fedi.clock import Clock
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.facts.relationships import FollowRequested
from fedi.meaning.interpret import Interpretation
from fedi.meaning.reading import Wanted
from fedi.site import Site
from fedi.sql import queries
from fedi.views import signers

_SQL = queries(__file__)
MAX_DEPTH = 20
"""Fetches that may follow from one another: how far up a thread is climbed."""
MAX_PER_EVENT = 30
"""A post that mentions thousands costs no more than this."""
MAX_WAITING = 2_000
"""What one host can have waiting to be fetched, wherever from: more is left until somebody here asks for it."""
STALE = timedelta(days=7)

Kind = Literal["actor", "object", "contact"]


class Wish(msgspec.Struct, frozen=True):
    """Something to learn, because of the event at `cause`; `asker` is the host that said so, "" for people here."""

    uri: str
    kind: Kind
    cause: int
    asker: str = ""


class Fetch:
    """The effect; `queued` is called when there is something new to learn."""

    name = "fetch"

    def __init__(self, site: Site, clock: Clock, queued: Callable[[], None]) -> None:
        self._site = site
        self._clock = clock
        self._tell = queued
        self._queued = False

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Queue what a batch of events makes worth knowing."""
        depths = await _depths(connection, batch)
        heard = await _heard(connection, batch)
        wishes = [(wish, depths.get(said.recorded.position, 0)) for said in batch for wish in wishes_of(said, heard)]
        wishes += [(wish, 0) for wish in await self._refreshes(connection, batch)]
        if anew := _anew(batch, heard):
            await connection.execute(_SQL["again"], {"uris": anew})
        queued = await _queue(connection, self._site, [each for each in wishes if each[1] <= MAX_DEPTH])
        self._queued = queued or bool(anew)

    def acted(self) -> None:
        """Have it learnt."""
        if self._queued:
            self._tell()

    async def _refreshes(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> list[Wish]:
        actors = {
            said.recorded.event.actor: said.recorded.position
            for said in batch
            if isinstance(said.recorded.event, ActivityReceived)
        }
        if not actors:
            return []
        stale = await signers.stale(connection, actors.keys(), self._clock() - STALE)
        return [Wish(uri, "actor", actors[uri], _authority(uri)) for uri in stale]


def wishes_of(said: Interpretation, heard: Collection[str] = ()) -> Iterator[Wish]:
    """Yield what an event makes worth knowing; hints count only of actors who are heard."""
    position, asker = said.recorded.position, _asker(said)
    for wanted in said.wanted[:MAX_PER_EVENT]:
        if _hinter(said, wanted) not in {None, *heard}:
            continue
        kind: Kind = "actor" if wanted.reason in {"mentioned", "renamed"} else "object"
        yield Wish(wanted.uri, kind, position, asker)
    event = said.recorded.event
    if isinstance(event, ActivityPublished) and any(isinstance(entry.fact, FollowRequested) for entry in said.entries):
        followed = msgspec.json.decode(event.document).get("object")
        if isinstance(followed, str):
            yield Wish(followed, "contact", position)


def _asker(said: Interpretation) -> str:
    match said.recorded.event:
        case ActivityReceived(actor=uri) | DocumentFetched(url=uri):
            return _authority(uri)
    return ""


def _hinter(said: Interpretation, wanted: Wanted) -> str | None:
    """Return who gave a hint at what is not of their own origin; None if it is no such hint."""
    event = said.recorded.event
    if wanted.reason not in {"hinted", "changed"} or not isinstance(event, ActivityReceived):
        return None
    return None if values.same_origin(event.actor, wanted.uri) else event.actor


def _anew(batch: Sequence[Interpretation], heard: Collection[str]) -> list[str]:
    hints = ((said, wanted) for said in batch for wanted in said.wanted if wanted.reason == "changed")
    return [wanted.uri for said, wanted in hints if _hinter(said, wanted) in {None, *heard}]


async def _heard(connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> frozenset[str]:
    """Return those who gave hints and are followed by somebody here: communities tell of all that happens in them."""
    hinting = {actor for said in batch for wanted in said.wanted if (actor := _hinter(said, wanted))}
    return frozenset(await signers.followed(connection, hinting)) if hinting else frozenset()


async def want(connection: AsyncConnection[TupleRow], site: Site, wishes: Iterable[Wish]) -> None:
    """Queue what something that is not in the log makes worth knowing."""
    await _queue(connection, site, [(wish, 0) for wish in wishes])


async def _depths(connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> dict[int, int]:
    """Return, by position, how many fetches led to an event that was itself fetched for something."""
    causes = {said.recorded.position: said.recorded.cause for said in batch if said.wanted and said.recorded.cause}
    if not causes:
        return {}
    found = await connection.execute(_SQL["depths"], {"causes": list(set(causes.values()))})
    known: dict[int, int] = dict(await found.fetchall())
    return {position: known[cause] + 1 for position, cause in causes.items() if cause in known}


async def _queue(connection: AsyncConnection[TupleRow], site: Site, wishes: Sequence[tuple[Wish, int]]) -> bool:
    """Queue wishes; tell whether there was any that can be asked for."""
    rows = [(wish, depth, host) for wish, depth in wishes if (host := _host(site, wish.uri))]
    if rows:
        await connection.execute(
            _SQL["queue"],
            {
                "uris": [wish.uri for wish, _, _ in rows],
                "kinds": [wish.kind for wish, _, _ in rows],
                "hosts": [host for _, _, host in rows],
                "depths": [depth for _, depth, _ in rows],
                "causes": [wish.cause for wish, _, _ in rows],
                "askers": [wish.asker for wish, _, _ in rows],
                "most": MAX_WAITING,
            },
        )
    return bool(rows)


def _host(site: Site, uri: str) -> str:
    """Return where a URI is to be asked for; "" if it is ours or cannot be asked for."""
    host = _authority(uri)
    return "" if host in {site.web_domain, site.domain} else host


def _authority(uri: str) -> str:
    """Return the host of a URI, with its port; "" if it cannot be asked for."""
    try:
        return uris.parse(uri).authority
    except uris.InvalidUriError:
        return ""
