"""Searching for statuses: by their words, and never more than the reader may see and find."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, at, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def say(writer: Phone, text: str, **more: Any) -> str:
    said = await writer.call("POST", "/api/v1/statuses", json={"status": text, **more})
    return str(said["id"])


async def found(reader: Phone, query: str, **more: Any) -> list[str]:
    answer = await reader.call("GET", "/api/v2/search", params={"q": query, "type": "statuses", **more})
    assert_valid(answer, "Search")
    assert answer["accounts"] == answer["hashtags"] == []
    return [each["id"] for each in answer["statuses"]]


async def findable(writer: Phone) -> None:
    await writer.call("PATCH", "/api/v1/accounts/update_credentials", json={"indexable": True})


async def test_words_are_found_as_their_language_bends_them(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    running = await say(ada, "She was running through the zinnias", language="en")
    walked = await say(ada, "Er ging durch den Garten und sah Häuser", language="de")
    plain = await say(ada, "zinnias in no language", language="eo")
    cats = await say(ada, "東京の猫が好きです", language="ja")
    assert await found(ada, "run zinnias") == [running]
    assert await found(ada, "zinnias") == [plain, running]
    assert await found(ada, "haus ging") == [walked]
    assert await found(ada, "猫が") == [cats]
    assert await found(ada, '"through the zinnias"') == [running]
    assert await found(ada, '"zinnias the through"') == []
    assert await found(ada, "zinnias -running") == [plain]
    assert await found(ada, "zinnias language:en") == [running]
    assert await found(ada, "zinnias -language:en") == [plain]


async def test_private_posts_never_leak(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await findable(ada)
    public = await say(ada, "quokka for everybody")
    unlisted = await say(ada, "quokka for those who know", visibility="unlisted")
    private = await say(ada, "quokka for followers", visibility="private")
    direct = await say(ada, "quokka for nobody", visibility="direct")
    told = await say(ada, f"{at(bob)} quokka for bob", visibility="direct")
    assert await found(ada, "quokka") == [told, direct, private, unlisted, public]
    assert await found(bob, "quokka") == [told, public]
    assert await found(bob, "quokka in:public") == [public]
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    assert await found(bob, "quokka") == [told, public]
    await bob.call("POST", f"/api/v1/statuses/{private}/favourite")
    await bob.call("POST", f"/api/v1/statuses/{unlisted}/bookmark")
    assert await found(bob, "quokka in:library") == [told, private, unlisted]
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/unfollow")
    assert await found(bob, "quokka") == [told, unlisted, public]
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/mute")
    assert await found(bob, "quokka") == []


async def test_only_people_who_let_themselves_be_found_are(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    post = await say(ada, "numbat")
    assert await found(bob, "numbat") == []
    await findable(ada)
    assert await found(bob, "numbat") == [post]
    await ada.call("PUT", f"/api/v1/statuses/{post}", json={"status": "bilby"})
    assert (await found(bob, "numbat"), await found(bob, "bilby")) == ([], [post])
    await ada.call("DELETE", f"/api/v1/statuses/{post}")
    assert await found(bob, "bilby") == []


async def test_operators_narrow_a_search(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await findable(ada)
    first = await say(ada, "echidna https://example.com/", spoiler_text="spiny")
    answer = await say(bob, f"{at(ada)} echidna", in_reply_to_id=first)
    poll = await say(ada, "echidna", poll={"options": ["puggle", "spike"], "expires_in": 3600})
    assert await found(ada, "echidna is:reply") == [answer]
    assert await found(ada, "echidna -is:reply") == [poll, first]
    assert await found(ada, "echidna from:me") == [poll, first]
    assert await found(ada, f"echidna from:{bob.owner.username}@localhost:3000") == [answer]
    assert await found(ada, "echidna -from:me") == [answer]
    assert await found(ada, "echidna from:nobody") == []
    assert await found(ada, "puggle has:poll") == [poll]
    assert await found(ada, "spiny is:sensitive has:link") == [first]
    assert await found(ada, "echidna has:media") == []
    assert await found(ada, "echidna has:embed") == []
    assert await found(ada, "echidna after:2020-01-01 before:2999-01-01") == [poll, answer, first]
    assert await found(ada, "echidna during:2020-01-01") == []
    assert await found(ada, "echidna", account_id=bob.owner.id) == [answer]
    assert await found(ada, "echidna", limit=1, offset=1) == [answer]
    assert await found(ada, "echidna", max_id=answer) == [first]
    await ada.call("GET", "/api/v2/search?q=in:nowhere", 422)
    await ada.call("GET", "/api/v2/search?q=" + "a%20" * 40, 422)


async def test_strangers_find_no_statuses_and_scopes_are_asked_for(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await findable(ada)
    await say(ada, "wombat")
    answer = await ada.http.get("/api/v2/search?q=wombat")
    assert (answer.status_code, answer.json()["statuses"]) == (200, [])
    narrow = await phone(deps, "eve", "read:statuses")
    await narrow.call("GET", "/api/v2/search?q=wombat", 403)
    assert (await ada.http.get("/api/v1/search?q=wombat")).status_code == 401
    await say(ada, "a #wombat")
    first = await ada.call("GET", "/api/v1/search?q=wombat")
    assert (first["hashtags"], len(first["statuses"])) == (["wombat"], 2)
