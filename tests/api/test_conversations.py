"""Conversations: what is said to some people alone, as each of them finds it."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, at, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")
PATH = "/api/v1/conversations"


async def pair(deps: Deps) -> tuple[Phone, Phone]:
    """Two who follow each other: what strangers say alone waits for consent."""
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    return ada, bob


async def say(writer: Phone, text: str, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = await writer.call(
        "POST", "/api/v1/statuses", json={"status": text, "visibility": "direct", **more}
    )
    return said


async def listed(reader: Phone, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await reader.call("GET", PATH, params=query)
    for each in found:
        assert_valid(each, "Conversation")
    return found


async def test_a_direct_post_begins_a_conversation_for_both(deps: Deps) -> None:
    ada, bob = await pair(deps)
    first = await say(ada, f"{at(bob)} hello")
    (mine,) = await listed(ada)
    (theirs,) = await listed(bob)
    assert (mine["unread"], theirs["unread"]) == (False, True)
    assert [each["id"] for each in mine["accounts"]] == [str(bob.owner.id)]
    assert [each["id"] for each in theirs["accounts"]] == [str(ada.owner.id)]
    assert mine["last_status"]["id"] == theirs["last_status"]["id"] == first["id"]
    second = await say(bob, f"{at(ada)} hello", in_reply_to_id=first["id"])
    (now,) = await listed(ada)
    assert (now["id"], now["unread"], now["last_status"]["id"]) == (mine["id"], True, second["id"])


async def test_another_circle_and_another_thread_are_other_conversations(deps: Deps) -> None:
    (ada, bob), eve = await pair(deps), await phone(deps, "eve")
    first = await say(ada, f"{at(bob)} one")
    await say(ada, f"{at(bob)} {at(eve)} both", in_reply_to_id=first["id"])
    await say(ada, f"{at(bob)} anew")
    assert [len(each["accounts"]) for each in await listed(bob)] == [1, 2, 1]
    (alone,) = await listed(ada, limit=1)
    assert alone["last_status"]["content"].endswith("anew</p>")
    older = await listed(ada, max_id=alone["last_status"]["id"])
    assert len(older) == 2
    await say(ada, "to myself")
    assert [each["id"] for each in (await listed(ada))[0]["accounts"]] == [str(ada.owner.id)]


async def test_pages_go_by_the_posts(deps: Deps) -> None:
    ada, bob = await pair(deps)
    posts = [await say(ada, f"{at(bob)} {number}") for number in range(3)]
    answer = await ada.http.get(PATH, params={"limit": 2}, headers=ada.headers)
    assert f"max_id={posts[1]['id']}" in answer.headers["link"]
    assert f"min_id={posts[2]['id']}" in answer.headers["link"]


async def test_marking_and_putting_away(deps: Deps) -> None:
    ada, bob = await pair(deps)
    first = await say(ada, f"{at(bob)} hello")
    (found,) = await listed(bob)
    one = f"{PATH}/{found['id']}"
    read = await bob.call("POST", f"{one}/read")
    assert_valid(read, "Conversation")
    assert not read["unread"]
    assert not (await listed(bob))[0]["unread"]
    assert (await bob.call("POST", f"{one}/unread"))["unread"]
    assert (await listed(bob))[0]["unread"]
    assert await bob.call("DELETE", one) == {}
    assert await listed(bob) == []
    assert len(await listed(ada)) == 1
    await bob.call("GET", f"/api/v1/statuses/{first['id']}")
    await say(ada, f"{at(bob)} still there?", in_reply_to_id=first["id"])
    (again,) = await listed(bob)
    assert again["id"] != found["id"]


async def test_s_125_a_conversation_is_nobody_elses(deps: Deps) -> None:
    ada, bob = await pair(deps)
    await say(ada, f"{at(bob)} hello")
    (theirs,) = await listed(bob)
    for method, act in (("POST", "/read"), ("POST", "/unread"), ("DELETE", "")):
        await ada.call(method, f"{PATH}/{theirs['id']}{act}", 404)
        await ada.call(method, f"{PATH}/1{act}", 404)
        await ada.call(method, f"{PATH}/x{act}", 404)
    narrow = await phone(deps, "eve", "read")
    await narrow.call("DELETE", f"{PATH}/{theirs['id']}", 403)
    assert (await ada.http.get(PATH)).status_code == 401


async def test_a_deleted_post_steps_back_to_the_one_before(deps: Deps) -> None:
    ada, bob = await pair(deps)
    first = await say(ada, f"{at(bob)} one")
    second = await say(ada, f"{at(bob)} two", in_reply_to_id=first["id"])
    await ada.call("DELETE", f"/api/v1/statuses/{second['id']}")
    (found,) = await listed(ada)
    assert found["last_status"]["id"] == first["id"]
    await ada.call("DELETE", f"/api/v1/statuses/{first['id']}")
    assert await listed(ada) == []


async def test_a_stranger_waits_for_consent(deps: Deps) -> None:
    ada, eve = await phone(deps, "ada"), await phone(deps, "eve")
    await say(eve, f"{at(ada)} hello")
    assert await listed(ada) == []
    assert len(await listed(eve)) == 1
    (request,) = await ada.call("GET", "/api/v1/notifications/requests")
    await ada.call("POST", f"/api/v1/notifications/requests/{request['id']}/accept")
    assert len(await listed(ada)) == 1


async def test_whom_one_blocks_has_no_conversation(deps: Deps) -> None:
    ada, bob = await pair(deps)
    await say(ada, f"{at(bob)} one")
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/block")
    assert await listed(bob) == []


async def test_the_direct_timeline_shows_what_was_said(deps: Deps) -> None:
    ada, bob = await pair(deps)
    first = await say(ada, f"{at(bob)} one")
    second = await say(bob, f"{at(ada)} two", in_reply_to_id=first["id"])
    await ada.call("POST", "/api/v1/statuses", json={"status": f"{at(bob)} in public"})
    found = await bob.call("GET", "/api/v1/timelines/direct")
    assert [each["id"] for each in found] == [second["id"], first["id"]]
    stranger = await phone(deps, "eve")
    assert await stranger.call("GET", "/api/v1/timelines/direct") == []
