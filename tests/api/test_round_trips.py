"""A list costs as many round trips when it is long as when it is short, whatever is in it.

Every list of the table of rows is here, or named as one that is no list of things; a new one fails until it is added.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from psycopg import AsyncCursor
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from fedi.api.deps import Deps
from fedi.api.fragments import Fragments
from fedi.api.mount import routes
from fedi.registry.access import Access
from fedi.sql import queries
from fedi.views import progress
from fedi.views.filters import Sieves
from fedi.views.progress import Progress
from tests.contract.rows import filled, rows
from tests.support.crowd import MOST, Crowd, crowd
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")
FEW, MANY = 2, 20

LISTS = {
    "v1/accounts": "?{friends}",
    "v1/accounts/:account_id/collections": "v1/accounts/{reader}/collections",
    "v1/accounts/:account_id/endorsements": "v1/accounts/{reader}/endorsements",
    "v1/accounts/:account_id/featured_tags": "v1/accounts/{reader}/featured_tags",
    "v1/accounts/:account_id/followers": "v1/accounts/{reader}/followers",
    "v1/accounts/:account_id/following": "v1/accounts/{reader}/following",
    "v1/accounts/:account_id/in_collections": "v1/accounts/{reader}/in_collections",
    "v1/accounts/:account_id/lists": "v1/accounts/{first}/lists",
    "v1/accounts/:account_id/statuses": "v1/accounts/{reader}/statuses",
    "v1/accounts/familiar_followers": "?{friends}",
    "v1/accounts/relationships": "?{friends}",
    "v1/accounts/search": "?q=friend",
    "v1/announcements": "",
    "v1/blocks": "",
    "v1/bookmarks": "",
    "v1/collections/:id": "v1/collections/{collection}",
    "v1/conversations": "",
    "v1/custom_emojis": "",
    "v1/directory": "",
    "v1/domain_blocks": "",
    "v1/endorsements": "",
    "v1/favourites": "",
    "v1/featured_tags": "",
    "v1/featured_tags/suggestions": "",
    "v1/filters": "",
    "v1/follow_requests": "",
    "v1/followed_tags": "",
    "v1/lists": "",
    "v1/lists/:list_id/accounts": "v1/lists/{list}/accounts",
    "v1/mutes": "",
    "v1/notifications": "",
    "v1/notifications/requests": "",
    "v1/scheduled_statuses": "",
    "v1/search": "?q=rich",
    "v1/statuses": "?{posts}",
    "v1/statuses/:status_id/context": "v1/statuses/{root}/context",
    "v1/statuses/:status_id/favourited_by": "v1/statuses/{root}/favourited_by",
    "v1/statuses/:status_id/history": "v1/statuses/{root}/history",
    "v1/statuses/:status_id/quotes": "v1/statuses/{root}/quotes",
    "v1/statuses/:status_id/reblogged_by": "v1/statuses/{root}/reblogged_by",
    "v1/suggestions": "",
    "v1/timelines/direct": "",
    "v1/timelines/home": "",
    "v1/timelines/link": "?url=https://news.example/0",
    "v1/timelines/list/:id": "v1/timelines/list/{list}",
    "v1/timelines/public": "",
    "v1/timelines/tag/:id": "v1/timelines/tag/cats",
    "v1/trends": "",
    "v1/trends/links": "",
    "v1/trends/statuses": "",
    "v1/trends/tags": "",
    "v2/filters": "",
    "v2/filters/:filter_id/keywords": "v2/filters/{filter}/keywords",
    "v2/filters/:filter_id/statuses": "v2/filters/{filter}/statuses",
    "v2/notifications": "",
    "v2/notifications/:notification_group_key/accounts": "v2/notifications/{group}/accounts",
    "v2/search": "?q=rich",
    "v2/suggestions": "",
}
"""What is asked for, by the row's path below /api; "" and what begins with "?" go behind that path itself."""
SHORT = {
    "v1/accounts/:account_id/collections": MOST,
    "v1/accounts/:account_id/featured_tags": MOST,
    "v1/accounts/:account_id/in_collections": MOST,
    "v1/featured_tags": MOST,
    "v1/featured_tags/suggestions": MOST,
    "v1/trends": MOST,
}
"""Lists that are never as long as twenty."""
OTHERS = {
    "v1/accounts/:account_id/identity_proofs",
    "v1/annual_reports",
    "v1/instance/activity",
    "v1/instance/domain_blocks",
    "v1/instance/languages",
    "v1/instance/peers",
    "v1/instance/rules",
    "v1/peers/search",
    "v2/notifications/:group_key",
}
"""Answers that hold several of something, but neither accounts nor statuses nor anything else that is looked up."""


class Trips(msgspec.Struct):
    """What was asked of the stores."""

    statements: list[str] = []
    redis: list[str] = []


_WAITING = queries(progress.__file__)["cursor"].as_string()
"""How far the views are is asked by whoever waits for the projector, as often as that takes."""


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trips]:
    """Count what is asked of the stores while the block runs."""
    trips = Trips()
    statement = AsyncCursor.execute
    command: Any = Redis.execute_command
    pipeline: Any = Pipeline.execute

    async def stating(self: AsyncCursor[Any], query: Any, *rest: Any, **options: Any) -> AsyncCursor[Any]:
        text = query if isinstance(query, str) else query.as_string(self)
        if text != _WAITING:
            trips.statements.append(text)
        return await statement(self, query, *rest, **options)

    async def commanding(self: Redis, *words: Any, **options: Any) -> Any:
        trips.redis.append(str(words[0]))
        return await command(self, *words, **options)

    async def piping(self: Pipeline, *rest: Any, **options: Any) -> Any:
        trips.redis.append("pipeline")
        return await pipeline(self, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(AsyncCursor, "execute", stating)
        patched.setattr(Redis, "execute_command", commanding)
        patched.setattr(Pipeline, "execute", piping)
        yield trips


def size(body: Any) -> int:
    """Return how many entries an answer has, in the longest of its lists if it is an object."""
    if isinstance(body, dict):
        return max((len(each) for each in body.values() if isinstance(each, list)), default=0)
    return len(body)


async def measured(around: Crowd, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, Trips]]:
    """Ask for every list with nothing remembered; return how long each was and what it cost."""
    groups = await around.ask("GET", "/api/v2/notifications?types[]=reblog")
    named = {**around.named, "group": groups["notification_groups"][0]["group_key"]}
    found = {}
    for path, wanted in LISTS.items():
        address = (path + wanted if wanted[:1] in {"", "?"} else wanted).replace("{friends}", named["friends"])
        url = "/api/" + filled(address.replace("{posts}", named["posts"]), named.__getitem__)
        http = client(routes(_forgetful(around.deps)))
        with counted(monkeypatch) as trips:
            answer = await http.get(url + ("&" if "?" in url else "?") + "limit=40", headers=around.reader.headers)
        assert answer.status_code == 200, f"{url}: {answer.text}"
        found[path] = (size(answer.json()), trips)
    return found


def _forgetful(deps: Deps) -> Deps:
    """The same parts with nothing remembered."""
    sieves, access = Sieves(), Access(deps.pool, deps.clock)
    fragments = Fragments(deps.site, sieves, deps.clock, Progress(""))
    return msgspec.structs.replace(deps, access=access, sieves=sieves, fragments=fragments)


def test_every_list_of_the_table_is_counted() -> None:
    several = {"Context", "GroupedNotificationsResults", "Search", "AnnualReports", "CollectionWithAccounts"}
    listed = {
        row.path.removeprefix("/api/")
        for row in rows()
        if row.method == "GET" and row.in_api and (row.answer in several or "[" in row.answer)
    }
    assert {each for each in listed if "_alpha/" not in each} <= LISTS.keys() | OTHERS
    assert not LISTS.keys() & OTHERS


async def test_a_long_list_takes_no_more_round_trips_than_a_short_one(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = await crowd(deps)
    await around.grow(FEW)
    few = await measured(around, monkeypatch)
    await around.grow(MANY)
    many = await measured(around, monkeypatch)
    short = {path: length for path, (length, _) in few.items() if length < FEW}
    short |= {path: length for path, (length, _) in many.items() if length < SHORT.get(path, MANY)}
    assert not short
    for path, (_, trips) in few.items():
        costs = many[path][1]
        more = Counter(costs.statements) - Counter(trips.statements)
        assert not more, (path, [f"{each[:60]} ... {each[-120:]}" for each in more])
        assert not Counter(costs.redis) - Counter(trips.redis), path
