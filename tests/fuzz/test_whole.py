"""What strangers twisted goes the whole way, log, fold, effects; nothing is parked, and readers find no fault."""

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from fedi.activitypub.resolve.documents import id_of
from fedi.activitypub.vocabulary import json as strict
from fedi.api.deps import Deps
from fedi.api.mount import routes as api_routes
from fedi.clock import now
from fedi.effects.answer import Answer
from fedi.effects.deliver import Deliver
from fedi.effects.erase import Erase
from fedi.effects.facts_reader import FactsReader
from fedi.effects.fetch import Fetch
from fedi.effects.move import Move
from fedi.effects.notices import Notices
from fedi.effects.preview import Preview
from fedi.effects.push import Push
from fedi.effects.release import Release
from fedi.effects.reports import Reports
from fedi.effects.runner import Effect, Runner
from fedi.effects.severing import Severing
from fedi.effects.tallies import Tallies
from fedi.errors import PeerError
from fedi.events import Event, identity
from fedi.events.activities import ActivityReceived, DocumentFetched
from fedi.log.drafts import Draft
from fedi.services.jobs import Jobs
from fedi.settings import Settings
from fedi.views.borders import Borders
from fedi.web.mount import routes as page_routes
from fedi.web.parts import Parts
from tests.support.gauntlet import BOB, POLL, POST, seeds
from tests.support.here import Progress
from tests.support.one_key import Target
from tests.support.phone import Phone, phone
from tests.support.projector import projecting
from tests.support.schemas import assert_valid
from tests.support.server import folded, running
from tests.support.twisting import twist
from tests.support.web import client

TRIED = 600


@pytest.fixture
async def deps(database_url: str, redis_url: str, tmp_path: Path) -> Any:
    with projecting(database_url, redis_url, Settings().site):
        async with running(database_url, redis_url, tmp_path) as parts:
            yield parts


def twisted(places: dict[str, str]) -> Iterator[Event]:
    """Yield what an inbox takes in of documents that were twisted, and the same as if it was found at its id.

    It is said by many, as now and then somebody says that they are no more; each posts under ids of their own.
    """
    target = Target()
    for seed, (_, body) in zip(range(TRIED), itertools.cycle(seeds()), strict=False):
        somebody = f"{target.mallory.id}{seed // 20}"
        if seed % 20 == 0:
            met = json.dumps(target.mallory.document()).replace(target.mallory.id, somebody)
            yield DocumentFetched(document=msgspec.Raw(met.encode()), url=somebody)
        for turn in range(seed % 4):
            body = twist(body, seed * 4 + turn)
        for place, real in places.items():
            body = body.replace(place.encode(), real.encode())
        target.log.last = []
        target.post(body)
        for event in target.log.last:
            said = bytes(event.document).replace(target.mallory.id.encode(), somebody.encode())
            raw = msgspec.Raw(said)
            yield msgspec.structs.replace(event, document=raw, actor=somebody, key=f"{somebody}#main-key")
            try:
                url = id_of(strict.parse(said))
            except PeerError:
                continue
            yield DocumentFetched(document=raw, url=url)


def effects(deps: Deps, jobs: Jobs) -> tuple[Effect, ...]:
    appender, site = deps.commands.appender, deps.site
    borders = Borders(deps.pool, own=frozenset({site.domain}), limited_federation=False)

    def wake() -> None:
        pass

    return (
        Answer(appender, site),
        Deliver(borders, now),
        Fetch(site, now, wake),
        Push(jobs),
        Notices(jobs, now, sending=True),
        Preview(site, now, jobs),
        Tallies(now, jobs),
        Move(jobs),
        Release(),
        Reports(appender, jobs),
        Severing(jobs),
        Erase(wake),
    )


async def test_nothing_is_parked_and_everything_can_be_shown(deps: Deps, database_url: str) -> None:
    bob = await phone(deps, "bob")
    post = await bob.call("POST", "/api/v1/statuses", json={"status": "hello"})
    poll = {"options": ["yes", "no"], "expires_in": 86_400}
    asked = await bob.call("POST", "/api/v1/statuses", json={"status": "well?", "poll": poll})
    places = {POST: post["uri"], POLL: asked["uri"], BOB: bob.owner.uri}
    events = await asyncio.to_thread(lambda: list(twisted(places)))
    assert sum(isinstance(event, ActivityReceived) for event in events) > TRIED / 2
    for start in range(0, len(events), 100):
        drafts = [Draft(identity=identity.fresh(now()), event=event) for event in events[start : start + 100]]
        appended = await deps.commands.appender.append(drafts)
    await folded(deps, appended.positions[-1])
    facts = FactsReader(database_url)
    runner = Runner(deps.pool, facts, Progress(), effects(deps, deps.commands.jobs))
    before = -1
    while (reached := await runner.step()) != before:
        before = reached
    facts.close()
    with psycopg.connect(database_url) as connection:
        for parked in ("read.parked", "effects.parked"):
            assert connection.execute(f"SELECT * FROM {parked}").fetchall() == []
        statuses = [each for (each,) in connection.execute("SELECT id FROM read.statuses ORDER BY random() LIMIT 120")]
        accounts = [each for (each,) in connection.execute("SELECT id FROM read.accounts")]
    assert len(statuses) > 20
    await _show(deps, bob, statuses, accounts)


async def _show(deps: Deps, bob: Phone, statuses: list[int], accounts: list[int]) -> None:
    for status in statuses:
        answer = await bob.http.get(f"/api/v1/statuses/{status}", headers=bob.headers)
        assert answer.status_code in {200, 404}
        if answer.status_code == 200:
            assert_valid(answer.json(), "Status")
            assert_valid(await bob.call("GET", f"/api/v1/statuses/{status}/context"), "Context")
    for account in accounts:
        assert_valid(await bob.call("GET", f"/api/v1/accounts/{account}"), "Account")
        await bob.call("GET", f"/api/v1/accounts/{account}/statuses")
    for notification in await bob.call("GET", "/api/v1/notifications?limit=80"):
        assert_valid(notification, "Notification")
    for path in (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/follow_requests",
        "/api/v1/conversations",
    ):
        await bob.call("GET", path)
    parts = Parts(
        site=deps.site,
        settings=deps.settings,
        pool=deps.pool,
        redis=deps.redis,
        clock=deps.clock,
        commands=deps.commands,
        written=deps.written,
    )
    async with client([*page_routes(parts), *api_routes(deps)]) as browser:
        for path in (f"/@{bob.owner.username}", "/", *(f"/@{bob.owner.username}/{status}" for status in statuses[:20])):
            assert (await browser.get(path, headers={"Accept": "text/html"})).status_code in {200, 404}
