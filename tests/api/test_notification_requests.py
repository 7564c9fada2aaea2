"""What strangers cause is kept apart as somebody wishes, until they let it through or throw it away."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"


async def told(reader: Phone, **params: Any) -> list[str]:
    return [each["type"] for each in await reader.call("GET", "/api/v1/notifications", params=params)]


async def mention(sender: Phone, reader: Phone, visibility: str = "direct", **more: Any) -> dict[str, Any]:
    body = {"status": f"@{reader.owner.username} hello", "visibility": visibility, **more}
    posted: dict[str, Any] = await sender.call("POST", "/api/v1/statuses", json=body)
    return posted


async def test_the_policy_is_mastodons_until_it_is_changed(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    before = await ada.call("GET", POLICY)
    assert_valid(before, "NotificationPolicy")
    assert (before["for_private_mentions"], before["for_not_following"]) == ("filter", "accept")
    for method in ("PUT", "PATCH"):
        changed = await ada.call(method, POLICY, json={"for_not_following": "drop", "for_bots": "filter"})
        assert changed == {**before, "for_not_following": "drop", "for_bots": "filter"}
    assert await ada.call("GET", POLICY) == changed
    for method in ("PUT", "PATCH"):
        old = await ada.call(method, "/api/v1/notifications/policy", data={"filter_private_mentions": "false"})
        assert_valid(old, "V1_NotificationPolicy")
    assert (old["filter_private_mentions"], old["filter_not_following"]) == (False, True)
    now = await ada.call("GET", POLICY)
    assert (now["for_private_mentions"], now["for_not_following"]) == ("accept", "drop")
    await ada.call("PUT", POLICY, 422, json={"for_bots": "hide"})


async def test_an_unasked_private_mention_waits_for_consent(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    said = await mention(bob, ada)
    await mention(eve, ada, "public")
    assert await told(ada) == ["mention"]
    assert await told(ada, include_filtered=True) == ["mention", "mention"]
    (waiting,) = await ada.call("GET", REQUESTS)
    assert_valid(waiting, "NotificationRequest")
    assert waiting == await ada.call("GET", f"{REQUESTS}/{waiting['id']}")
    assert (waiting["account"]["id"], waiting["notifications_count"]) == (str(bob.owner.id), "1")
    assert waiting["last_status"]["id"] == said["id"]
    summary = (await ada.call("GET", POLICY))["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 1}
    assert await ada.call("GET", "/api/v1/notifications/unread_count") == {"count": 1}
    groups = await ada.call("GET", "/api/v2/notifications")
    assert [each["type"] for each in groups["notification_groups"]] == ["mention"]
    apart = await ada.call("GET", "/api/v1/notifications", params={"include_filtered": "1", "account_id": bob.owner.id})
    assert [(each["filtered"], each["status"]["id"]) for each in apart] == [(True, said["id"])]
    assert_valid(apart[0], "Notification")


async def test_s_125_nobody_answers_the_requests_of_others(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    await mention(bob, ada)
    assert await eve.call("GET", REQUESTS) == []
    await eve.call("GET", f"{REQUESTS}/{bob.owner.id}", 404)
    for act in ("accept", "dismiss"):
        await eve.call("POST", f"{REQUESTS}/{bob.owner.id}/{act}", 404)
        await eve.call("POST", f"{REQUESTS}/{act}", 404, json={"id": [str(bob.owner.id)]})
    assert [each["id"] for each in await ada.call("GET", REQUESTS)] == [str(bob.owner.id)]


async def test_who_is_let_through_stays_so(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await mention(bob, ada)
    assert await ada.call("POST", f"{REQUESTS}/{bob.owner.id}/accept") == {}
    assert await ada.call("GET", f"{REQUESTS}/merged") == {"merged": True}
    assert await told(ada) == ["mention"]
    assert await ada.call("GET", REQUESTS) == []
    await mention(bob, ada)
    assert await told(ada) == ["mention", "mention"]
    await ada.call("POST", f"{REQUESTS}/{bob.owner.id}/accept", 404)


async def test_what_is_dismissed_is_gone_and_waits_anew(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    for sender in (bob, eve):
        await mention(sender, ada)
    both = [str(bob.owner.id), str(eve.owner.id)]
    await ada.call("POST", f"{REQUESTS}/dismiss", 404, json={"id": [*both, "17"]})
    assert await ada.call("POST", f"{REQUESTS}/dismiss", json={"id": both}) == {}
    assert await told(ada, include_filtered=True) == []
    await mention(bob, ada)
    assert [each["id"] for each in await ada.call("GET", REQUESTS)] == both[:1]
    assert await ada.call("POST", f"{REQUESTS}/{both[0]}/dismiss") == {}
    await mention(eve, ada)
    assert await ada.call("POST", f"{REQUESTS}/accept", data={"id[]": both[1:]}) == {}
    assert await told(ada) == ["mention"]


async def test_requests_are_paged_by_their_latest_news(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    senders = [await phone(deps, name) for name in ("bob", "eve", "joe")]
    for sender in (*senders, senders[0]):
        await mention(sender, ada)
    answer = await ada.http.get(REQUESTS, params={"limit": 2}, headers=ada.headers)
    assert [each["account"]["id"] for each in answer.json()] == [str(senders[0].owner.id), str(senders[2].owner.id)]
    rest = await ada.http.get(answer.links["next"]["url"], headers=ada.headers)
    assert [each["account"]["id"] for each in rest.json()] == [str(senders[1].owner.id)]
    back = await ada.http.get(rest.links["prev"]["url"], headers=ada.headers)
    assert back.json() == answer.json()


async def test_whoever_is_written_to_may_answer(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    asked = await mention(ada, bob)
    await bob.call("POST", f"{REQUESTS}/{ada.owner.id}/accept")
    answer = await mention(bob, ada, in_reply_to_id=asked["id"])
    await mention(bob, ada, in_reply_to_id=answer["id"])
    assert await told(ada) == ["mention", "mention"]
    await mention(eve, ada)
    assert await told(ada) == ["mention", "mention"]


async def test_whom_one_follows_need_not_ask(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    await mention(bob, ada)
    assert await told(ada) == ["mention"]


async def test_what_is_dropped_was_never_there(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("PUT", POLICY, json={"for_not_following": "drop"})
    await mention(bob, ada, "public")
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    await ada.call("PUT", POLICY, json={"for_not_following": "accept"})
    assert await told(ada, include_filtered=True) == []
    await mention(bob, ada, "public")
    assert await told(ada) == ["mention"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", POLICY, "read:notifications"),
        ("PUT", POLICY, "write:notifications"),
        ("PATCH", "/api/v1/notifications/policy", "write:notifications"),
        ("GET", REQUESTS, "read:notifications"),
        ("GET", f"{REQUESTS}/merged", "read:notifications"),
        ("GET", f"{REQUESTS}/1", "read:notifications"),
        ("POST", f"{REQUESTS}/1/accept", "write:notifications"),
        ("POST", f"{REQUESTS}/1/dismiss", "write:notifications"),
        ("POST", f"{REQUESTS}/accept", "write:notifications"),
        ("POST", f"{REQUESTS}/dismiss", "write:notifications"),
    ],
)
async def test_each_takes_its_scope(deps: Deps, method: str, path: str, scope: str) -> None:
    wrong = await phone(deps, "ada", "read:statuses", "write:statuses")
    await wrong.call(method, path, 403)
    await wrong.call(method, path, 401, headers={"Authorization": ""})
    right = await phone(deps, "ada", scope)
    assert (await right.http.request(method, path, headers=right.headers)).status_code in {200, 404}


async def test_who_asks_hears_of_each_post_and_who_boosts_of_each_edit(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow", json={"notify": True})
    posted = await bob.call("POST", "/api/v1/statuses", json={"status": "News"})
    await bob.call("POST", "/api/v1/statuses", json={"status": "psst", "visibility": "direct"})
    assert await told(ada) == ["status"]
    await ada.call("POST", f"/api/v1/statuses/{posted['id']}/reblog")
    await bob.call("PUT", f"/api/v1/statuses/{posted['id']}", json={"status": "Old news"})
    assert await told(ada) == ["update", "status"]
    heard = await ada.call("GET", "/api/v1/notifications")
    for each in heard:
        assert_valid(each, "Notification")
        assert each["status"]["id"] == posted["id"]
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow", json={"notify": False})
    await ada.call("POST", f"/api/v1/statuses/{posted['id']}/unreblog")
    await bob.call("POST", "/api/v1/statuses", json={"status": "More"})
    await bob.call("PUT", f"/api/v1/statuses/{posted['id']}", json={"status": "Older news"})
    assert await told(ada) == ["update", "status"]


async def test_what_was_documented_once_still_answers(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await mention(bob, ada, "public")
    await mention(bob, ada, "public")
    groups = await ada.call("GET", "/api/v2_alpha/notifications")
    assert_valid(groups, "GroupedNotificationsResults")
    assert await ada.call("GET", "/api/v2_alpha/notifications/unread_count") == {"count": 2}
    key = groups["notification_groups"][0]["group_key"]
    assert_valid(await ada.call("GET", f"/api/v2_alpha/notifications/{key}"), "GroupedNotificationsResults")
    assert await ada.call("POST", f"/api/v2_alpha/notifications/{key}/dismiss") == {}
    (left,) = await ada.call("GET", "/api/v1/notifications")
    assert await ada.call("POST", "/api/v1/notifications/dismiss", data={"id": left["id"]}) == {}
    await ada.call("POST", "/api/v1/notifications/dismiss", 404, data={"id": left["id"]})
    assert await told(ada) == []


async def test_what_was_read_is_not_unread(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    for _ in range(3):
        await mention(bob, ada, "public")
    heard = await ada.call("GET", "/api/v1/notifications")
    await ada.call("POST", "/api/v1/markers", json={"notifications": {"last_read_id": heard[1]["id"]}})
    for version in ("v1", "v2"):
        assert await ada.call("GET", f"/api/{version}/notifications/unread_count") == {"count": 1}
    await mention(bob, ada, "public")
    assert await ada.call("GET", "/api/v1/notifications/unread_count", params={"limit": 1}) == {"count": 1}
    assert await ada.call("GET", "/api/v1/notifications/unread_count", params={"types[]": "follow"}) == {"count": 0}
    assert await ada.call("GET", "/api/v1/notifications/unread_count") == {"count": 2}
