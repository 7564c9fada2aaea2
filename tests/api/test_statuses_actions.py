import asyncio
import base64
import io
from typing import Any

import pytest
from PIL import Image

from fedi.api.deps import Deps
from tests.support.phone import phone, picture
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def test_a_post_is_answered_as_a_status_and_stands_in_the_home_timeline(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for number in range(10):
        status = await ada.call("POST", "/api/v1/statuses", json={"status": f"Hello {number} #cats"})
        assert_valid(status, "Status")
        assert (status["visibility"], status["tags"][0]["name"]) == ("public", "cats")
        home = await ada.call("GET", "/api/v1/timelines/home")
        assert home[0]["id"] == status["id"]


async def test_every_form_of_body_says_the_same(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    wanted = {"status": "Which?", "visibility": "unlisted", "spoiler_text": "cw", "poll[options][]": ["yes", "no"]}
    form = await ada.call("POST", "/api/v1/statuses", data={**wanted, "poll[expires_in]": "600"})
    poll = {"options": ["yes", "no"], "expires_in": 600}
    body = await ada.call(
        "POST",
        "/api/v1/statuses",
        json={"status": "Which?", "visibility": "unlisted", "spoiler_text": "cw", "poll": poll},
    )
    for status in (form, body):
        assert_valid(status, "Status")
        assert (status["visibility"], status["spoiler_text"], status["sensitive"]) == ("unlisted", "cw", True)
        assert [option["title"] for option in status["poll"]["options"]] == ["yes", "no"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 422, "Validation failed: Text can't be blank"),
        ({"status": "x", "in_reply_to_id": "1"}, 404, "Record not found"),
        ({"status": "x" * 501}, 422, "Validation failed: Text character limit of 500 exceeded"),
    ],
)
async def test_what_cannot_be_posted_is_refused(deps: Deps, body: dict[str, Any], status: int, error: str) -> None:
    ada = await phone(deps, "ada")
    assert await ada.call("POST", "/api/v1/statuses", status, json=body) == {"error": error}
    refused = await ada.call("POST", "/api/v1/statuses", 422, json={"status": "x", "visibility": "secret"})
    assert refused["error"].startswith("Validation failed: visibility")


async def test_a_key_makes_one_status_of_two_requests(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    posts = [
        await ada.call("POST", "/api/v1/statuses", json={"status": "Once"}, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert posts[0] == posts[1]


async def test_without_the_scope_nothing_is_written(deps: Deps) -> None:
    reader = await phone(deps, "reader", "read")
    for method, path in (("POST", "/api/v1/statuses"), ("POST", "/api/v1/media"), ("POST", "/api/v1/lists")):
        await reader.call(method, path, 403, json={"status": "x", "title": "x"})


def without(status: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in status.items() if name not in names}


async def test_a_new_status_is_answered_as_it_will_be_read(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    parent = await bob.call("POST", "/api/v1/statuses", json={"status": "Before"})
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture())}, data={"focus": "0.5,0"})
    written: list[dict[str, Any]] = [
        {"status": f"@{bob.owner.username} hi #Caf\u00e9 https://b.example/", "in_reply_to_id": parent["id"]},
        {"status": "Well?", "poll": {"options": ["a", "b"], "expires_in": 600}, "spoiler_text": "cw"},
        {"status": "", "media_ids": [upload["id"]], "visibility": "private", "language": "nl"},
    ]
    for body in written:
        answered = await ada.call("POST", "/api/v1/statuses", json=body)
        assert_valid(answered, "Status")
        assert answered == await ada.call("GET", f"/api/v1/statuses/{answered['id']}")


async def test_views_that_lag_are_answered_from_what_was_said(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Before"})
    path = f"/api/v1/statuses/{status['id']}"

    async def lagging(*_: object, **__: object) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(deps.written, "note", lagging)
        edited = await ada.call("PUT", path, json={"status": f"@{bob.owner.username} #cats"})
        assert (await ada.call("POST", f"{path}/favourite"))["favourited"] is True
        boost = await bob.call("POST", f"{path}/reblog")
        assert_valid(boost, "Status")
        assert (boost["reblog"]["id"], boost["reblog"]["reblogged"]) == (status["id"], True)
        assert (await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/mute"))["muting"] is True
    home = await ada.call("GET", "/api/v1/timelines/home")
    later = next(each for each in home if each["id"] == status["id"])
    counted = ("favourites_count", "reblogs_count", "favourited", "account")
    assert without(edited, *counted) == without(later, *counted)


async def test_media_are_uploaded_described_posted_and_shown(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    for version in ("v1", "v2"):
        upload = await ada.call(
            "POST", f"/api/{version}/media", files={"file": ("a.svg", picture(), "image/svg+xml")},
            data={"description": "A", "focus": "0.5,-0.25"},
        )  # fmt: skip
        assert_valid(upload, "MediaAttachment")
    assert upload["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    path = f"/api/v1/media/{upload['id']}"
    assert (await ada.call("PUT", path, json={"description": "B"}))["description"] == "B"
    await bob.call("GET", path, 404)
    await bob.call("PUT", path, 404, json={"description": "C"})
    await bob.call("DELETE", path, 404)
    await ada.call("PUT", path, 422, json={"focus": "3,a"})
    await ada.call("POST", "/api/v2/media", 422, files={"file": ("a.png", b"<html>")})
    status = await ada.call("POST", "/api/v1/statuses", json={"media_ids": [upload["id"]]})
    assert_valid(status, "Status")
    (shown,) = status["media_attachments"]
    assert (shown["id"], shown["description"], shown["url"]) == (upload["id"], "B", upload["url"])
    assert (await ada.call("GET", path))["id"] == upload["id"]
    await ada.call("DELETE", path, 422)


async def test_a_file_is_served_as_a_picture_and_nothing_else(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    upload = await ada.call("POST", "/api/v2/media", files={"file": ("a.png", picture())})
    answer = await ada.http.get(upload["url"], headers={"Accept": "application/activity+json"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)
    for path in (
        "/media/attachments/1/2.png",
        "/media/attachments/../a.png",
        "/media/secrets/1/a.png",
        "/media/remote/secrets/1/0-0123456789abcdef",
    ):
        assert (await ada.http.get(path)).status_code == 404


async def test_a_status_is_changed_and_deleted(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    before = await ada.call("POST", "/api/v1/statuses", json={"status": "Before"})
    path = f"/api/v1/statuses/{before['id']}"
    await bob.call("PUT", path, 404, json={"status": "Mine"})
    await bob.call("DELETE", path, 404)
    after = await ada.call("PUT", path, json={"status": "After"})
    assert_valid(after, "Status")
    assert (after["id"], after["content"]) == (before["id"], "<p>After</p>")
    assert after["edited_at"] is not None
    assert await ada.call("PATCH", path, json={"status": "After"}) == after
    deleted = await ada.call("DELETE", path)
    assert_valid(deleted, "Status")
    assert deleted["text"] == "After"
    assert "content" not in deleted
    await ada.call("GET", path, 404)
    await ada.call("DELETE", path, 404)


async def test_acts_on_a_status_are_answered_with_it(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello"})
    path = f"/api/v1/statuses/{status['id']}"
    for do, undo, flag in (
        ("favourite", "unfavourite", "favourited"),
        ("bookmark", "unbookmark", "bookmarked"),
        ("pin", "unpin", "pinned"),
    ):
        for act, expected in ((do, True), (do, True), (undo, False), (undo, False)):
            answered = await ada.call("POST", f"{path}/{act}")
            assert_valid(answered, "Status")
            assert answered[flag] is expected
    boost = await bob.call("POST", f"{path}/reblog", json={"visibility": "unlisted"})
    assert_valid(boost, "Status")
    assert (boost["visibility"], boost["reblog"]["reblogged"], boost["reblog"]["reblogs_count"]) == (
        "unlisted",
        True,
        1,
    )
    original = await bob.call("POST", f"{path}/unreblog")
    assert (original["id"], original["reblogged"], original["reblogs_count"]) == (status["id"], False, 0)


async def test_a_boost_is_deleted_as_a_status_of_ones_own(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello"})
    boost = await bob.call("POST", f"/api/v1/statuses/{status['id']}/reblog")
    await ada.call("POST", f"/api/v1/statuses/{status['id']}/reblog")
    await ada.call("DELETE", f"/api/v1/statuses/{boost['id']}", 404)
    deleted = await bob.call("DELETE", f"/api/v1/statuses/{boost['id']}")
    assert_valid(deleted, "Status")
    assert (deleted["id"], deleted["reblog"]["id"]) == (boost["id"], status["id"])
    await bob.call("GET", f"/api/v1/statuses/{boost['id']}", 404)
    left = await ada.call("GET", f"/api/v1/statuses/{status['id']}")
    assert (left["reblogged"], left["reblogs_count"]) == (True, 1)


async def test_boosts_for_followers_are_not_listed(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for visibility, listed in (("private", 0), ("unlisted", 1)):
        status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello", "visibility": visibility})
        await ada.call("POST", f"/api/v1/statuses/{status['id']}/reblog")
        assert len(await ada.call("GET", f"/api/v1/statuses/{status['id']}/reblogged_by")) == listed


async def test_an_accounts_statuses_without_the_direct_ones(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    ids = [
        (await ada.call("POST", "/api/v1/statuses", json={"status": "Hello", "visibility": visibility}))["id"]
        for visibility in ("direct", "private")
    ]
    path = f"/api/v1/accounts/{ada.owner.id}/statuses"
    assert [each["id"] for each in await ada.call("GET", path)] == [ids[1], ids[0]]
    assert [each["id"] for each in await ada.call("GET", f"{path}?exclude_direct=true")] == [ids[1]]


async def test_an_edit_may_change_the_small_picture(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    upload = await ada.call("POST", "/api/v1/media", files={"file": ("a.png", picture())})
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Look", "media_ids": [upload["id"]]})
    given = "data:image/png;base64," + base64.b64encode(picture()).decode()
    for thumbnail, expected in (("nonsense", 422), ("data:image/png;base64,?", 422), (given, 200)):
        change = {"media_attributes": [{"id": upload["id"], "thumbnail": thumbnail}], "media_ids": [upload["id"]]}
        answer = await ada.call("PUT", f"/api/v1/statuses/{status['id']}", expected, json={"status": "Look", **change})
    assert answer["media_attachments"][0]["preview_url"] != upload["preview_url"]
    assert answer["media_attachments"][0]["preview_url"].endswith(".png")


async def test_two_boosts_at_once_are_one(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello"})
    path = f"/api/v1/statuses/{status['id']}/reblog"
    answers = await asyncio.gather(*(bob.call("POST", path) for _ in range(3)))
    assert len({answer["id"] for answer in answers}) == 1
    assert answers[0]["reblog"]["reblogs_count"] == 1


async def test_a_vote_is_answered_with_the_poll(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    poll = {"options": ["yes", "no"], "expires_in": 600}
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Well?", "poll": poll})
    path = f"/api/v1/polls/{status['poll']['id']}/votes"
    voted = await bob.call("POST", path, data={"choices[]": "1"})
    assert_valid(voted, "Poll")
    assert (voted["voted"], voted["own_votes"], voted["votes_count"]) == (True, [1], 1)
    for choices in ([0], [0, 1]):
        again = await bob.call("POST", path, 422, json={"choices": choices})
        assert again == {"error": "Validation failed: You have already voted on this poll"}


@pytest.mark.parametrize(
    ("do", "undo"), [("reblog", "unreblog"), ("favourite", "unfavourite"), ("follow", "unfollow"), ("block", "unblock")]
)
async def test_what_is_taken_back_twice_at_once_is_taken_back(deps: Deps, do: str, undo: str) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    post = await bob.call("POST", "/api/v1/statuses", json={"status": "well?"})
    of_post = do in {"reblog", "favourite"}
    path = f"/api/v1/statuses/{post['id']}" if of_post else f"/api/v1/accounts/{bob.owner.id}"
    await ada.call("POST", f"{path}/{do}")
    answers = await asyncio.gather(*(ada.call("POST", f"{path}/{undo}") for _ in range(4)))
    state = {"reblog": "reblogged", "favourite": "favourited", "follow": "following", "block": "blocking"}[do]
    assert [each[state] for each in answers] == [False] * 4


async def test_a_block_counts_though_the_follow_is_ended_at_the_same_time(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    path = f"/api/v1/accounts/{bob.owner.id}"
    await ada.call("POST", f"{path}/follow")
    await asyncio.gather(*(ada.call("POST", f"{path}/{act}") for act in ("unfollow", "block", "unfollow", "block")))
    (now,) = await ada.call("GET", "/api/v1/accounts/relationships", params={"id[]": bob.owner.id})
    assert (now["following"], now["blocking"]) == (False, True)
