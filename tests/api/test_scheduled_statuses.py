"""Posts that wait for their time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fedi.api.deps import Deps
from fedi.commands import moderation
from fedi.commands.scheduled import publish_due
from fedi.views import scheduled_statuses
from tests.support.phone import Phone, phone, picture
from tests.support.schemas import assert_valid
from tests.support.server import folded

pytestmark = pytest.mark.usefixtures("projector")


def later(minutes: int = 60) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


async def plan(ada: Phone, **more: Any) -> Any:
    return await ada.call("POST", "/api/v1/statuses", json={"status": "later", "scheduled_at": later(), **more})


async def published(deps: Deps, planned: Any) -> None:
    """Let the time of a planned post come, and wait until it is seen."""
    await folded(deps, await publish_due(deps.commands, int(planned["id"])))


async def test_a_planned_post_is_looked_at_moved_and_taken_back(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")})
    wanted = {"spoiler_text": "cw", "visibility": "private", "language": "nl", "media_ids": [upload["id"]]}
    planned = await plan(ada, **wanted)
    assert_valid(planned, "ScheduledStatus")
    assert planned["params"]["text"] == "later"
    assert (planned["params"]["visibility"], planned["params"]["media_ids"]) == ("private", [upload["id"]])
    assert planned["media_attachments"][0]["id"] == upload["id"]
    assert await ada.call("GET", "/api/v1/timelines/home") == []
    path = f"/api/v1/scheduled_statuses/{planned['id']}"
    assert await ada.call("GET", path) == planned
    assert await ada.call("GET", "/api/v1/scheduled_statuses") == [planned]
    assert await bob.call("GET", "/api/v1/scheduled_statuses") == []
    for method in ("GET", "DELETE"):
        await bob.call(method, path, 404)
    await bob.call("PUT", path, 404, json={"scheduled_at": later(90)})
    moved = await ada.call("PUT", path, json={"scheduled_at": later(90)})
    assert moved["scheduled_at"] > planned["scheduled_at"]
    assert await ada.call("PATCH", path, json={}) == moved
    taken = await ada.call("POST", "/api/v1/statuses", 422, json={"status": "x", "media_ids": [upload["id"]]})
    assert "already attached" in taken["error"]
    assert await ada.call("DELETE", path) == {}
    await ada.call("GET", path, 404)
    again = await ada.call("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [upload["id"]]})
    assert again["media_attachments"][0]["id"] == upload["id"]


async def test_it_is_published_once_with_all_that_was_wanted(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    question = await bob.call("POST", "/api/v1/statuses", json={"status": "well?"})
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")})
    wanted = {
        "in_reply_to_id": question["id"],
        "media_ids": [upload["id"]],
        "visibility": "unlisted",
        "sensitive": True,
    }
    planned = await plan(ada, **wanted)
    await published(deps, planned)
    assert [await publish_due(deps.commands, int(planned["id"])) for _ in range(3)] == [None] * 3
    (post,) = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}/statuses", params={"limit": 40})
    assert (post["in_reply_to_id"], post["visibility"], post["sensitive"]) == (question["id"], "unlisted", True)
    assert post["content"] == "<p>later</p>"
    assert post["media_attachments"][0]["id"] == upload["id"]
    assert await ada.call("GET", "/api/v1/scheduled_statuses") == []


async def test_what_was_taken_back_is_not_published_by_views_that_lag(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await phone(deps, "ada")
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")})
    planned = await plan(ada, media_ids=[upload["id"]])
    async with deps.pool.connection() as connection:
        before = await scheduled_statuses.by_id(connection, int(planned["id"]))
    await ada.call("DELETE", f"/api/v1/scheduled_statuses/{planned['id']}")

    async def lagging(*_: object) -> object:
        return before

    with monkeypatch.context() as patch:
        patch.setattr(scheduled_statuses, "by_id", lagging)
        patch.setattr(scheduled_statuses, "one", lagging)
        assert await publish_due(deps.commands, int(planned["id"])) is None
        await ada.call("DELETE", f"/api/v1/scheduled_statuses/{planned['id']}", 404)
    again = await ada.call("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [upload["id"]]})
    (post,) = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}/statuses")
    assert post["id"] == again["id"]


async def test_what_cannot_be_published_stays_planned(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    question = await bob.call("POST", "/api/v1/statuses", json={"status": "well?"})
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")})
    planned = await plan(ada, in_reply_to_id=question["id"], media_ids=[upload["id"]])
    await bob.call("DELETE", f"/api/v1/statuses/{question['id']}")
    assert await publish_due(deps.commands, int(planned["id"])) is None
    assert await ada.call("GET", "/api/v1/scheduled_statuses") == [planned]
    assert await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}/statuses") == []


@pytest.mark.parametrize("how", ["suspended", "disabled"])
async def test_s_131_who_may_not_post_has_planned_nothing(deps: Deps, how: str) -> None:
    ada = await phone(deps, "ada")
    planned = await plan(ada)
    if how == "suspended":
        await folded(deps, await moderation.restrict(deps.commands, deps.redis, ada.owner, "suspend"))
    else:
        await moderation.disable(deps.commands, deps.redis, ada.owner, disabled=True, tell=False)
    assert await publish_due(deps.commands, int(planned["id"])) is None
    if how == "suspended":
        await folded(deps, await moderation.lift(deps.commands, deps.redis, ada.owner, "suspend"))
    else:
        await moderation.disable(deps.commands, deps.redis, ada.owner, disabled=False)
    await published(deps, planned)


async def test_a_poll_begins_when_it_is_published(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    poll = {"options": ["a", "b"], "expires_in": 600, "multiple": True, "hide_totals": True}
    planned = await plan(ada, poll=poll)
    assert planned["params"]["poll"] == {**poll, "expires_in": "600"}
    await published(deps, planned)
    (post,) = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}/statuses")
    assert post["poll"]["multiple"]
    assert [option["votes_count"] for option in post["poll"]["options"]] == [None, None]
    left = datetime.fromisoformat(post["poll"]["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


async def test_a_key_plans_once(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    body = {"status": "later", "scheduled_at": later()}
    first, second = [
        await ada.call("POST", "/api/v1/statuses", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert first == second
    assert len(await ada.call("GET", "/api/v1/scheduled_statuses")) == 1


async def test_times_have_bounds(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    soon = await ada.call("POST", "/api/v1/statuses", 422, json={"status": "x", "scheduled_at": later(4)})
    assert soon["error"].endswith("The scheduled date must be in the future")
    wrong = await ada.call("POST", "/api/v1/statuses", 422, json={"status": "x", "scheduled_at": "noon"})
    assert wrong["error"] == "Record invalid"
    await ada.call("POST", "/api/v1/statuses", 422, json={"scheduled_at": later()})
    await ada.call("POST", "/api/v1/statuses", 404, json={"status": "x", "scheduled_at": later(), "in_reply_to_id": 1})
    at_once = await ada.call("POST", "/api/v1/statuses", json={"status": "x", "scheduled_at": later(-5)})
    assert_valid(at_once, "Status")
    day = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12)
    for _ in range(25):
        await plan(ada, scheduled_at=day.isoformat())
    many = await ada.call("POST", "/api/v1/statuses", 422, json={"status": "x", "scheduled_at": day.isoformat()})
    assert "exceeded the limit of 25" in many["error"]
    page = await ada.call("GET", "/api/v1/scheduled_statuses", params={"limit": 5})
    older = await ada.call("GET", "/api/v1/scheduled_statuses", params={"limit": 40, "max_id": page[-1]["id"]})
    assert (len(page), len(older)) == (5, 20)
