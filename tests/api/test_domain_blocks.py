"""Servers that somebody wants nothing to do with."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.neighbour import Neighbour, neighbour
from tests.support.phone import Phone, at, phone
from tests.support.saying import PUBLIC
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")
PATH = "/api/v1/domain_blocks"


async def tied(deps: Deps, domain: str) -> tuple[Phone, Neighbour]:
    """Ada, and a neighbour: each follows the other."""
    ada, zoe = await phone(deps, "ada"), await neighbour(deps, domain)
    asked = await ada.call("POST", f"/api/v1/accounts/{zoe.id}/follow")
    assert asked["requested"]
    async with deps.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT uri FROM read.follows WHERE account_id = %s AND target_id = %s", [ada.owner.id, zoe.id]
        )
        row = await cursor.fetchone()
    assert row is not None
    await zoe.does("Accept", row[0])
    await zoe.does("Follow", ada.owner.uri)
    await ada.call("POST", f"/api/v1/follow_requests/{zoe.id}/authorize")
    return ada, zoe


async def relation(reader: Phone, account_id: int) -> dict[str, Any]:
    (found,) = await reader.call("GET", "/api/v1/accounts/relationships", params={"id[]": str(account_id)})
    assert_valid(found, "Relationship")
    return dict(found)


async def test_domains_are_listed_and_taken_back(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for domain in ("one.example", " Two.Example ", "bücher.example", "one.example"):
        assert await ada.call("POST", PATH, json={"domain": domain}) == {}
    assert await ada.call("GET", PATH) == ["xn--bcher-kva.example", "two.example", "one.example"]
    answer = await ada.http.get(PATH, params={"limit": 2}, headers=ada.headers)
    assert answer.json() == ["xn--bcher-kva.example", "two.example"]
    following = answer.headers["link"].split(">")[0].removeprefix("<")
    assert (await ada.http.get(following, headers=ada.headers)).json() == ["one.example"]
    assert await ada.call("DELETE", PATH, params={"domain": "two.example"}) == {}
    assert await ada.call("DELETE", PATH, params={"domain": "never.example"}) == {}
    assert await ada.call("GET", PATH) == ["xn--bcher-kva.example", "one.example"]
    assert await (await phone(deps, "bob")).call("GET", PATH) == []


@pytest.mark.parametrize("domain", ["", " ", "a b", "http://x.example/", "x" * 300, "user@x.example", "a/b"])
async def test_what_is_no_domain_is_refused(deps: Deps, domain: str) -> None:
    ada = await phone(deps, "ada")
    for method, path in (("POST", PATH), ("DELETE", PATH), ("GET", f"{PATH}/preview")):
        answer = await ada.call(method, path, 422, params={"domain": domain})
        assert answer["error"] == "Validation failed: Domain is not a valid domain name"
    await ada.call("POST", PATH, 422, json={"domain": ["x"]})
    narrow = await phone(deps, "eve", "read")
    await narrow.call("POST", PATH, 403, json={"domain": "x.example"})
    assert (await ada.http.post(PATH, json={"domain": "x.example"})).status_code == 401


async def test_a_block_ends_what_stood_and_tells_so(deps: Deps) -> None:
    ada, zoe = await tied(deps, "tied.example")
    before = await relation(ada, zoe.id)
    assert (before["following"], before["followed_by"], before["domain_blocking"]) == (True, True, False)
    preview = await ada.call("GET", f"{PATH}/preview", params={"domain": "tied.example"})
    assert_valid(preview, "DomainBlockPreview")
    assert preview == {"following_count": 1, "followers_count": 1}
    await ada.call("POST", PATH, json={"domain": "tied.example"})
    after = await relation(ada, zoe.id)
    assert (after["following"], after["followed_by"], after["domain_blocking"]) == (False, False, True)
    (told,) = await ada.call("GET", "/api/v1/notifications")
    assert_valid(told, "Notification")
    assert (told["type"], told["account"]["id"]) == ("severed_relationships", str(ada.owner.id))
    assert_valid(told["event"], "RelationshipSeveranceEvent")
    counts = {name: told["event"][name] for name in ("type", "target_name", "followers_count", "following_count")}
    assert counts == {
        "type": "user_domain_block", "target_name": "tied.example", "followers_count": 1, "following_count": 1
    }  # fmt: skip
    groups = await ada.call("GET", "/api/v2/notifications")
    assert_valid(groups, "GroupedNotificationsResults")
    assert groups["notification_groups"][0]["event"] == told["event"]
    await ada.call("DELETE", PATH, params={"domain": "tied.example"})
    freed = await relation(ada, zoe.id)
    assert (freed["following"], freed["domain_blocking"]) == (False, False)


async def test_nobody_follows_across_a_block(deps: Deps) -> None:
    ada, zoe = await phone(deps, "ada"), await neighbour(deps, "away.example")
    await ada.call("POST", PATH, json={"domain": "away.example"})
    await ada.call("POST", f"/api/v1/accounts/{zoe.id}/follow", 403)
    assert await ada.call("GET", "/api/v1/notifications") == []


async def test_what_is_said_there_is_not_shown(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    zoe, ann = await neighbour(deps, "away.example"), await neighbour(deps, "near.example")
    tag = {"type": "Hashtag", "name": "#rain"}
    named = {"type": "Mention", "href": zoe.uri, "name": "@zoe@away.example"}
    hers = await zoe.posts("<p>hers</p>", tag=[tag, {"type": "Mention", "href": ada.owner.uri}], cc=[ada.owner.uri])
    about = await ann.posts("<p>about her</p>", tag=[tag, named], cc=[zoe.uri])
    other = await ann.posts("<p>other</p>", tag=[tag])
    boost = await bob.call("POST", f"/api/v1/statuses/{hers}/reblog")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    await ada.call("POST", "/api/v1/tags/rain/follow")

    async def shown(path: str) -> set[int]:
        return {int(each["id"]) for each in await ada.call("GET", path)}

    lists = {"/api/v1/timelines/public", "/api/v1/timelines/tag/rain", "/api/v1/timelines/tag/rain?any[]=x"}
    for path in lists:
        assert {hers, about, other} <= await shown(path)
    assert {hers, other, int(boost["id"])} <= await shown("/api/v1/timelines/home")
    assert await ada.call("GET", "/api/v1/notifications") != []
    await ada.call("POST", PATH, json={"domain": "away.example"})
    for path in lists:
        found = await shown(path)
        assert other in found
        assert not {hers, about} & found
    home = await shown("/api/v1/timelines/home")
    assert other in home
    assert not {hers, int(boost["id"])} & home
    assert int(boost["id"]) not in await shown(f"/api/v1/accounts/{bob.owner.id}/statuses")
    assert await shown(f"/api/v1/accounts/{zoe.id}/statuses") == {hers}
    assert await ada.call("GET", "/api/v1/notifications") == []
    assert {hers, about, other} <= {int(each["id"]) for each in await bob.call("GET", "/api/v1/timelines/public")}


async def test_posts_that_name_whom_one_mutes_or_blocks_are_spared(deps: Deps) -> None:
    ada, bob, eve = await phone(deps, "ada"), await phone(deps, "bob"), await phone(deps, "eve")
    said = await bob.call("POST", "/api/v1/statuses", json={"status": f"{at(eve)} #sun"})
    paths = ("/api/v1/timelines/public", "/api/v1/timelines/tag/sun")

    async def seen(reader: Phone) -> list[bool]:
        return [said["id"] in [each["id"] for each in await reader.call("GET", path)] for path in paths]

    assert await seen(ada) == [True, True]
    for act, back in (("mute", "unmute"), ("block", "unblock")):
        await ada.call("POST", f"/api/v1/accounts/{eve.owner.id}/{act}")
        assert await seen(ada) == [False, False]
        await ada.call("POST", f"/api/v1/accounts/{eve.owner.id}/{back}")
        assert await seen(ada) == [True, True]
    await eve.call("POST", f"/api/v1/accounts/{ada.owner.id}/block")
    assert await seen(ada) == [False, False]
    assert await seen(bob) == [True, True]


async def test_public_only_names_count(deps: Deps) -> None:
    """Somebody addressed in silence is not read of."""
    ada, zoe, ann = await phone(deps, "ada"), await neighbour(deps, "a.example"), await neighbour(deps, "b.example")
    post = await ann.posts("<p>quiet</p>", to=[PUBLIC], cc=[zoe.uri])
    await ada.call("POST", PATH, json={"domain": "a.example"})
    assert post in {int(each["id"]) for each in await ada.call("GET", "/api/v1/timelines/public")}
