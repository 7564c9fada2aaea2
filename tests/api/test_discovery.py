"""The directory, suggestions, and posts on other pages."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def found_by_all(person: Phone) -> None:
    await person.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True})


async def follow(person: Phone, other: Phone) -> None:
    await person.call("POST", f"/api/v1/accounts/{other.owner.id}/follow")


def names(found: list[dict[str, Any]], *people: Phone) -> list[str]:
    known = {str(each.owner.id) for each in people}
    return [each["username"] for each in found if each["id"] in known]


async def test_the_directory_has_who_wants_to_be_found_and_posts(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    for each in (ada, bob, eve):
        await each.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": each is not eve})
    for each in (bob, ada, eve):
        await each.call("POST", "/api/v1/statuses", json={"status": "here"})
    people = (ada, bob, eve)
    active = await ada.call("GET", "/api/v1/directory?limit=80")
    for each in active:
        assert_valid(each, "Account")
    assert names(active, *people) == [ada.owner.username, bob.owner.username]
    new = await ada.call("GET", "/api/v1/directory?order=new&local=1&limit=80")
    assert names(new, *people) == [bob.owner.username, ada.owner.username]
    assert names(await ada.call("GET", "/api/v1/directory?order=new&offset=1"), *people) == [ada.owner.username]
    await ada.call("GET", "/api/v1/directory?order=random", 422)


async def test_friends_of_friends_are_suggested_until_waved_away(deps: Deps) -> None:
    ada, bob, eve, shy = [await phone(deps, name) for name in ("ada", "bob", "eve", "shy")]
    await found_by_all(eve)
    await found_by_all(bob)
    await shy.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": False})
    await follow(ada, bob)
    await follow(bob, eve)
    await follow(bob, shy)
    suggested = await ada.call("GET", "/api/v2/suggestions?limit=80")
    for each in suggested:
        assert_valid(each, "Suggestion")
    why = {each["account"]["id"]: (each["source"], each["sources"]) for each in suggested}
    assert why[str(eve.owner.id)] == ("past_interactions", ["friends_of_friends", "most_followed"])
    assert not {str(each.owner.id) for each in (ada, bob, shy)} & set(why)
    assert str(eve.owner.id) in {each["id"] for each in await ada.call("GET", "/api/v1/suggestions")}
    assert await ada.call("DELETE", f"/api/v1/suggestions/{eve.owner.id}") == {}
    assert await ada.call("DELETE", f"/api/v1/suggestions/{eve.owner.id}") == {}
    assert str(eve.owner.id) not in {each["id"] for each in await ada.call("GET", "/api/v1/suggestions")}
    narrow = await phone(deps, "nar", "read:accounts")
    await narrow.call("DELETE", f"/api/v1/suggestions/{eve.owner.id}", 403)
    await ada.call("DELETE", "/api/v1/suggestions/nobody", 404)
    assert (await ada.http.get("/api/v2/suggestions")).status_code == 401


async def test_who_hides_their_followers_shows_none_that_are_familiar(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    await follow(ada, bob)
    await follow(bob, eve)
    path = f"/api/v1/accounts/familiar_followers?id[]={eve.owner.id}"
    (familiar,) = await ada.call("GET", path)
    assert names(familiar["accounts"], bob) == [bob.owner.username]
    await eve.call("PATCH", "/api/v1/accounts/update_credentials", json={"hide_collections": True})
    assert (await ada.call("GET", path))[0]["accounts"] == []


async def test_posts_may_stand_on_other_pages(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    post = await ada.call("POST", "/api/v1/statuses", json={"status": "to be shown"})
    private = await ada.call("POST", "/api/v1/statuses", json={"status": "not", "visibility": "private"})
    shown = await ada.call("GET", "/api/oembed", params={"url": post["url"], "maxwidth": 300})
    assert_valid(shown, "OEmbed")
    assert (shown["width"], shown["height"]) == (300, None)
    assert f'src="{post["url"]}/embed"' in shown["html"]
    assert_valid(await ada.call("GET", f"/api/web/embeds/{post['id']}"), "OEmbed")
    await ada.call("GET", "/api/oembed", 404, params={"url": private["url"]})
    await ada.call("GET", f"/api/web/embeds/{private['id']}", 404)
    for url in ("", "https://elsewhere.example/@ada/1", post["url"] + "x", "http://localhost:3000/@ada/1"):
        await ada.call("GET", "/api/oembed", 404, params={"url": url})
