"""Threads that somebody does not want to hear of."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, at, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def say(writer: Phone, text: str, **more: Any) -> str:
    said = await writer.call("POST", "/api/v1/statuses", json={"status": text, **more})
    return str(said["id"])


async def told(reader: Phone) -> list[str]:
    return [each["status"]["id"] for each in await reader.call("GET", "/api/v1/notifications?types[]=mention")]


async def test_a_muted_thread_tells_nothing_more(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    root = await say(ada, "a root")
    before = await say(bob, f"{at(ada)} before", in_reply_to_id=root)
    assert await told(ada) == [before]
    muted = await ada.call("POST", f"/api/v1/statuses/{before}/mute")
    assert_valid(muted, "Status")
    assert muted["muted"]
    within = await say(bob, f"{at(ada)} within", in_reply_to_id=before)
    elsewhere = await say(bob, f"{at(ada)} elsewhere")
    assert await told(ada) == [elsewhere, before]
    assert (await ada.call("GET", "/api/v2/notifications/unread_count"))["count"] == 2
    assert not (await ada.call("POST", f"/api/v1/statuses/{within}/unmute"))["muted"]
    assert await told(ada) == [elsewhere, within, before]


async def test_every_status_of_the_thread_says_that_it_is_muted(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    root = await say(ada, "a root")
    answer = await say(bob, f"{at(ada)} an answer", in_reply_to_id=root)
    await ada.call("POST", f"/api/v1/statuses/{answer}/mute")
    own = await ada.call("POST", "/api/v1/statuses", json={"status": "mine", "in_reply_to_id": answer})
    assert own["muted"]
    context = await ada.call("GET", f"/api/v1/statuses/{root}/context")
    assert [each["muted"] for each in context["descendants"]] == [True, True]
    posts = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}/statuses")
    assert [each["muted"] for each in posts] == [True, True]
    boost = await bob.call("POST", f"/api/v1/statuses/{root}/reblog")
    (shown,) = await ada.call("GET", f"/api/v1/accounts/{bob.owner.id}/statuses?exclude_replies=1")
    assert (shown["id"], shown["muted"], shown["reblog"]["muted"]) == (boost["id"], True, True)
    assert not (await bob.call("GET", f"/api/v1/statuses/{root}"))["muted"]


async def test_only_what_one_may_see_can_be_muted(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    hidden = await say(ada, "for nobody", visibility="direct")
    for act in ("mute", "unmute"):
        await bob.call("POST", f"/api/v1/statuses/{hidden}/{act}", 404)
        await bob.call("POST", f"/api/v1/statuses/1/{act}", 404)
    narrow = await phone(deps, "eve", "write:statuses")
    await narrow.call("POST", f"/api/v1/statuses/{hidden}/mute", 403)
    assert (await ada.http.post(f"/api/v1/statuses/{hidden}/mute")).status_code == 401
    assert not (await ada.call("POST", f"/api/v1/statuses/{hidden}/unmute"))["muted"]
