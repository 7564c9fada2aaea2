"""Quotes among people of one server: who may quote whom, who sees what is quoted, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest

from fedi.api.deps import Deps
from fedi.commands.scheduled import publish_due
from tests.support.phone import Phone, at, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def post(author: Phone, **fields: Any) -> dict[str, Any]:
    status: dict[str, Any] = await author.call("POST", "/api/v1/statuses", json={"status": "Words", **fields})
    return status


async def read(reader: Phone, status: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await reader.call("GET", f"/api/v1/statuses/{status['id']}")
    assert_valid(found, "Status")
    return found


async def test_a_quote_shows_what_it_quotes_and_is_counted_and_told(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada, quote_approval_policy="public")
    quoting = await post(bob, quoted_status_id=quoted["id"])
    assert_valid(quoting, "Status")
    assert (quoting["quote"]["state"], quoting["quote"]["quoted_status"]["id"]) == ("accepted", quoted["id"])
    assert '<p class="quote-inline">RE: <a href="' in quoting["content"]

    seen = await read(ada, quoted)
    assert (seen["quotes_count"], seen["quote_approval"]["automatic"]) == (1, ["public"])
    listed = await ada.call("GET", f"/api/v1/statuses/{quoted['id']}/quotes")
    assert [each["id"] for each in listed] == [quoting["id"]]
    (told,) = await ada.call("GET", "/api/v1/notifications", params={"types[]": "quote"})
    assert (told["type"], told["status"]["id"], told["account"]["id"]) == ("quote", quoting["id"], str(bob.owner.id))
    home = await bob.call("GET", "/api/v1/timelines/home")
    assert home[0]["quote"] == quoting["quote"]


async def test_a_quote_of_a_quote_names_what_is_quoted_and_shows_no_more(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    first = await post(ada)
    second = await post(ada, quoted_status_id=first["id"])
    third = await post(ada, quoted_status_id=second["id"], status="")
    assert third["quote"]["quoted_status"]["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    assert_valid(third, "Status")


@pytest.mark.parametrize(
    ("fields", "follows"),
    [
        ({"quote_approval_policy": "nobody"}, True),
        ({"quote_approval_policy": "followers"}, False),
        ({"quote_approval_policy": "public", "visibility": "private"}, True),
        ({"quote_approval_policy": "public", "visibility": "direct"}, True),
    ],
)
async def test_what_may_not_be_quoted_is_not(deps: Deps, fields: dict[str, Any], follows: bool) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    if follows:
        await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    quoted = await post(ada, **fields, status=at(bob))
    assert (await read(bob, quoted))["quote_approval"]["current_user"] == "denied"
    refused = await bob.call("POST", "/api/v1/statuses", 404, json={"status": "x", "quoted_status_id": quoted["id"]})
    assert refused == {"error": "The post you are trying to quote does not appear to exist."}


async def test_s_122_a_boost_is_quoted_as_its_original_may_be(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada, quote_approval_policy="nobody")
    boost = await bob.call("POST", f"/api/v1/statuses/{quoted['id']}/reblog")
    await bob.call("POST", "/api/v1/statuses", 404, json={"status": "x", "quoted_status_id": boost["id"]})
    own = await ada.call("POST", f"/api/v1/statuses/{(await post(bob, quote_approval_policy='public'))['id']}/reblog")
    assert (await post(ada, quoted_status_id=own["id"]))["quote"]["quoted_status"]["id"] == own["reblog"]["id"]


async def test_nothing_private_or_blocked_leaks_through_a_quote(deps: Deps) -> None:
    ada, bob, eve = await phone(deps, "ada"), await phone(deps, "bob"), await phone(deps, "eve")
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    secret = await post(ada, visibility="private", status="Secret")
    inner = await post(ada, quoted_status_id=secret["id"], visibility="public")
    assert inner["visibility"] == "private"
    public = await post(ada, status="Open", quote_approval_policy="public")
    quoting = await post(bob, quoted_status_id=public["id"])
    outer = await post(bob, quoted_status_id=quoting["id"])

    await ada.call("POST", f"/api/v1/accounts/{eve.owner.id}/block")
    hidden = {"state": "unauthorized", "quoted_status": None}
    assert (await read(eve, quoting))["quote"] == hidden
    assert (await read(eve, outer))["quote"]["quoted_status"]["quote"] == {
        "state": "unauthorized",
        "quoted_status_id": None,
    }
    for path in (f"/api/v1/accounts/{bob.owner.id}/statuses", "/api/v1/timelines/public"):
        listed = {each["id"]: each for each in await eve.call("GET", path)}
        assert listed[quoting["id"]]["quote"] == hidden
    assert await eve.call("GET", f"/api/v1/statuses/{public['id']}/quotes", 404)


async def test_what_a_reader_does_not_want_is_said_to_be_so(deps: Deps) -> None:
    ada, bob, eve = await phone(deps, "ada"), await phone(deps, "bob"), await phone(deps, "eve")
    quoting = await post(bob, quoted_status_id=(await post(ada))["id"])
    await eve.call("POST", f"/api/v1/accounts/{ada.owner.id}/mute")
    assert (await read(eve, quoting))["quote"]["state"] == "muted_account"
    await eve.call("POST", f"/api/v1/accounts/{ada.owner.id}/unmute")
    await eve.call("POST", f"/api/v1/accounts/{ada.owner.id}/block")
    assert (await read(eve, quoting))["quote"]["state"] == "blocked_account"


async def test_a_quote_is_taken_back_by_the_quoted_author_alone(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    reader = await phone(deps, "reader", "read")
    quoted = await post(ada)
    quoting = await post(bob, quoted_status_id=quoted["id"])
    path = f"/api/v1/statuses/{quoted['id']}/quotes/{quoting['id']}/revoke"
    await bob.call("POST", path, 403)
    await reader.call("POST", path, 403)
    await ada.call("POST", f"/api/v1/statuses/{quoted['id']}/quotes/{quoted['id']}/revoke", 404)
    revoked = await ada.call("POST", path)
    assert_valid(revoked, "Status")
    assert revoked["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await read(ada, quoted))["quotes_count"] == 0
    await ada.call("POST", path, 404)


async def test_a_quoted_status_that_is_deleted_leaves_its_quote(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada)
    quoting = await post(bob, quoted_status_id=quoted["id"])
    await ada.call("DELETE", f"/api/v1/statuses/{quoted['id']}")
    assert (await read(bob, quoting))["quote"] == {"state": "deleted", "quoted_status": None}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_who_may_quote_can_be_said_later_and_is_no_edit(deps: Deps, method: str) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada, poll={"options": ["a", "b"], "expires_in": 600, "hide_totals": True})
    path = f"/api/v1/statuses/{quoted['id']}/interaction_policy"
    changed = await ada.call(method, path, json={"quote_approval_policy": "followers"})
    assert_valid(changed, "Status")
    assert (changed["quote_approval"]["automatic"], changed["edited_at"]) == (["followers"], None)
    assert changed["poll"]["votes_count"] == 0
    assert (await read(bob, quoted))["quote_approval"] == {
        "automatic": ["followers"],
        "manual": [],
        "current_user": "denied",
    }
    await bob.call(method, path, 404, json={"quote_approval_policy": "public"})
    await ada.call(method, path, 422, json={"quote_approval_policy": "friends"})
    await ada.call(method, path, 422, json={})


async def test_quoters_hear_of_edits_of_what_they_quote(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada)
    quoting = await post(bob, quoted_status_id=quoted["id"])
    await ada.call("PUT", f"/api/v1/statuses/{quoted['id']}", json={"status": "Other words"})
    (told,) = await bob.call("GET", "/api/v1/notifications", params={"types[]": "quoted_update"})
    assert (told["account"]["id"], told["status"]["id"]) == (str(ada.owner.id), quoting["id"])
    edited = await bob.call("PUT", f"/api/v1/statuses/{quoting['id']}", json={"status": "Mine too"})
    assert (edited["quote"]["state"], edited["content"].count("quote-inline")) == ("accepted", 1)


async def test_nobody_is_quoted_behind_their_back(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada)
    draft = {"status": "x", "visibility": "direct", "quoted_status_id": quoted["id"]}
    await bob.call("POST", "/api/v1/statuses", 422, json=draft)
    assert (await post(bob, **{**draft, "status": at(ada)}))["quote"]["state"] == "accepted"


async def test_quotes_are_for_people_with_the_scope(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    writer = await phone(deps, "writer", "write")
    status = await post(ada)
    await writer.call("GET", f"/api/v1/statuses/{status['id']}/quotes", 403)
    await ada.call("GET", "/api/v1/statuses/1/quotes", 404)
    assert (await ada.http.get(f"/api/v1/statuses/{status['id']}/quotes")).status_code == 401


async def test_every_version_says_what_it_quotes(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    quoted = await post(ada)
    quoting = await post(ada, quoted_status_id=quoted["id"])
    await ada.call("PUT", f"/api/v1/statuses/{quoting['id']}", json={"status": "Other words"})
    versions = await ada.call("GET", f"/api/v1/statuses/{quoting['id']}/history")
    assert [each["quote"]["quoted_status"]["id"] for each in versions] == [quoted["id"]] * 2
    for version in versions:
        assert_valid(version, "StatusEdit")


async def test_a_planned_post_quotes_when_its_time_comes(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    quoted = await post(ada, quote_approval_policy="nobody")
    later = (deps.clock() + timedelta(hours=1)).isoformat()
    draft = {"status": "x", "scheduled_at": later, "quoted_status_id": quoted["id"], "quote_approval_policy": "nobody"}
    await bob.call("POST", "/api/v1/statuses", 404, json=draft)
    planned = await ada.call("POST", "/api/v1/statuses", json=draft)
    assert_valid(planned, "ScheduledStatus")
    assert (planned["params"]["quoted_status_id"], planned["params"]["quote_approval_policy"]) == (
        quoted["id"],
        "nobody",
    )
    position = await publish_due(deps.commands, int(planned["id"]))
    await deps.written.note(ada.owner.id, position or 0)
    home = await ada.call("GET", "/api/v1/timelines/home")
    assert (home[0]["quote"]["state"], home[0]["quote"]["quoted_status"]["id"]) == ("accepted", quoted["id"])
