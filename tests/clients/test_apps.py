"""Apps: how they introduce themselves, sign people up and in, learn about the server, and are let go."""

import html
import re
import tempfile
from pathlib import Path

import httpx
import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonUnauthorizedError
from mastodon.errors import MastodonDeprecationWarning
from mastodon.return_types import InstanceV2, WebPushSubscription

from tests.clients.conftest import Life, is_a
from tests.support.phone import picture
from tests.support.whole import eventually

PASSWORD = "correct horse battery"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


def app(life: Life, *scopes: str) -> Mastodon:
    base = f"http://{life.server.domain}"
    client_id, secret = Mastodon.create_app("Scenario", scopes=list(scopes), api_base_url=base, website=base)
    return Mastodon(client_id=client_id, client_secret=secret, api_base_url=base)


def test_an_app_signs_somebody_up_and_lets_them_go(life: Life) -> None:
    fresh = app(life, "read", "write")
    login = {"username": "newcomer", "password": PASSWORD, "email": "newcomer@example.com"}
    fresh.create_account(**login, agreement=True, scopes=["read", "write"])
    assert fresh.me().username == "newcomer"
    assert fresh.app_verify_credentials().name == "Scenario"
    assert fresh.status_post("First").application.name == "Scenario"
    fresh.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        fresh.me()
    refused, errors = app(life, "write").create_account(
        **login, agreement=False, scopes=["write"], return_detailed_error=True
    )
    assert refused is None
    assert {"username", "email", "agreement"} <= errors["details"].keys()


def test_somebody_signs_in_with_a_code(life: Life) -> None:
    owner = app(life, "read", "write")
    owner.create_account("signer", PASSWORD, "signer@example.com", agreement=True, scopes=["read", "write"])
    asking = app(life, "read", "profile")
    address = asking.auth_request_url(scopes=["read", "profile"], redirect_uris=OUT_OF_BAND, allow_http=True)
    with httpx.Client(base_url=f"http://{life.server.domain}", follow_redirects=True) as browser:
        page = browser.get(address)
        form = {"login": "signer@example.com", "password": PASSWORD}
        page = browser.post("/auth/sign_in", data={**_hidden(page.text), **form})
        page = browser.post("/oauth/authorize", data=_hidden(page.text))
    code = re.search(r'class="code">([^<]+)<', page.text)
    assert code is not None, page.text
    asking.log_in(code=code[1], scopes=["read", "profile"], redirect_uri=OUT_OF_BAND, allow_http=True)
    assert asking.me().username == "signer"
    with pytest.raises(MastodonAPIError, match="outside the authorized scopes"):
        asking.status_post("Not allowed")


def _hidden(page: str) -> dict[str, str]:
    """Return what the first form of a page sends on its own."""
    found = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.partition("</form>")[0])
    pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in found]
    return {name[1]: html.unescape(value[1]) if value else "" for name, value in pairs if name}


def test_a_server_describes_itself(life: Life) -> None:
    ada = life.ada
    described = ada.instance()
    assert is_a(InstanceV2, described)
    assert (described.domain, described.configuration.statuses.max_characters) == (life.server.domain, 500)
    assert described.configuration.urls.streaming.startswith("ws://")
    with pytest.warns(MastodonDeprecationWarning):
        assert ada.instance_v1().uri == life.server.domain
    assert ada.instance_health()
    assert ada.instance_nodeinfo().software.name == "fedi"
    assert len(ada.instance_activity()) == 12
    assert ada.oauth_authorization_server_info().token_endpoint.endswith("/oauth/token")
    for ask in (ada.instance_peers, ada.instance_rules, ada.instance_translation_languages):
        assert not ask()
    assert ada.instance_languages()[0].code


def test_the_staff_announce_and_bring_emoji(life: Life) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (file := Path(folder) / "cat.png").write_bytes(picture())
        assert life.server.run("emoji", "add", "cat", str(file)).returncode == 0
    assert life.server.run("announcements", "publish", "Hello all").returncode == 0
    (emoji,) = eventually(life.ada.custom_emojis)
    assert emoji.shortcode == "cat"
    (announcement,) = eventually(life.ada.announcements)
    assert "Hello all" in announcement.content
    for reaction in ("👍", "cat"):
        life.ada.announcement_reaction_create(announcement, reaction)
    shown = life.ada.announcements()[0].reactions
    assert [(each.name, each.count, each.me) for each in shown] == [("👍", 1, True), ("cat", 1, True)]
    life.ada.announcement_reaction_delete(announcement, "👍")
    life.ada.announcement_dismiss(announcement)
    assert life.ada.announcements() == []


def test_a_push_subscription_lives(life: Life) -> None:
    _, public = life.bob.push_subscription_generate_keys()
    made = life.bob.push_subscription_set("https://push.example/1", public, follow_events=True, mention_events=True)
    assert is_a(WebPushSubscription, made)
    assert (made.endpoint, made.alerts.follow, made.alerts.favourite) == ("https://push.example/1", True, False)
    assert life.bob.push_subscription().server_key == made.server_key
    assert life.bob.push_subscription_update(favourite_events=True).alerts.favourite
    life.bob.push_subscription_delete()
    with pytest.raises(MastodonAPIError):
        life.bob.push_subscription()


def test_old_servers_are_not_what_this_is_taken_for(life: Life) -> None:
    assert life.ada.retrieve_mastodon_version().startswith("4.")
    assert life.ada.verify_minimum_version("4.3.0")
    with pytest.raises(MastodonAPIError):
        life.ada.status_post("")
