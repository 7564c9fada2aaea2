"""Collections: accounts that people recommend together."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.commands.collections import MAX_COLLECTIONS
from fedi.events.activities import DocumentFetched
from fedi.log.drafts import Draft
from fedi.views import accounts
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid
from tests.support.server import folded

pytestmark = pytest.mark.usefixtures("projector")
WHOLE = "/api/v1/collections"


async def findable(deps: Deps, name: str, *, found: bool = True) -> Phone:
    person = await phone(deps, name)
    await person.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": found})
    return person


async def made(owner: Phone, *members: Phone, **more: Any) -> dict[str, Any]:
    ids = [each.owner.id for each in members]
    answer = await owner.call("POST", WHOLE, json={"name": "Cats", "account_ids": ids, **more})
    assert_valid(answer["collection"], "Collection")
    return dict(answer["collection"])


async def test_a_collection_is_made_changed_and_deleted(deps: Deps) -> None:
    ada, bob = await findable(deps, "ada"), await findable(deps, "bob")
    new = await made(ada, bob, description="who posts cats", tag_name="#Cats", language="en")
    path = f"{WHOLE}/{new['id']}"
    assert (new["item_count"], new["tag"]["name"], new["language"]) == (1, "cats", "en")
    shown = await bob.call("GET", path)
    assert_valid(shown, "CollectionWithAccounts")
    assert [each["id"] for each in shown["accounts"]] == [str(bob.owner.id)]
    for method in ("PUT", "PATCH"):
        changed = await ada.call(method, path, json={"name": f"by {method}", "tag_name": ""})
        assert (changed["collection"]["name"], changed["collection"]["tag"]) == (f"by {method}", None)
        assert changed["collection"]["description"] == "who posts cats"
        await bob.call(method, path, 404, json={"name": "mine"})
    await bob.call("DELETE", path, 404)
    assert await ada.call("DELETE", path) == {}
    await ada.call("GET", path, 404)
    await ada.call("DELETE", path, 404)


async def test_members_come_and_go(deps: Deps) -> None:
    ada, bob, eve = [await findable(deps, name) for name in ("ada", "bob", "eve")]
    shy = await findable(deps, "shy", found=False)
    items = f"{WHOLE}/{(await made(ada))['id']}/items"
    answer = await ada.call("POST", items, json={"account_id": bob.owner.id})
    item = answer["collection_item"]
    assert_valid(item, "CollectionItem")
    assert (item["state"], item["account_id"]) == ("accepted", str(bob.owner.id))
    await ada.call("POST", items, 422, json={"account_id": bob.owner.id})
    await ada.call("POST", items, 403, json={"account_id": shy.owner.id})
    await ada.call("POST", items, 404, json={"account_id": 1})
    await bob.call("POST", items, 404, json={"account_id": bob.owner.id})
    await eve.call("POST", f"{items}/{item['id']}/revoke", 404)
    await bob.call("DELETE", f"{items}/{item['id']}", 404)
    await ada.call("DELETE", f"{items}/{item['id']}")
    again = (await ada.call("POST", items, json={"account_id": bob.owner.id}))["collection_item"]
    mine = await bob.call("GET", f"/api/v1/accounts/{bob.owner.id}/in_collections")
    assert [each["item_count"] for each in mine["collections"]] == [1]
    await ada.call("GET", f"/api/v1/accounts/{bob.owner.id}/in_collections", 403)
    assert await bob.call("POST", f"{items}/{again['id']}/revoke") == {}
    assert (await bob.call("GET", f"/api/v1/accounts/{bob.owner.id}/in_collections"))["collections"] == []
    await ada.call("POST", items, 403, json={"account_id": bob.owner.id})


async def test_whoever_is_added_hears_of_it_as_long_as_the_collection_is_there(deps: Deps) -> None:
    ada, bob = await findable(deps, "ada"), await findable(deps, "bob")
    seen = await ada.call("GET", f"/api/v1/accounts/{bob.owner.id}")
    assert seen["feature_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    new = await made(ada, bob)
    (told,) = await bob.call("GET", "/api/v1/notifications")
    assert_valid(told, "Notification")
    assert (told["type"], told["account"]["id"], told["collection"]) == (
        "added_to_collection",
        str(ada.owner.id),
        new,
    )
    grouped = await bob.call("GET", "/api/v2/notifications")
    assert_valid(grouped, "GroupedNotificationsResults")
    assert grouped["notification_groups"][0]["collection"] == new
    assert await ada.call("GET", "/api/v1/notifications") == []
    await ada.call("DELETE", f"{WHOLE}/{new['id']}")
    assert await bob.call("GET", "/api/v1/notifications") == []


@pytest.mark.parametrize("blocks", ["bob", "eve"])
async def test_whoever_is_added_is_not_shown_whom_a_block_stands_before(deps: Deps, blocks: str) -> None:
    ada, bob, eve = [await findable(deps, name) for name in ("ada", "bob", "eve")]
    new = await made(ada, bob, eve)
    one, other = (bob, eve) if blocks == "bob" else (eve, bob)
    await one.call("POST", f"/api/v1/accounts/{other.owner.id}/block")
    (told,) = await bob.call("GET", "/api/v1/notifications")
    (group,) = (await bob.call("GET", "/api/v2/notifications"))["notification_groups"]
    alone = await bob.call("GET", f"/api/v1/notifications/{told['id']}")
    shown = await bob.call("GET", f"{WHOLE}/{new['id']}")
    for each in (told, group, alone, shown):
        assert [item["account_id"] for item in each["collection"]["items"]] == [str(bob.owner.id)]


async def met(deps: Deps, name: str, **fields: Any) -> int:
    """Meet somebody elsewhere, and return their number."""
    uri = f"https://there.example/users/{name}"
    keys = {"followers": f"{uri}/followers", "following": f"{uri}/following", "inbox": f"{uri}/inbox"}
    document = {"id": uri, "type": "Person", "preferredUsername": name, **keys, **fields}
    event = DocumentFetched(document=msgspec.Raw(msgspec.json.encode(document)), url=uri)
    appended = await deps.commands.appender.append([Draft(identity=uuid4(), event=event)])
    await folded(deps, appended.positions[-1])
    async with deps.pool.connection() as connection:
        return (await accounts.by_uris(connection, [uri]))[uri]


def lets(*whom: str, manual: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"interactionPolicy": {"canFeature": {"automaticApproval": list(whom), "manualApproval": list(manual)}}}


async def test_who_lives_elsewhere_is_asked_if_they_may_be(deps: Deps) -> None:
    ada = await findable(deps, "ada")
    items = f"{WHOLE}/{(await made(ada))['id']}/items"
    public = "https://www.w3.org/ns/activitystreams#Public"
    fans = "https://there.example/users/fans/followers"
    expected = {
        "open": (lets(public), "automatic", ["public"], []),
        "asking": (lets(manual=(public,)), "manual", [], ["public"]),
        "fans": (lets(fans), "unknown", ["followers"], []),
        "shy": (lets("https://there.example/users/shy"), "missing", [], []),
        "silent": ({}, "missing", [], []),
    }
    for name, (fields, current, automatic, manual) in expected.items():
        number = await met(deps, name, **fields)
        seen = (await ada.call("GET", f"/api/v1/accounts/{number}"))["feature_approval"]
        assert seen == {"automatic": automatic, "manual": manual, "current_user": current}
        if current == "missing":
            await ada.call("POST", items, 403, json={"account_id": number})
            continue
        item = (await ada.call("POST", items, json={"account_id": number}))["collection_item"]
        assert_valid(item, "CollectionItem")
        assert (item["state"], item["account_id"]) == ("pending", str(number))
        await ada.call("POST", items, 422, json={"account_id": number})
    assert (await ada.call("GET", items.removesuffix("/items")))["collection"]["item_count"] == 0
    async with deps.pool.connection() as connection:
        found = await connection.execute(
            "SELECT count(*) FROM log.events WHERE topic = 'activity.published' AND position('FeatureRequest' in "
            "convert_from(state, 'UTF8')) > 0"
        )
        assert await found.fetchall() == [(3,)]
    await ada.call("DELETE", f"{items}/{item['id']}")


async def test_whoever_blocks_stands_in_no_collection_of_the_other(deps: Deps) -> None:
    ada, bob = await findable(deps, "ada"), await findable(deps, "bob")
    path = f"{WHOLE}/{(await made(ada, bob))['id']}"
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/block")
    assert (await ada.call("GET", path))["collection"]["item_count"] == 0
    await ada.call("POST", f"{path}/items", 403, json={"account_id": bob.owner.id})
    await bob.call("GET", path, 404)


async def test_lists_have_pages_and_keep_what_is_hidden(deps: Deps) -> None:
    ada, bob = await findable(deps, "ada"), await findable(deps, "bob")
    for number in range(MAX_COLLECTIONS):
        await made(ada, name=f"n{number}", discoverable=number > 0)
    await ada.call("POST", WHOLE, 422, json={"name": "too many"})
    path = f"/api/v1/accounts/{ada.owner.id}/collections"
    assert len((await ada.call("GET", path))["collections"]) == MAX_COLLECTIONS
    assert len((await bob.call("GET", path))["collections"]) == MAX_COLLECTIONS - 1
    page = await bob.http.get(f"{path}?limit=2&offset=2")
    assert [each["name"] for each in page.json()["collections"]] == ["n7", "n6"]
    assert "offset=4" in page.headers["link"]
    alpha = await bob.http.get(path.replace("/v1/", "/v1_alpha/"))
    assert (alpha.status_code, alpha.headers["deprecation"][0]) == (200, "@")
    await bob.call("GET", "/api/v1/accounts/1/collections", 404)


async def test_what_cannot_be_is_refused(deps: Deps) -> None:
    ada = await findable(deps, "ada")
    for wrong in ({"name": " "}, {"name": "x" * 41}, {"name": "x", "description": "x" * 101}, {"account_ids": ["x"]}):
        await ada.call("POST", WHOLE, 422, json=wrong)
    await ada.call("POST", WHOLE, 422, json={"name": "x", "tag_name": "a b"})
    await ada.call("POST", WHOLE, 422, json={"name": "x", "account_ids": list(range(1, 40))})
    narrow = await phone(deps, "eve", "read")
    await narrow.call("POST", WHOLE, 403, json={"name": "x"})
    assert (await ada.http.post(WHOLE, json={"name": "x"})).status_code == 401
