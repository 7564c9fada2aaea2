"""What reading endpoints answer beyond their shapes: links, refusals, and what differs from reader to reader."""

import asyncio
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from fedi.api.deps import Deps
from fedi.site import url_digest
from tests.support import views
from tests.support.reader import World

HIDDEN = [
    "/api/v1/statuses/{id}",
    "/api/v1/statuses/{id}/context",
    "/api/v1/statuses/{id}/favourited_by",
    "/api/v1/statuses/{id}/reblogged_by",
    "/api/v1/statuses/{id}/history",
    "/api/v1/statuses/{id}/source",
    "/api/v1/polls/{id}",
]
OTHERS = [
    "/api/v1/lists/7",
    "/api/v1/lists/7/accounts",
    "/api/v1/timelines/list/7",
    "/api/v1/notifications/7",
    "/api/v2/notifications/ungrouped-7",
]


def links(answer: httpx.Response) -> dict[str, dict[str, list[str]]]:
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))
    return {rel: parse_qs(urlsplit(url).query) for url, rel in found}


@pytest.mark.parametrize("path", HIDDEN)
async def test_what_one_may_not_see_does_not_exist(world: World, path: str) -> None:
    for who in ("ann", None):
        hidden = await world.get(path.format(id=world.secret), who=who)
        missing = await world.get(path.format(id=12345), who=who)
        if who is None and path.endswith("/source"):
            assert (hidden.status_code, missing.status_code) == (401, 401)
            continue
        assert (hidden.status_code, hidden.content) == (404, missing.content)


@pytest.mark.parametrize("path", OTHERS)
async def test_what_is_another_persons_does_not_exist(deps: Deps, world: World, path: str) -> None:
    async with deps.pool.connection() as connection:
        values = {"title": "Ben's", "replies_policy": "list", "exclusive": False}
        await views.insert(connection, "lists", id=7, account_id=world.ben, **values)
        row = {"type": "follow", "created_at": views.moment(0), "group_key": "ungrouped-7"}
        await views.insert(connection, "notifications", id=7, account_id=world.ben, from_account_id=world.zoe, **row)
    assert (await world.get(path, who="ben")).status_code == 200
    assert (await world.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/12345",
        "/api/v1/accounts/nobody",
        "/api/v1/accounts/12345/statuses",
        "/api/v1/accounts/12345/followers",
        "/api/v1/accounts/lookup?acct=nobody",
        "/api/v1/statuses/99999999999999999999",
        "/api/v1/polls/{answer}",
        "/api/v1/tags/no%20tag",
        "/api/v1/there_is_no_such_thing",
    ],
)
async def test_what_is_not_there(world: World, path: str) -> None:
    answer = await world.get(path.format(answer=world.answer))
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_home_is_leafed_through_by_its_links(world: World) -> None:
    """Zoe's boost of Ben's post is not there: Ann follows Ben and has the post itself."""
    first = await world.get("/api/v1/timelines/home", limit=1)
    assert [each["id"] for each in first.json()] == [str(world.answer)]
    assert links(first) == {
        "next": {"limit": ["1"], "max_id": [str(world.answer)]},
        "prev": {"limit": ["1"], "min_id": [str(world.answer)]},
    }
    second = await world.get("/api/v1/timelines/home", limit=5, max_id=links(first)["next"]["max_id"][0])
    assert [each["id"] for each in second.json()] == [str(world.post)]
    assert set(links(second)) == {"prev"}
    back = await world.get("/api/v1/timelines/home", limit=1, min_id=str(world.post))
    assert [each["id"] for each in back.json()] == [str(world.answer)]


async def test_bookmarks_page_by_what_bookmarks_do_not_show(world: World) -> None:
    answer = await world.get("/api/v1/bookmarks", limit=1)
    assert links(answer)["next"]["max_id"] == ["1"]
    assert links(answer)["next"]["max_id"] != [answer.json()[0]["id"]]


async def test_status_tells_its_reader_what_they_did(world: World) -> None:
    mine = (await world.get(f"/api/v1/statuses/{world.post}")).json()
    assert (mine["favourited"], mine["bookmarked"], mine["reblogged"], mine["muted"]) == (True, True, False, False)
    assert (mine["poll"]["voted"], mine["poll"]["own_votes"], mine["poll"]["votes_count"]) == (True, [1], 3)
    assert "pinned" not in mine
    his = (await world.get(f"/api/v1/statuses/{world.post}", who="ben")).json()
    assert (his["favourited"], his["pinned"], his["poll"]["own_votes"]) == (False, True, [])
    again = (await world.get(f"/api/v1/statuses/{world.again}")).json()
    assert (again["reblog"]["id"], again["favourited"], again["content"]) == (str(world.post), True, "")


async def test_status_speaks_mastodons_dialect(world: World) -> None:
    found = (await world.get(f"/api/v1/statuses/{world.post}")).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["created_at"])
    assert found["account"]["created_at"].endswith("T00:00:00.000Z")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["account"]["last_status_at"])
    assert found["mentions"] == [
        {"id": str(world.ann), "username": "ann", "acct": "ann", "url": "http://localhost:3000/@ann"}
    ]
    assert found["tags"] == [{"name": "cats", "url": "http://localhost:3000/tags/cats"}]
    assert found["application"] == {"name": "App", "website": None}
    assert (found["replies_count"], found["reblogs_count"], found["favourites_count"]) == (1, 1, 1)


async def test_files_of_others_are_shown_through_this_server(world: World) -> None:
    found = (await world.get(f"/api/v1/statuses/{world.post}")).json()
    theirs, ours = found["media_attachments"]
    source = "https://zoe.example/cat.png"
    here = f"http://localhost:3000/media/remote/attachments/{world.post}/0-{url_digest(source)}"
    assert (theirs["url"], theirs["preview_url"], theirs["remote_url"]) == (here, here, source)
    assert theirs["meta"] == {
        "original": {"width": 40, "height": 30, "size": "40x30", "aspect": 40 / 30},
        "focus": {"x": 0.5, "y": -0.5},
    }
    assert (ours["id"], ours["url"], ours["remote_url"]) == ("17", "http://localhost:3000/media/1.png", None)
    zoe = (await world.get(f"/api/v1/accounts/{world.zoe}")).json()
    assert zoe["avatar"].startswith(f"http://localhost:3000/media/remote/avatars/{world.zoe}/0-")
    assert zoe["emojis"][0]["url"].startswith(f"http://localhost:3000/media/remote/account_emojis/{world.zoe}/0-")


async def test_who_has_no_picture_gets_ours(world: World) -> None:
    ben = (await world.get(f"/api/v1/accounts/{world.ben}")).json()
    for address in (ben["avatar"], ben["header"], (await world.get("/api/v2/instance")).json()["thumbnail"]["url"]):
        picture = await world.http.get(address)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        assert picture.content.startswith(b"\x89PNG")


async def test_own_account_has_the_source_of_the_profile(world: World) -> None:
    ben = (await world.get("/api/v1/accounts/verify_credentials", who="ben")).json()
    assert ben["source"]["note"] == "One\ntwo\n\nthree & four"
    assert (ben["role"]["id"], ben["roles"]) == ("-99", [])
    ann = (await world.get("/api/v1/accounts/verify_credentials")).json()
    assert (ann["role"]["permissions"], [role["name"] for role in ann["roles"]]) == ("1", ["Admin"])
    assert ann["source"]["fields"] == [{"name": "Site", "value": "x", "verified_at": None}]


async def test_suspended_account_shows_only_who_it_is(deps: Deps, world: World) -> None:
    async with deps.pool.connection() as connection:
        await connection.execute("UPDATE read.accounts SET suspended = true WHERE id = %s", [world.zoe])
    zoe = (await world.get(f"/api/v1/accounts/{world.zoe}")).json()
    assert (zoe["suspended"], zoe["acct"], zoe["display_name"], zoe["note"]) == (True, "zoe@zoe.example", "", "")
    assert zoe["avatar"].endswith("/missing.png")
    assert (await world.get(f"/api/v1/accounts/{world.zoe}/statuses")).json() == []


async def test_own_domain_may_be_left_out_or_said(world: World) -> None:
    for handle in ("ben", "@ben", "ben@localhost:3000", "BEN@LOCALHOST:3000"):
        assert (await world.get("/api/v1/accounts/lookup", acct=handle)).json()["id"] == str(world.ben)


async def test_thread_stands_above_and_below(deps: Deps, world: World) -> None:
    async with deps.pool.connection() as connection:
        below: dict[str, Any] = {
            "in_reply_to_id": world.answer,
            "in_reply_to_account_id": world.zoe,
            "in_reply_to_uri": "x",
        }
        deep = await views.status(connection, world.ben, **below)
        await views.status(connection, world.ben, visibility="direct", **below)
    middle = (await world.get(f"/api/v1/statuses/{world.answer}/context")).json()
    assert [each["id"] for each in middle["ancestors"]] == [str(world.post)]
    assert [each["id"] for each in middle["descendants"]] == [str(deep)]
    top = (await world.get(f"/api/v1/statuses/{world.post}/context", who=None)).json()
    assert [each["id"] for each in top["descendants"]] == [str(world.answer), str(deep)]


async def test_history_ends_with_the_present(world: World) -> None:
    edited = (await world.get(f"/api/v1/statuses/{world.post}/history")).json()
    assert [each["content"] for each in edited] == ["<p>Helo</p>", "<p>Hello</p>"]
    assert edited[0]["poll"] == {"options": [{"title": "yes"}, {"title": "no"}]}
    untouched = (await world.get(f"/api/v1/statuses/{world.answer}/history")).json()
    assert [each["content"] for each in untouched] == ["<p>Hi</p>"]


async def test_source_is_what_was_typed(world: World) -> None:
    assert (await world.get(f"/api/v1/statuses/{world.post}/source")).json()["text"] == "Hello @ann"
    assert (await world.get(f"/api/v1/statuses/{world.answer}/source")).json()["text"] == "Hi"


async def test_search_finds_people_and_tags(world: World) -> None:
    found = (await world.get("/api/v2/search", q="zo")).json()
    assert [each["acct"] for each in found["accounts"]] == ["zoe@zoe.example"]
    found = (await world.get("/api/v2/search", q="#CAT")).json()
    assert ([each["name"] for each in found["hashtags"]], found["accounts"]) == (["cats"], [])
    (tag,) = found["hashtags"]
    assert (len(tag["history"]), tag["following"]) == (7, False)


@pytest.mark.parametrize(
    ("address", "accounts", "posts"),
    [
        ("http://localhost:3000/@ben", ["ben"], 0),
        ("http://localhost:3000/users/ben", ["ben"], 0),
        ("https://zoe.example/users/zoe", ["zoe@zoe.example"], 0),
        ("http://localhost:3000/@ben/{post}", [], 1),
        ("http://localhost:3000/@ben/{secret}", [], 0),
        ("https://zoe.example/post", [], 1),
        ("https://zoe.example/nothing", [], 0),
    ],
)
async def test_addresses_are_found(deps: Deps, world: World, address: str, accounts: list[str], posts: int) -> None:
    async with deps.pool.connection() as connection:
        await views.reference(connection, "http://localhost:3000/users/ben", "account", world.ben)
        await views.reference(connection, "https://zoe.example/users/zoe", "account", world.zoe)
        await views.reference(connection, "https://zoe.example/post", "status", world.answer)
    found = (await world.get("/api/v2/search", q=address.format(post=world.post, secret=world.secret))).json()
    assert ([each["acct"] for each in found["accounts"]], len(found["statuses"])) == (accounts, posts)


@pytest.mark.parametrize("handle", ["@ben@localhost:3000", "BEN@localhost:3000", "@ben", "zoe@zoe.example"])
async def test_handles_are_found_with_their_domain(world: World, handle: str) -> None:
    expected = "zoe@zoe.example" if "zoe" in handle else "ben"
    assert [each["acct"] for each in (await world.get("/api/v2/search", q=handle)).json()["accounts"]] == [expected]
    assert [each["acct"] for each in (await world.get("/api/v1/accounts/search", q=handle)).json()] == [expected]


async def test_strangers_may_search_only_what_is_here(world: World) -> None:
    assert (await world.get("/api/v2/search", who=None, q="zoe")).json()["accounts"]
    for more in ({"resolve": "true"}, {"offset": "20"}):
        assert (await world.get("/api/v2/search", who=None, q="zoe", **more)).status_code == 401
    assert (await world.get("/api/v2/search", q=" ")).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "limit=999999999",
        "limit=-5",
        "limit=0",
        "offset=1000000000",
        "max_id=-1",
        "max_id=9223372036854775807",
    ],
)
async def test_strange_numbers_do_no_harm(world: World, query: str) -> None:
    for path in ("/api/v1/timelines/home?", "/api/v2/search?q=a&", "/api/v1/notifications?", "/api/v1/bookmarks?"):
        assert (await world.get(path + query)).status_code == 200


@pytest.mark.parametrize("query", ["min_id=garbage", "max_id=1e5", "limit=9999999999999999999999", "q=%00"])
async def test_garbage_is_named_and_refused(world: World, query: str) -> None:
    assert (
        await world.get(f"/api/v2/search?q=a&{query}" if "q=" in query else f"/api/v1/timelines/home?{query}")
    ).status_code == 422


@pytest.mark.parametrize("odd", ["%1F8", "%1C8", "8%1F", "%C2%A08"])
async def test_a_number_with_odd_spaces_is_none(world: World, odd: str) -> None:
    assert (await world.get(f"/api/v1/lists/{odd}")).status_code == 404


async def test_instance_claims_no_more_than_is_there(deps: Deps, world: World) -> None:
    await deps.redis.flushall()
    found = (await world.get("/api/v2/instance", who=None)).json()
    assert re.match(r"4\.5\.0\+fedi", found["version"])
    assert found["configuration"]["urls"]["streaming"] == "ws://localhost:3000"
    assert found["contact"]["account"]["acct"] == "ann"
    first = await world.get("/api/v1/instance", who=None)
    assert first.headers["deprecation"] == "@1668384000"
    assert first.json()["stats"] == {"user_count": 3, "status_count": 2, "domain_count": 1}


async def test_preferences_are_the_ones_chosen(deps: Deps, world: World) -> None:
    async with deps.pool.connection() as connection:
        await connection.execute(
            """UPDATE registry.users SET preferences = '{"default_privacy": "private"}' WHERE username = 'ann'"""
        )
    assert (await world.get("/api/v1/preferences")).json()["posting:default:visibility"] == "private"
    assert (await world.get("/api/v1/preferences", who="ben")).json()["posting:default:visibility"] == "public"


async def test_connection_that_is_left_in_mid_statement_is_not_used_again(deps: Deps) -> None:
    async def slow() -> None:
        async with deps.pool.connection() as connection:
            await connection.execute("SELECT pg_sleep(10)")

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(5):
        async with deps.pool.connection() as connection:
            assert connection.autocommit
            assert await (await connection.execute("SELECT 1")).fetchone() == (1,)


async def test_a_domain_outside_ascii_is_found_as_it_is_typed_and_shown_in_one_form(world: World, deps: Deps) -> None:
    async with deps.pool.connection() as connection:
        account = await views.account(connection, "uma", "xn--bcher-kva.example")
    for written in ("uma@bücher.example", "uma@BÜCHER.example", "uma@xn--bcher-kva.example"):
        found = (await world.get("/api/v1/accounts/lookup", acct=written)).json()
        assert (found["id"], found["acct"]) == (str(account), "uma@xn--bcher-kva.example")
        searched = (await world.get("/api/v1/accounts/search", q=written)).json()
        assert [each["id"] for each in searched] == [str(account)]
