"""Has the pages that posts share looked at, so that posts can show what is behind a link.

A post reaches thousands of servers within a second: each waits for a moment of its own before it asks, and asks once,
however many posts share the page (S-076).
"""

import hashlib
import random
from collections.abc import Sequence
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary.shared_links import link_of
from fedi.clock import Clock
from fedi.facts.statuses import StatusEdited, StatusPublished
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Job, Jobs, job
from fedi.site import Site
from fedi.views import cards

KEPT = timedelta(days=14)
"""How long what a page said is believed."""
SPREAD_SECONDS = 59.0


@job("preview.look", "pull", attempts=1)
class LookAtPage(Job, frozen=True, kw_only=True):
    """A page to be looked at. Who cannot be reached is not asked again: the next post that shares it will see to it."""

    url: str


class Preview:
    """The effect."""

    name = "preview"

    def __init__(self, site: Site, clock: Clock, jobs: Jobs) -> None:
        self._site = site
        self._clock = clock
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Have pages looked at that were not, lately; those of people here at once, who wait for it."""
        shared: dict[str, bool] = {}
        for said in batch:
            for entry in said.entries:
                if isinstance(entry.fact, StatusPublished) or (
                    isinstance(entry.fact, StatusEdited) and entry.fact.significant
                ):
                    url = link_of(entry.fact.post)
                    shared[url] = shared.get(url, False) or entry.origin == "published"
        shared.pop("", None)
        wanted = {url: here for url, here in shared.items() if not self._site.is_local(url + "/")}
        if not wanted:
            return
        now = self._clock()
        known = await cards.seen_since(connection, wanted, now - KEPT)
        for url, here in wanted.items():
            if url not in known:
                at = now if here else now + timedelta(seconds=random.uniform(1, SPREAD_SECONDS))
                await self._jobs.put(LookAtPage(url=url), connection=connection, at=at, once=once(url))

    def acted(self) -> None:
        """Nobody waits for this: the worker of jobs looks by itself."""


def once(url: str) -> str:
    """Return the name under which only one look at a page waits."""
    return f"preview:{key(url).hex()}"


def key(url: str) -> bytes:
    """Return what stands for a page where its address would be too long."""
    return hashlib.sha256(url.encode()).digest()
