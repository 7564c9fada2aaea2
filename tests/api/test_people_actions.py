from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.registry import apps, tokens, users
from tests.support.phone import phone, picture
from tests.support.schemas import assert_valid
from tests.support.server import PASSWORD
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")


async def app_token(deps: Deps) -> dict[str, str]:
    """The header of a token that stands for an app alone."""
    async with deps.pool.connection() as connection:
        app, _ = await apps.register(
            connection, name="App", website="https://app.example", redirect_uris=["x:y"], scopes=["read", "write"]
        )
        issued = await tokens.issue(
            connection, deps.settings.secret_key_base, app_id=app.id, user_id=None, scopes=["read", "write"]
        )
    return {"Authorization": f"Bearer {issued.secret}"}


def wish(name: str, **fields: Any) -> dict[str, Any]:
    given = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, "agreement": "true"}
    return {**given, **fields}


async def test_an_app_signs_somebody_up_who_can_post_at_once(deps: Deps) -> None:
    http, headers = client(routes(deps)), await app_token(deps)
    answer = await http.post("/api/v1/accounts", data=wish("newcomer"), headers=headers)
    assert answer.status_code == 200, answer.text
    assert_valid(answer.json(), "Token")
    own = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    posted = await http.post("/api/v1/statuses", json={"status": "Hello"}, headers=own)
    assert posted.status_code == 200
    assert posted.json()["account"]["username"] == "newcomer"
    assert posted.json()["application"] == {"name": "App", "website": "https://app.example"}


@pytest.mark.parametrize(
    ("locale", "kept"), [("pt-BR", "pt-BR"), ("no language", None), ("x" * 2000, None), ("", None)]
)
async def test_a_locale_that_is_none_is_not_kept(deps: Deps, locale: str, kept: str | None) -> None:
    http, headers = client(routes(deps)), await app_token(deps)
    name = f"speaker{len(locale)}"
    await http.post("/api/v1/accounts", json=wish(name, locale=locale), headers=headers)
    async with deps.pool.connection() as connection:
        user = await users.by_login(connection, name)
    assert user is not None
    assert user.locale == kept


async def test_what_is_wrong_with_a_sign_up_has_codes(deps: Deps) -> None:
    http, headers = client(routes(deps)), await app_token(deps)
    answer = await http.post("/api/v1/accounts", json=wish("admin", password="x", agreement=False), headers=headers)
    assert answer.status_code == 422
    assert_valid(answer.json(), "ValidationError")
    codes = {field: [each["error"] for each in found] for field, found in answer.json()["details"].items()}
    assert codes == {
        "username": ["ERR_RESERVED"], "password": ["ERR_TOO_SHORT"], "agreement": ["ERR_ACCEPTED"]
    }  # fmt: skip


async def test_a_closed_server_and_a_persons_token_sign_nobody_up(deps: Deps) -> None:
    ada, headers = await phone(deps, "ada"), await app_token(deps)
    await ada.call("POST", "/api/v1/accounts", 403, json=wish("second"))
    closed = msgspec.structs.replace(deps, settings=msgspec.structs.replace(deps.settings, registrations="closed"))
    answer = await client(routes(closed)).post("/api/v1/accounts", json=wish("third"), headers=headers)
    assert answer.status_code == 403


async def test_relationships_are_changed_and_answered(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    path = f"/api/v1/accounts/{bob.owner.id}"

    async def after(act: str, **body: Any) -> dict[str, Any]:
        answered: dict[str, Any] = await ada.call("POST", f"{path}/{act}", json=body)
        assert_valid(answered, "Relationship")
        return answered

    followed = await after("follow", reblogs=False)
    assert (followed["following"], followed["showing_reblogs"]) == (True, False)
    assert not (await after("unfollow"))["following"]
    muted = await after("mute", duration=600)
    assert (muted["muting"], muted["muting_notifications"]) == (True, True)
    assert muted["muting_expires_at"] is not None
    assert not (await after("unmute"))["muting"]
    assert (await after("block"))["blocking"]
    await ada.call("POST", f"{path}/follow", 403)
    assert not (await after("unblock"))["blocking"]
    await ada.call("POST", "/api/v1/accounts/1/follow", 404)


async def test_follow_requests_are_answered(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await bob.call("PATCH", "/api/v1/accounts/update_credentials", data={"locked": "true"})
    asked = await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    assert (asked["requested"], asked["following"]) == (True, False)
    waiting = await bob.call("GET", "/api/v1/follow_requests")
    assert [each["id"] for each in waiting] == [str(ada.owner.id)]
    answered = await bob.call("POST", f"/api/v1/follow_requests/{ada.owner.id}/authorize")
    assert_valid(answered, "Relationship")
    assert answered["followed_by"]
    gone = await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/remove_from_followers")
    assert not gone["followed_by"]
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    await bob.call("POST", f"/api/v1/follow_requests/{ada.owner.id}/reject")
    await bob.call("POST", f"/api/v1/follow_requests/{ada.owner.id}/reject", 404)


async def test_credentials_are_changed_in_every_form(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    form = {
        "display_name": "Ada",
        "note": "One\ntwo",
        "bot": "1",
        "source[privacy]": "private",
        "source[language]": "nl",
        "source[quote_policy]": "followers",
        "fields_attributes[0][name]": "Home",
        "fields_attributes[0][value]": "https://ada.example",
    }
    files = {"avatar": ("a.png", picture()), "header": ("b.png", picture())}
    changed = await ada.call("PATCH", "/api/v1/accounts/update_credentials", data=form, files=files)
    assert_valid(changed, "CredentialAccount")
    assert (changed["display_name"], changed["bot"]) == ("Ada", True)
    assert changed["avatar"].startswith("http://localhost:3000/media/avatars/")
    source = changed["source"]
    assert (source["privacy"], source["language"], source["note"]) == ("private", "nl", "One\ntwo")
    assert source["quote_policy"] == "followers"
    assert (source["fields"][0]["name"], source["fields"][0]["value"]) == ("Home", "https://ada.example")
    assert (await ada.call("GET", "/api/v1/accounts/verify_credentials"))["source"] == source
    refused = await ada.call("PATCH", "/api/v1/accounts/update_credentials", 422, json={"display_name": "x" * 41})
    assert refused["error"].startswith("Validation failed: Display name is too long")
    posted = await ada.call("POST", "/api/v1/statuses", json={"status": "To my followers"})
    assert (posted["visibility"], posted["language"]) == ("private", "nl")


async def test_lists_are_kept(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    made = await ada.call("POST", "/api/v1/lists", json={"title": "Friends", "replies_policy": "followed"})
    assert_valid(made, "List")
    path = f"/api/v1/lists/{made['id']}"
    changed = await ada.call("PUT", path, data={"exclusive": "true"})
    assert changed == {**made, "exclusive": True}
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/follow")
    assert await ada.call("POST", f"{path}/accounts", data={"account_ids[]": str(bob.owner.id)}) == {}
    assert [each["id"] for each in await ada.call("GET", f"{path}/accounts")] == [str(bob.owner.id)]
    await ada.call("DELETE", f"{path}/accounts", params={"account_ids[]": str(bob.owner.id)})
    assert await ada.call("GET", f"{path}/accounts") == []
    await bob.call("PUT", path, 404, json={"title": "Mine"})
    await bob.call("DELETE", path, 404)
    assert await ada.call("DELETE", path) == {}
    assert await ada.call("GET", "/api/v1/lists") == []


async def test_hashtags_are_followed(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for act, following in (("follow", True), ("unfollow", False)):
        tag = await ada.call("POST", f"/api/v1/tags/Cats/{act}")
        assert_valid(tag, "Tag")
        assert (tag["name"], tag["following"]) == ("cats", following)
    await ada.call("POST", "/api/v1/tags/123/follow", 404)


async def test_notifications_are_dismissed(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello"})
    await bob.call("POST", f"/api/v1/statuses/{status['id']}/favourite")
    await bob.call("POST", f"/api/v1/statuses/{status['id']}/reblog")
    told = await ada.call("GET", "/api/v1/notifications")
    assert {each["type"] for each in told} == {"favourite", "reblog"}
    await bob.call("POST", f"/api/v1/notifications/{told[0]['id']}/dismiss", 404)
    assert await ada.call("POST", f"/api/v1/notifications/{told[0]['id']}/dismiss") == {}
    assert [each["id"] for each in await ada.call("GET", "/api/v1/notifications")] == [told[1]["id"]]
    assert await ada.call("POST", "/api/v1/notifications/clear") == {}
    assert await ada.call("GET", "/api/v1/notifications") == []
    assert await ada.call("POST", "/api/v2/notifications/clear") == {}


async def test_a_group_of_notifications_is_dismissed_whole(deps: Deps) -> None:
    ada, bob, cleo = await phone(deps, "ada"), await phone(deps, "bob"), await phone(deps, "cleo")
    status = await ada.call("POST", "/api/v1/statuses", json={"status": "Hello"})
    for liker in (bob, cleo):
        await liker.call("POST", f"/api/v1/statuses/{status['id']}/favourite")
    await bob.call("POST", f"/api/v1/statuses/{status['id']}/reblog")
    groups = (await ada.call("GET", "/api/v2/notifications"))["notification_groups"]
    liked = next(group["group_key"] for group in groups if group["type"] == "favourite")
    await bob.call("POST", f"/api/v2/notifications/{liked}/dismiss", 404)
    assert await ada.call("POST", f"/api/v2/notifications/{liked}/dismiss") == {}
    assert [each["type"] for each in await ada.call("GET", "/api/v1/notifications")] == ["reblog"]


async def test_markers_move(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    moved = await ada.call("POST", "/api/v1/markers", data={"home[last_read_id]": "42"})
    assert_valid(moved, "Markers")
    assert moved["home"]["last_read_id"] == "42"
    assert await ada.call("GET", "/api/v1/markers", params={"timeline[]": "home"}) == moved
