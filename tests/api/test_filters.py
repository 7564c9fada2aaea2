"""Filters, in both versions, and what they catch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")
PETS = {"title": "pets", "context": ["home", "public"], "keywords_attributes": [{"keyword": "cat"}]}


async def two(deps: Deps) -> tuple[Phone, Phone, dict[str, Any]]:
    """Ada, who follows Bob, and a post of his about a cat."""
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    return ada, bob, await bob.call("POST", "/api/v1/statuses", json={"status": "my cat"})


async def test_a_filter_is_made_changed_and_deleted(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    wanted = {**PETS, "filter_action": "hide", "expires_in": 3600}
    made = await ada.call("POST", "/api/v2/filters", json=wanted)
    assert_valid(made, "Filter")
    (keyword,) = made["keywords"]
    assert (made["title"], made["context"], made["filter_action"]) == ("pets", ["home", "public"], "hide")
    assert (keyword["keyword"], keyword["whole_word"], made["statuses"]) == ("cat", True, [])
    ends = datetime.fromisoformat(made["expires_at"])
    assert timedelta(minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=1)

    path = f"/api/v2/filters/{made['id']}"
    changes = {
        "title": "animals",
        "expires_in": None,
        "keywords_attributes": [
            {"id": keyword["id"], "_destroy": True},
            {"keyword": "dog", "whole_word": False},
        ],
    }
    changed = await ada.call("PUT", path, json=changes)
    assert (changed["title"], changed["filter_action"], changed["expires_at"]) == ("animals", "hide", None)
    assert [(each["keyword"], each["whole_word"]) for each in changed["keywords"]] == [("dog", False)]
    form = {"context[]": "thread", "keywords_attributes[0][keyword]": "fish", "keywords_attributes[1][keyword]": "owl"}
    patched = await ada.call("PATCH", path, data=form)
    assert patched["context"] == ["thread"]
    assert [each["keyword"] for each in patched["keywords"]] == ["dog", "fish", "owl"]
    assert await ada.call("GET", path) == patched
    assert await ada.call("GET", "/api/v2/filters") == [patched]
    assert await ada.call("DELETE", path) == {}
    assert await ada.call("GET", "/api/v2/filters") == []
    await ada.call("GET", path, 404)


async def test_keywords_and_posts_have_addresses_of_their_own(deps: Deps) -> None:
    ada, bob, post = await two(deps)
    made = await ada.call("POST", "/api/v2/filters", json={"title": "one", "context": ["home"]})
    path = f"/api/v2/filters/{made['id']}"
    keyword = await ada.call("POST", f"{path}/keywords", json={"keyword": "dog"})
    assert_valid(keyword, "FilterKeyword")
    other = f"/api/v2/filters/keywords/{keyword['id']}"
    changed = await ada.call("PUT", other, json={"keyword": "dogs", "whole_word": False})
    assert (changed["id"], changed["keyword"], changed["whole_word"]) == (keyword["id"], "dogs", False)
    assert await ada.call("GET", other) == changed
    assert await ada.call("GET", f"{path}/keywords") == [changed]

    caught = await ada.call("POST", f"{path}/statuses", json={"status_id": post["id"]})
    assert_valid(caught, "FilterStatus")
    await ada.call("POST", f"{path}/statuses", 422, json={"status_id": post["id"]})
    assert await ada.call("GET", f"{path}/statuses") == [caught]
    assert await ada.call("GET", f"/api/v2/filters/statuses/{caught['id']}") == caught
    seen = await ada.call("GET", f"/api/v1/statuses/{post['id']}")
    assert [each["status_matches"] for each in seen["filtered"]] == [[post["id"]]]
    for mine in (path, other, f"{path}/keywords", f"{path}/statuses", f"/api/v2/filters/statuses/{caught['id']}"):
        await bob.call("GET", mine, 404)
        if not mine.endswith(("/keywords", "/statuses")):
            await bob.call("DELETE", mine, 404)
    await bob.call("PUT", other, 404, json={"keyword": "x"})
    await bob.call("POST", f"{path}/statuses", 404, json={"status_id": post["id"]})
    assert await ada.call("DELETE", f"/api/v2/filters/statuses/{caught['id']}") == caught
    assert await ada.call("DELETE", other) == {}
    assert (await ada.call("GET", path))["keywords"] == []


async def test_what_is_caught_says_so_in_every_list(deps: Deps) -> None:
    ada, bob, post = await two(deps)
    lists = [
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        f"/api/v1/accounts/{bob.owner.id}/statuses",
        f"/api/v1/statuses?id[]={post['id']}",
    ]
    for path in lists:
        assert (await ada.call("GET", path))[0]["filtered"] == []
    await ada.call("POST", "/api/v2/filters", json=PETS)
    for path in lists:
        (result,) = (await ada.call("GET", path))[0]["filtered"]
        assert_valid(result, "FilterResult")
        assert (result["keyword_matches"], result["status_matches"]) == (["cat"], None)
        assert result["filter"]["title"] == "pets"
        assert "keywords" not in result["filter"]
        assert (await bob.call("GET", path))[:1] == [] or (await bob.call("GET", path))[0]["filtered"] == []
    boost = await bob.call("POST", f"/api/v1/statuses/{post['id']}/reblog")
    seen = await ada.call("GET", f"/api/v1/statuses/{boost['id']}")
    assert [len(each["filtered"]) for each in (seen, seen["reblog"])] == [1, 1]
    await bob.call("POST", "/api/v1/statuses", json={"status": f"@{ada.owner.username} a cat!"})
    (told,) = await ada.call("GET", "/api/v1/notifications", params={"types[]": "mention"})
    assert told["status"]["filtered"][0]["keyword_matches"] == ["cat"]
    grouped = await ada.call("GET", "/api/v2/notifications")
    assert all(each["filtered"] for each in grouped["statuses"])
    assert (await ada.call("POST", f"/api/v1/statuses/{post['id']}/favourite"))["filtered"]


async def test_words_are_found_in_polls_and_warnings(deps: Deps) -> None:
    ada, bob, _ = await two(deps)
    await ada.call("POST", "/api/v2/filters", json=PETS)
    poll = {"options": ["dog", "Cat"], "expires_in": 600}
    await bob.call("POST", "/api/v1/statuses", json={"status": "which?", "poll": poll})
    await bob.call("POST", "/api/v1/statuses", json={"status": "look", "spoiler_text": "cat picture"})
    await bob.call("POST", "/api/v1/statuses", json={"status": "nothing"})
    home = await ada.call("GET", "/api/v1/timelines/home")
    assert [bool(each["filtered"]) for each in home[:3]] == [False, True, True]


async def test_a_filter_of_the_first_version_is_a_keyword(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    wanted = {"phrase": "cat", "context": ["home"], "irreversible": True, "whole_word": True}
    made = await ada.call("POST", "/api/v1/filters", json=wanted)
    assert_valid(made, "V1_Filter")
    assert (made["phrase"], made["irreversible"], made["whole_word"]) == ("cat", True, True)
    (second,) = await ada.call("GET", "/api/v2/filters")
    assert (second["title"], second["filter_action"]) == ("cat", "hide")
    path = f"/api/v1/filters/{made['id']}"
    changed = await ada.call("PUT", path, json={"phrase": "cats", "context": ["home", "thread"], "irreversible": False})
    assert (changed["phrase"], changed["context"], changed["irreversible"]) == ("cats", ["home", "thread"], False)
    assert await ada.call("GET", path) == changed
    await bob.call("GET", path, 404)
    await bob.call("DELETE", path, 404)
    await ada.call("POST", f"/api/v2/filters/{second['id']}/keywords", json={"keyword": "dog"})
    same = {"phrase": "cats", "context": ["home", "thread"], "irreversible": False, "expires_in": ""}
    assert await ada.call("PUT", path, json=same) == changed
    assert "more than one filter keyword" in (await ada.call("PUT", path, 422, json={"context": ["home"]}))["error"]
    assert [each["phrase"] for each in await ada.call("GET", "/api/v1/filters")] == ["cats", "dog"]
    assert await ada.call("DELETE", path) == {}
    (left,) = await ada.call("GET", "/api/v1/filters")
    assert await ada.call("DELETE", f"/api/v1/filters/{left['id']}") == {}
    assert await ada.call("GET", "/api/v2/filters") == []


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"context": ["home"]}, "Title can't be blank"),
        ({"title": "x" * 300, "context": ["home"]}, "Title is too long"),
        ({"title": "x"}, "Context None or invalid context supplied"),
        ({"title": "x", "context": []}, "Context None or invalid context supplied"),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]}, "Keyword can't be blank"),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x" * 600}]}, "Keyword is too long"),
        ({"title": "x", "context": ["nowhere"]}, "context"),
        ({"title": "x", "context": ["home"], "filter_action": "burn"}, "filter_action"),
    ],
)
async def test_what_is_no_filter_is_refused(deps: Deps, wanted: dict[str, Any], error: str) -> None:
    ada = await phone(deps, "ada")
    assert error in (await ada.call("POST", "/api/v2/filters", 422, json=wanted))["error"]
    assert await ada.call("GET", "/api/v2/filters") == []


async def test_s_125_nobody_elses_post_can_be_probed(deps: Deps) -> None:
    ada, bob, _ = await two(deps)
    secret = await bob.call("POST", "/api/v1/statuses", json={"status": "hush", "visibility": "direct"})
    made = await ada.call("POST", "/api/v2/filters", json={"title": "one", "context": ["home"]})
    for unseen in (secret["id"], "1"):
        await ada.call("POST", f"/api/v2/filters/{made['id']}/statuses", 404, json={"status_id": unseen})
