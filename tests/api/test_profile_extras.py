"""What people show on their profiles, and what they remember of others."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.commands.context import note
from fedi.events.accounts import LinkVerified
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid
from tests.support.server import folded

pytestmark = pytest.mark.usefixtures("projector")


async def following(deps: Deps) -> tuple[Phone, Phone]:
    """Ada, who follows Bob."""
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    return ada, bob


async def test_whom_one_follows_can_be_endorsed(deps: Deps) -> None:
    ada, bob = await following(deps)
    path = f"/api/v1/accounts/{bob.owner.id}"
    shown = await ada.call("POST", f"{path}/endorse")
    assert_valid(shown, "Relationship")
    assert shown["endorsed"]
    assert (await ada.call("POST", f"{path}/pin"))["endorsed"]
    for reader in (ada, bob):
        (listed,) = await reader.call("GET", f"/api/v1/accounts/{ada.owner.id}/endorsements")
        assert_valid(listed, "Account")
        assert listed["id"] == str(bob.owner.id)
    assert [each["id"] for each in await ada.call("GET", "/api/v1/endorsements")] == [str(bob.owner.id)]
    assert not (await ada.call("POST", f"{path}/unpin"))["endorsed"]
    assert await ada.call("GET", "/api/v1/endorsements") == []


async def test_an_endorsement_ends_with_the_follow(deps: Deps) -> None:
    ada, bob = await following(deps)
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/endorse")
    assert not (await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/unfollow"))["endorsed"]
    refused = await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/endorse", 422)
    assert refused["error"].endswith("You must be already following the person you want to endorse")


async def test_notes_are_for_oneself(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    path = f"/api/v1/accounts/{bob.owner.id}/note"
    noted = await ada.call("POST", path, json={"comment": " met in Ghent "})
    assert_valid(noted, "Relationship")
    assert noted["note"] == "met in Ghent"
    asked = {"id[]": str(bob.owner.id)}
    (relation,) = await ada.call("GET", "/api/v1/accounts/relationships", params=asked)
    assert relation["note"] == "met in Ghent"
    (other,) = await bob.call("GET", "/api/v1/accounts/relationships", params={"id[]": str(ada.owner.id)})
    assert other["note"] == ""
    assert (await ada.call("POST", path, json={}))["note"] == ""
    await ada.call("POST", path, 422, json={"comment": "x" * 2001})
    await ada.call("POST", "/api/v1/accounts/1/note", 404, json={"comment": "x"})


async def test_hashtags_are_featured(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    for text in ("#Cats one", "#cats two", "#dogs", "none"):
        await ada.call("POST", "/api/v1/statuses", json={"status": text})
    await ada.call("POST", "/api/v1/statuses", json={"status": "#cats hidden", "visibility": "private"})
    suggested = await ada.call("GET", "/api/v1/featured_tags/suggestions")
    assert [(tag["name"], tag["featuring"]) for tag in suggested] == [("cats", False), ("dogs", False)]
    made = await ada.call("POST", "/api/v1/featured_tags", json={"name": "#Cats"})
    assert_valid(made, "FeaturedTag")
    assert (made["name"], made["statuses_count"]) == ("Cats", "2")
    assert made["url"].endswith(f"/@{ada.owner.username}/tagged/cats")
    assert await ada.call("GET", "/api/v1/featured_tags") == [made]
    assert await bob.call("GET", f"/api/v1/accounts/{ada.owner.id}/featured_tags") == [made]
    assert (await ada.call("GET", "/api/v1/tags/cats"))["featuring"]
    await bob.call("DELETE", f"/api/v1/featured_tags/{made['id']}", 404)
    assert await ada.call("DELETE", f"/api/v1/featured_tags/{made['id']}") == {}
    assert await ada.call("GET", "/api/v1/featured_tags") == []
    featured = await ada.call("POST", "/api/v1/tags/dogs/feature")
    assert_valid(featured, "Tag")
    assert featured["featuring"]
    assert not (await ada.call("POST", "/api/v1/tags/dogs/unfeature"))["featuring"]


async def test_no_more_hashtags_than_a_profile_can_hold(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for number in range(10):
        await ada.call("POST", "/api/v1/featured_tags", json={"name": f"tag{number}"})
    await ada.call("POST", "/api/v1/featured_tags", 422, json={"name": "onemore"})
    await ada.call("POST", "/api/v1/featured_tags", 422, json={"name": "no hashtag"})
    await ada.call("POST", "/api/v1/featured_tags", 422, json={})
    reader = await phone(deps, "ada", "read")
    await reader.call("POST", "/api/v1/featured_tags", 403, json={"name": "cats"})


async def test_a_profile_is_read_and_changed(deps: Deps) -> None:
    ada, bob = await following(deps)
    first = await ada.call("GET", "/api/v1/profile")
    assert_valid(first, "Profile")
    assert (first["avatar"], first["hide_collections"], first["show_media"]) == (None, None, True)
    wanted = {
        "display_name": "Ada L.",
        "note": "one\ntwo",
        "show_media": False,
        "hide_collections": True,
        "attribution_domains": ["https://Example.COM/", "example.com", "bücher.example"],
        "fields_attributes": [{"name": "site", "value": "https://ada.example/"}],
    }
    changed = await ada.call("PATCH", "/api/v1/profile", json=wanted)
    assert_valid(changed, "Profile")
    assert (changed["note"], changed["formatted_note"]) == ("one\ntwo", "<p>one<br>two</p>")
    assert changed["attribution_domains"] == ["example.com", "xn--bcher-kva.example"]
    assert changed["fields"] == [{"name": "site", "value": "https://ada.example/", "verified_at": None}]
    assert "<a " in changed["formatted_fields"][0]["value"]
    seen = await bob.call("GET", f"/api/v1/accounts/{ada.owner.id}")
    assert (seen["show_media"], seen["hide_collections"], seen["display_name"]) == (False, True, "Ada L.")
    again = await ada.call("PUT", "/api/v1/profile", json={"hide_collections": False})
    assert (again["hide_collections"], again["show_media"], again["display_name"]) == (False, False, "Ada L.")
    refused = await ada.call("PUT", "/api/v1/profile", 422, json={"attribution_domains": ["no domain"]})
    assert "not a valid domain name" in refused["error"]


async def test_pictures_are_taken_away(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    picture = BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG")
    files = {name: (f"{name}.png", picture.getvalue(), "image/png") for name in ("avatar", "header")}
    given = await ada.call("PATCH", "/api/v1/profile", files=files, data={"avatar_description": "all red"})
    assert given["avatar_description"] == "all red"
    assert not given["avatar"].endswith("missing.png")
    for name in ("avatar", "header"):
        answer = await ada.call("DELETE", f"/api/v1/profile/{name}")
        assert_valid(answer, "CredentialAccount")
        assert answer[name].endswith("missing.png")
    after = await ada.call("GET", "/api/v1/profile")
    assert (after["avatar"], after["header"], after["avatar_description"]) == (None, None, "")


async def test_hidden_collections_are_ones_own_business(deps: Deps) -> None:
    ada, bob = await following(deps)
    await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"hide_collections": True})
    own = await ada.call("GET", "/api/v1/accounts/verify_credentials")
    assert own["source"]["hide_collections"] is True
    path = f"/api/v1/accounts/{ada.owner.id}/following"
    assert [each["id"] for each in await ada.call("GET", path)] == [str(bob.owner.id)]
    assert await bob.call("GET", path) == []


async def test_a_verified_link_says_so(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    fields = [{"name": "site", "value": "https://ada.example/"}, {"name": "other", "value": "no link"}]
    await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"fields_attributes": fields})
    at = datetime(2026, 5, 1, tzinfo=UTC)
    event = LinkVerified(account_id=ada.owner.id, url="https://ada.example/", verified_at=at)
    await folded(deps, await note(deps.commands, event))
    seen = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}")
    assert_valid(seen, "Account")
    assert [each["verified_at"] for each in seen["fields"]] == ["2026-05-01T00:00:00.000Z", None]
