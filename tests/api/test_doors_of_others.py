"""S-125 through every door at once: whatever has a number and is one person's alone is nothing to anybody else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import fedi.api
from fedi.api.deps import Deps
from fedi.api.table import Table, collect
from tests.support.phone import Phone, at, phone, picture

pytestmark = pytest.mark.usefixtures("projector")

OF_ALL = re.compile(r"/tags?/:|/annual_reports/|/announcements/|/suggestions/|/async_refreshes/|/email_subscriptions")
"""Doors whose part of the path is a word, a year or a stranger. Nobody but an account's own sees `in_collections`."""
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()
BODY: dict[str, Any] = {
    "title": "mine",
    "name": "mine",
    "status": "mine",
    "description": "mine",
    "keyword": "mine",
    "phrase": "mine",
    "context": ["home"],
    "choices": [0],
    "scheduled_at": TOMORROW,
    "quote_approval_policy": "nobody",
    "data": {"alerts": {"follow": True}, "policy": "all"},
}


async def belongings(owner: Phone, friend: Phone) -> dict[str, str]:
    """Return the numbers of things that are the owner's alone, or for the owner's eyes."""
    said = await owner.call("POST", "/api/v1/statuses", json={"status": "hello #cats"})
    poll = {"options": ["a", "b"], "expires_in": 3600}
    secret = {"status": f"{at(friend)} hush", "visibility": "direct"}
    direct = await owner.call("POST", "/api/v1/statuses", json=secret)
    asked = await owner.call("POST", "/api/v1/statuses", json={**secret, "poll": poll})
    await friend.call("POST", f"/api/v1/statuses/{said['id']}/favourite")
    await friend.call("POST", "/api/v1/statuses", json={"status": f"{at(owner)} psst", "visibility": "direct"})
    wanted = {"title": "pets", "context": ["home"], "keywords_attributes": [{"keyword": "cat"}]}
    filtered = await owner.call("POST", "/api/v2/filters", json=wanted)
    caught = await owner.call("POST", f"/api/v2/filters/{filtered['id']}/statuses", json={"status_id": said["id"]})
    made = await owner.call("POST", "/api/v1/lists", json={"title": "friends"})
    await owner.call("POST", f"/api/v1/accounts/{friend.owner.id}/follow")
    await owner.call("POST", f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [str(friend.owner.id)]})
    upload = await owner.call("POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")})
    later = await owner.call("POST", "/api/v1/statuses", json={"status": "later", "scheduled_at": TOMORROW})
    told = (await owner.call("GET", "/api/v2/notifications"))["notification_groups"]
    return {
        "a direct post": direct["id"],
        "a direct poll": asked["id"],
        "a conversation": (await owner.call("GET", "/api/v1/conversations"))[0]["id"],
        "a notification": (await owner.call("GET", "/api/v1/notifications"))[0]["id"],
        "a group of notifications": told[0]["group_key"],
        "a filter": filtered["id"],
        "a keyword": filtered["keywords"][0]["id"],
        "a post in a filter": caught["id"],
        "a list": made["id"],
        "an upload": upload["id"],
        "a planned post": later["id"],
        "a shown hashtag": (await owner.call("POST", "/api/v1/featured_tags", json={"name": "cats"}))["id"],
    }


async def seen(owner: Phone, ids: dict[str, str]) -> list[Any]:
    """Return how the owner finds it all."""
    places = ["/api/v2/filters", "/api/v1/lists", "/api/v1/conversations", "/api/v1/notifications"]
    places += ["/api/v1/featured_tags", "/api/v1/scheduled_statuses", f"/api/v1/lists/{ids['a list']}/accounts"]
    places += [f"/api/v1/statuses/{ids[name]}" for name in ("a direct post", "a direct poll")]
    return [await owner.call("GET", place) for place in [*places, f"/api/v1/media/{ids['an upload']}"]]


def doors() -> Iterator[tuple[str, str]]:
    """Yield every way into something with a number."""
    for endpoint in Table(collect(fedi.api)).endpoints:
        for path in endpoint.paths:
            if path.startswith("/api/") and re.search(r":\w*(id|key)", path) and not OF_ALL.search(path):
                yield from ((method, path) for method in endpoint.methods)


async def test_s_125_nothing_of_ones_own_is_behind_anybody_elses_door(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    ids = await belongings(ada, bob)
    before = await seen(ada, ids)
    own = await eve.call("POST", "/api/v1/statuses", json={"status": "mine"})
    body = {**BODY, "account_ids": [str(eve.owner.id)], "account_id": str(eve.owner.id), "status_id": own["id"]}
    tried = 0
    for method, path in doors():
        for what, number in ids.items():
            answer = await eve.http.request(
                method, re.sub(r":\w+", number, path), headers=eve.headers, json=None if method == "GET" else body
            )
            nothing = answer.status_code == 404 or (answer.status_code, answer.text) == (200, "[]")
            assert nothing or path.endswith("/in_collections"), (method, path, what, answer.text)
            tried += 1
    assert tried > 800
    assert await seen(ada, ids) == before
